"""Something to press, on one line: `[ Send again ]`, and `▶ Send again ◀` where the focus is.

Shape, not colour alone, says where one is, and every glyph exists in every console font.
"""

from dataclasses import dataclass
from itertools import takewhile
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset, Region
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

_MARK_CELLS = 2
"""Cells of a mark beside the label."""


class Choice(Widget, can_focus=True):
    """A control of one line that OK presses."""

    DEFAULT_CSS = """
    Choice {
        width: auto;
        height: 1;
        &:focus { text-style: bold reverse; }
    }
    """

    # Some remotes and serial lines send a line feed for OK.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,ctrl+j,space", "press", show=False)]

    label = reactive("", repaint=False)

    @dataclass
    class Pressed(Message):
        """The choice was pressed."""

        choice: "Choice"

        @property
        def control(self) -> "Choice":
            """What was pressed, for `@on`."""
            return self.choice

    def __init__(self, label: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self.set_reactive(Choice.label, label)

    def watch_label(self, old: str, new: str) -> None:
        """Place it anew where it needs other room, and paint no more than what differs: one counts the seconds."""
        if cell_len(old) != cell_len(new):
            self.refresh(layout=True)
            return
        head, tail = _alike(old, new), _alike(old[::-1], new[::-1])
        self.refresh(Region(_MARK_CELLS + cell_len(new[:head]), 0, cell_len(new[head : len(new) - tail]), 1))

    @property
    def label_offset(self) -> Offset:
        """Where the label begins on the screen."""
        return self.content_region.offset + Offset(_MARK_CELLS, 0)

    def render(self) -> Content:
        """The label between its marks, never read as markup."""
        left, right = ("▶ ", " ◀") if self.has_focus else ("[ ", " ]")
        return Content(f"{left}{self.label}{right}")

    def action_press(self) -> None:
        """OK."""
        self.post_message(self.Pressed(self))

    def on_click(self, event: events.Click) -> None:
        """A mouse or a finger, where there is one."""
        event.stop()
        self.action_press()


def _alike(some: str, other: str) -> int:
    """How many characters they begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(some, other, strict=False)))
