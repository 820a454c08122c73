"""The terminal itself: what it can show, how its keys are read, how what is drawn is fitted to it.

Nothing is imported here: the checks of `terminal` run before Textual is there, `driver` needs it.
"""
