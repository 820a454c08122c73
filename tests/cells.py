"""The screen as cells with the colours that a person sees, whatever the terminal makes of what it is sent."""

import asyncio
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.pilot import Pilot

from kiosk.app import KioskApp
from kiosk.signin.states import Outcome
from kiosk.tty.colours import VGA, VISIBLE, Rgb, contrast, rgb

measured = lru_cache(contrast)


class Cell(NamedTuple):
    """One place on the screen."""

    x: int
    y: int
    character: str
    text: Rgb
    ground: Rgb

    @property
    def contrast(self) -> float:
        return measured(self.text, self.ground)

    @property
    def is_text(self) -> bool:
        """It is read; it is no line, block or square."""
        return not (self.character.isspace() or "\u2500" <= self.character <= "\u25a0")

    def stands_out_from(self, ground: Rgb) -> bool:
        return measured(self.ground, ground) >= VISIBLE


class Painter:
    """A terminal with true colours, or with as many as it is given."""

    def __init__(self, system: ColorSystem = ColorSystem.TRUECOLOR) -> None:
        self._system = system

    def paint(self, style: Style) -> tuple[Rgb, Rgb]:
        """Text and ground."""
        ground = self._colour(style.bgcolor)
        # Blanks are drawn without a colour; what is drawn without one by mistake cannot be seen.
        text = ground if style.color is None else self._colour(style.color)
        return (ground, text) if style.reverse else (text, ground)

    def _colour(self, colour: Color | None) -> Rgb:
        assert colour is not None
        assert not colour.is_default
        red, green, blue = colour.downgrade(self._system).get_truecolor()
        return red, green, blue


class Console(Painter):
    """The Linux console as drivers/tty/vt/vt.c has it: `build_attr`, and colours above 7 as bold ones."""

    def __init__(self, palette: Mapping[int, str] | None = None) -> None:
        super().__init__(ColorSystem.STANDARD)
        self._palette = [rgb((palette or {}).get(number, VGA[number])) for number in range(16)]

    def paint(self, style: Style) -> tuple[Rgb, Rgb]:
        """Text and ground."""
        text, ground = self._number(style.color, 7), self._number(style.bgcolor, 0) & 7
        bold = bool(style.bold) or text > 7
        text &= 7
        if style.reverse:
            text, ground = ground, text
        return self._palette[text | (8 if bold else 0)], self._palette[ground]

    def _number(self, colour: Color | None, default: int) -> int:
        if colour is None or colour.is_default:
            return default
        number = colour.downgrade(self._system).number
        assert number is not None
        return number


async def settled(pilot: Pilot[Outcome]) -> None:
    """Until all that was asked for is drawn. `pause()` goes by the processor, and a starved process looks idle."""
    calm = 0
    while calm < 3:
        await pilot.pause(0)
        app, screen = pilot.app, pilot.app.screen
        pending = app._batch_count or screen._layout_required or screen._dirty_widgets or screen._callbacks
        calm = 0 if pending else calm + 1
        if app._batch_count:
            await asyncio.sleep(0.01)  # Textual holds the first frame of another mode back for 50 ms


def segments(app: KioskApp) -> Iterator[tuple[int, int, Segment]]:
    """What is drawn, and where."""
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        x = 0
        for segment in strip:
            yield x, y, segment
            x += segment.cell_length


def cells(app: KioskApp, painter: Painter) -> Iterator[Cell]:
    """What is seen."""
    for x, y, segment in segments(app):
        assert segment.style is not None
        text, ground = painter.paint(segment.style)
        for place, character in enumerate(segment.text):
            yield Cell(x + place, y, character, text, ground)


def glances(app: KioskApp, painter: Painter) -> Iterator[Cell]:
    """One cell of text and one of lines from each run of cells that look alike: enough to see how they look."""
    for x, y, segment in segments(app):
        assert segment.style is not None
        if segment.text.isspace():
            continue
        text, ground = painter.paint(segment.style)
        run = [Cell(x + place, y, each, text, ground) for place, each in enumerate(segment.text) if not each.isspace()]
        for read in (True, False):
            yield from [cell for cell in run if cell.is_text is read][:1]
