"""The line that shows what is typed, and where the next character will stand."""

from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Offset, Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from kiosk.entry.line import EMPTY, Line
from kiosk.widgets.fieldpicture import first_shown, parts


class Shown(NamedTuple):
    """What the field shows."""

    line: Line = EMPTY
    pending: bool = False
    """The character before the caret may still change: a number key's letter."""


class Field(Widget):
    """One line of text with a caret that does not blink. It takes no keys: the keyboard does."""

    DEFAULT_CSS = """
    Field {
        height: 1;
        &:disabled { opacity: 100%; }
        & > .field--caret { text-style: reverse; }
        & > .field--placeholder { color: $text-muted; }
    }
    """

    COMPONENT_CLASSES = {"field--caret", "field--placeholder", "field--text"}  # noqa: RUF012 - as Textual has it

    shown = reactive(Shown(), repaint=False)

    def __init__(self, placeholder: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.placeholder = placeholder
        """What stands in it while it is empty."""

    @property
    def value(self) -> str:
        """The text."""
        return self.shown.line.text

    @property
    def caret_offset(self) -> Offset:
        """Where on the screen the caret is."""
        start = first_shown(self.shown.line, self.content_size.width)
        return self.content_region.offset + Offset(cell_len(self.value[start : self.shown.line.caret]), 0)

    def watch_shown(self) -> None:
        """Repaint the text, and not the frame around it."""
        self.refresh(Region(0, 0, self.content_size.width, 1))

    def render_line(self, y: int) -> Strip:
        """The text, or what to type where there is none."""
        width = self.content_size.width
        text, caret = (self.get_component_rich_style(f"field--{part}") for part in ("text", "caret"))
        line, pending = self.shown
        if y or width < 1:
            return Strip.blank(width, text)
        if self.is_disabled:
            return Strip([Segment(line.text, text)]).crop_extend(0, width, text)
        if not line.text:
            hint = self.get_component_rich_style("field--placeholder")
            return Strip([Segment(" ", caret), Segment(self.placeholder, hint)]).crop_extend(0, width, text)
        before, marked, after = parts(line, width, pending=pending)
        segments = [Segment(before, text), Segment(marked, caret), Segment(after, text)]
        return Strip(segments).crop_extend(0, width, text)
