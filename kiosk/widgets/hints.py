"""The line at the bottom: what the keys do, as much of it as fits."""

from textual.content import Content
from textual.reactive import reactive
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
        styles = {colour: self.get_visual_style(f"hints--{colour}") for colour in COLOURS}
        colourful = len({style.foreground for style in styles.values()}) == len(COLOURS)
        marks = {colour: mark(colour, colourful=colourful) for colour in COLOURS}
        return Content("").join(
            Content.styled(text, styles[colour]) if colour else Content(text)
            for text, colour in fitting(self.hints, marks, self.size.width)
        )
