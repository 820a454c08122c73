"""The line at the bottom: what the keys do, as much of it as fits."""

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from kiosk.widgets.hintline import COLOURS, Hint, fitting, mark


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
        return Content("").join(
            Content.styled(text, self._style(colour)) if colour else Content(text)
            for text, colour in fitting(self.hints, self.marks(), self.size.width)
        )

    def marks(self) -> dict[str, str]:
        """What stands before the words of each colour key."""
        colourful = len({self._style(colour).foreground for colour in COLOURS}) == len(COLOURS)
        return {colour: mark(colour, colourful=colourful) for colour in COLOURS}

    def _style(self, colour: str) -> Style:
        return self.get_visual_style(f"hints--{colour}")
