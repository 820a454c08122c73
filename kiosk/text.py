"""Text from outside, made fit to be shown."""

import unicodedata

LONGEST = 60
"""Characters of a name that are shown; the rest is for nobody's eyes at three metres."""


def clean(text: str, longest: int = LONGEST) -> str:
    """One line without control, format or bidirectional characters, cut to what a screen can show.

    A profile's name must not move the cursor, reorder the line, or push the rest off the screen.
    """
    visible = "".join(" " if character.isspace() else character for character in text)
    if not (visible.isascii() and visible.isprintable()):
        visible = "".join(character for character in visible if unicodedata.category(character)[0] != "C")
    visible = " ".join(visible.split())
    return visible if len(visible) <= longest else f"{visible[: longest - 3]}..."


def padded(text: str, width: int) -> str:
    """The text with blanks after it, as many cells wide as this; one that is wider stays as it is."""
    return text + " " * (width - cells(text))


def cells(text: str) -> int:
    """How many cells a terminal gives to a text of ours: two for each character of East Asia."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
