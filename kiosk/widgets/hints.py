"""The line at the bottom: what the keys do, as much of it as fits."""

from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

_GAP = 3

COLOURS = ("red", "green", "yellow", "blue")
"""The colour keys, which arrive as F1 to F4."""


class Hint(NamedTuple):
    """What one key does."""

    words: str
    colour: str = ""
    """Of a colour key, one of `COLOURS`."""


class Hints(Widget):
    """Hints beside each other; those that find no room are left out, the last first."""

    DEFAULT_CSS = """
    Hints {
        height: 1;
        color: $text-muted;
        & > .hints--red { color: $error; }
        & > .hints--green { color: $success; }
        & > .hints--yellow { color: $warning; }
        & > .hints--blue { color: $primary; }
    }
    """

    COMPONENT_CLASSES = {f"hints--{colour}" for colour in COLOURS}  # noqa: RUF012 - as Textual has it

    hints: reactive[tuple[Hint, ...]] = reactive(())

    def render(self) -> Content:
        """As many as fit."""
        styles = {colour: self.get_visual_style(f"hints--{colour}") for colour in COLOURS}
        colourful = len({style.foreground for style in styles.values()}) == len(COLOURS)
        parts: list[Content] = []
        free = self.size.width
        for words, colour in self.hints:
            mark = "" if not colour else "■ " if colourful else f"F{COLOURS.index(colour) + 1} "
            free -= cell_len(mark + words) + (_GAP if parts else 0)
            if free < 0:
                break
            if parts:
                parts.append(Content(" " * _GAP))
            if mark:
                parts.append(Content.styled(mark, styles[colour]))
            parts.append(Content(words))
        return Content("").join(parts)
