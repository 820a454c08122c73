"""The operator's program."""
