"""Remote controls: which of their keys mean what (`table`), and those that no terminal delivers (`evdev`, `receiver`).

Nothing is imported here.
"""
