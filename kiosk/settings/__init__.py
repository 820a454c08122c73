"""The settings: what can be set (`table`), what a value may be (`checks`), where it comes from (`loading`).

Nothing is imported here.
"""
