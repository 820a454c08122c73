"""A screen without a way out, and the operator's way out of it. No Textual; nothing is imported here."""
