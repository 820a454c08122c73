"""Something to press, on one line: `[ Send again ]`, and `▶ Send again ◀` where the focus is.

Shape, not colour alone, says where one is, and every glyph exists in every console font.
"""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


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

    label = reactive("", layout=True)

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

    @property
    def label_offset(self) -> Offset:
        """Where the label begins on the screen."""
        return self.content_region.offset + Offset(2, 0)

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
