"""What of a line the field shows, and where in it the caret stands. No Textual: only cells."""

from typing import NamedTuple

from rich.cells import cell_len

from kiosk.entry.line import Line


class Parts(NamedTuple):
    """A line as it is shown."""

    before: str
    marked: str
    """What the caret lies on: the character after it, a blank at the end, or a letter that may still change."""
    after: str
    """All that follows, also what finds no room."""


def parts(line: Line, width: int, *, pending: bool) -> Parts:
    """The line in a field of so many cells.

    Args:
        line: What is typed.
        width: Cells of the field.
        pending: The character before the caret may still change: a number key's letter.
    """
    start = first_shown(line, width)
    marked = line.caret - 1 if pending else line.caret
    return Parts(line.text[start:marked], line.text[marked : marked + 1] or " ", line.text[marked + 1 :])


def first_shown(line: Line, width: int) -> int:
    """The first character that is shown: all from the start if it fits, else as much as leads to the caret."""
    start = 0
    while start < line.caret and cell_len(line.text[start : line.caret]) >= width:
        start += 1
    return start
