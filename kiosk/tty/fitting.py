"""The last thing that happens to a line: made fit for a terminal that cannot show all that Textual can say."""

from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size, set_cell_size
from rich.color import Color, ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as TextualColor
from textual.filter import LineFilter

from kiosk.looks import Look
from kiosk.tty.colours import luminance
from kiosk.tty.glyphs import Glyphs

_BLACK, _GREY, _WHITE = 0, 8, 7


def filters_for(look: Look) -> list[LineFilter]:
    """What lines go through so that they fit a look."""
    filters: list[LineFilter] = []
    if look.scheme.ansi:
        filters.append(FitColours(inverted=look.inverted))
    if not look.glyphs.everything:
        filters.append(FitGlyphs(look.glyphs))
    return filters


class FitGlyphs(LineFilter):
    """Puts a stand-in of the same width where a character cannot be drawn."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._table = _Table(glyphs)

    def stand_ins(self, characters: str) -> dict[str, str]:
        """What is drawn for each of these characters."""
        return {character: self._table[ord(character)] for character in characters}

    def apply(self, segments: list[Segment], background: TextualColor) -> list[Segment]:  # noqa: ARG002 - Textual's
        """The line with stand-ins."""
        return [
            segment if segment.text.isascii() else Segment(self._fit(segment.text), segment.style, segment.control)
            for segment in segments
        ]

    def _fit(self, text: str) -> str:
        fitted = text.translate(self._table)
        # What is one picture on other terminals (a family of emoji) is as many stand-ins as it has parts.
        return fitted if len(fitted) == cell_len(text) else set_cell_size(fitted, cell_len(text))


class _Table(dict[int, str]):
    """What `str.translate` looks up, filled as characters come along."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = self._glyphs.stand_in(character, get_character_cell_size(character))
        return self[code]


class FitColours(LineFilter):
    """Keeps to what sixteen colours and the kernel's console can do.

    Eight grounds; bold for brightness, though not on reverse video, where it would turn black text grey; no dim, italic
    or underlined text, which is drawn in yet other colours. True colours are for what must be dark on light whatever
    the theme, a QR code: they become the nearer of black and white.

    Args:
        inverted: The terminal's palette makes black the light one.
    """

    def __init__(self, *, inverted: bool) -> None:
        super().__init__()
        self._dark, self._light = (_WHITE, _BLACK) if inverted else (_BLACK, _WHITE)
        self._fitted = lru_cache(512)(self._fit)

    def apply(self, segments: list[Segment], background: TextualColor) -> list[Segment]:  # noqa: ARG002 - Textual's
        """The line in colours that exist."""
        return [
            segment if segment.style is None else Segment(segment.text, self._fitted(segment.style), segment.control)
            for segment in segments
        ]

    def _fit(self, style: Style) -> Style:
        reverse = bool(style.reverse)
        return style + Style(
            color=self._colour(style.color, ground=reverse),
            bgcolor=self._colour(style.bgcolor, ground=not reverse),
            bold=bool(style.bold) and not reverse,
            dim=False,
            italic=False,
            underline=False,
            underline2=False,
            blink=False,
            blink2=False,
            strike=False,
            overline=False,
        )

    def _colour(self, colour: Color | None, *, ground: bool) -> Color | None:
        if colour is None or colour.is_default:
            return colour
        if colour.type is not ColorType.STANDARD or colour.number is None:
            dark = luminance(colour.get_truecolor()) < 0.18
            return Color.from_ansi(self._dark if dark else self._light)
        if colour.number == _GREY:
            return Color.from_ansi(_BLACK if ground else _WHITE)
        return Color.from_ansi(colour.number % 8) if ground else colour
