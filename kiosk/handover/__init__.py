"""The operator's program, started once somebody is signed in.

`program` runs it, `passing` gives it the token, `foreground` lends it the terminal. Nothing is imported here.
"""
