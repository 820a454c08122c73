"""What the operator learns: a log, figures for a fleet, the word to systemd. It looks on; nothing hangs on it.

`records` is the one place where a line of the log is made, and what it lets through is a list of what may be said.
Nothing is imported here; `front` is what the app begins with, and imports the rest after the first frame.
"""
