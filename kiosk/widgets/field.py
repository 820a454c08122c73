"""The line that an address is typed into."""

import unicodedata
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

ROOM = 400
"""Characters: more than any address has, so that one that is too long is told so instead of being cut."""


class Field(Input):
    """An `Input` without a blinking cursor that takes visible characters only."""

    # The arrows up and down belong to the screen; a line feed is OK as well.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+j", "submit", show=False)]

    def __init__(self, placeholder: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(placeholder=placeholder, max_length=ROOM, select_on_focus=False, id=id)
        self.cursor_blink = False

    def type_in(self, text: str) -> None:
        """Insert text at the cursor as if it were typed; what cannot be seen is left out."""
        visible = "".join(character for character in text if unicodedata.category(character)[0] != "C")
        room = ROOM - len(self.value)
        if visible := visible[:room]:
            self.insert_text_at_cursor(visible)

    def _on_paste(self, event: events.Paste) -> None:
        # Input's own handler refuses a paste as a whole where one character is not to its taste.
        event.stop()
        event.prevent_default()
        self.type_in(event.text.strip().splitlines()[0] if event.text.strip() else "")
