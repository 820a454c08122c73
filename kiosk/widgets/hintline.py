"""The hints at the bottom as runs of text: which of them fit, and how their keys are marked. No Textual: only cells."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rich.cells import cell_len

_GAP = 3

COLOURS = ("red", "green", "yellow", "blue")
"""The colour keys, which arrive as F1 to F4."""


class Hint(NamedTuple):
    """What one key does."""

    words: str
    colour: str = ""
    """Of a colour key, one of `COLOURS`."""


def mark(colour: str, *, colourful: bool) -> str:
    """What stands before the words of a colour key: a square, or the key's name where colours are too few."""
    return "■ " if colourful else f"F{COLOURS.index(colour) + 1} "


def fitting(hints: Iterable[Hint], marks: Mapping[str, str], width: int) -> Iterator[tuple[str, str]]:
    """Hints beside each other, as many as fit; the last are left out first.

    Args:
        hints: All of them.
        marks: What stands before the words, by colour.
        width: Cells that there are.

    Yields:
        Texts and the colours they have; those without are words, or the air between them.
    """
    gap = ""
    for words, colour in hints:
        marked = marks.get(colour, "")
        width -= cell_len(gap + marked + words)
        if width < 0:
            return
        if gap:
            yield gap, ""
        if marked:
            yield marked, colour
        yield words, ""
        gap = " " * _GAP
