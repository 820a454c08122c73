"""What is kept in the OS keyring: which keyring (`keyrings`), what stands in it (`entries`), how it fails (`problems`).

Nothing is imported here; start at `vault`.
"""
