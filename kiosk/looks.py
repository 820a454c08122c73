"""What a terminal is dressed in: a theme that it can show, the operator's colours, the palette of a console.

    dark, light, high-contrast   colours of our own, for terminals with 256 or more
    console                      the sixteen of the terminal, black behind all of them

On a Linux console the sixteen can be given other values. So there, `dark`, `light` and `high-contrast` are `console`
in their own colours, and on other terminals with sixteen colours they are `console` as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from textual.theme import Theme

from kiosk.themes import CONSOLE, DARK, HIGH_CONTRAST, PLAIN, THEMES
from kiosk.tty.colours import HIGH, READABLE, readable
from kiosk.tty.glyphs import EVERYTHING, Glyphs

_ROUNDING = 1.15
"""What terminals with 256 colours may lose of a contrast by showing the nearest that they have."""


@dataclass(frozen=True, slots=True)
class Brand:
    """An operator's colours, as `#rrggbb`; empty is ours."""

    color: str = ""
    accent: str = ""


@dataclass(frozen=True)
class Look:
    """What a terminal is dressed in."""

    theme: Theme
    palette: Mapping[int, str] = field(default_factory=dict)
    """Values for some of the console's sixteen colours."""
    inverted: bool = False
    """The palette makes black the light one and white the dark one."""
    glyphs: Glyphs = EVERYTHING


def look_for(name: str, colours: int, *, console: bool, no_color: bool = False, brand: Brand = Brand()) -> Look:
    """The look of a name on a terminal.

    Args:
        name: A theme, or `auto`.
        colours: How many the terminal has.
        console: It is a Linux console.
        no_color: The person wants none.
        brand: The operator's colours; they are moved until they can be read.
    """
    own = THEMES["dark" if name == "auto" else name]
    if colours > 16 and not own.ansi:
        return Look(branded(own, brand))
    if no_color:
        return Look(PLAIN)
    if not console:
        return Look(CONSOLE)
    theme = replace(CONSOLE, accent="ansi_bright_magenta") if brand.accent else CONSOLE
    return Look(theme, _palette(own, brand), inverted=not own.dark)


def branded(theme: Theme, brand: Brand) -> Theme:
    """A theme in an operator's colours."""
    assert theme.background is not None  # noqa: S101 - ours all say it
    grounds = (theme.background, theme.surface or theme.background)
    ratio = (HIGH if theme.name == HIGH_CONTRAST.name else READABLE) * _ROUNDING
    primary = readable(brand.color, grounds, ratio) if brand.color else theme.primary
    accent = readable(brand.accent, grounds, ratio) if brand.accent else primary
    return replace(theme, primary=primary, accent=accent)


def _palette(theme: Theme, brand: Brand) -> dict[int, str]:
    """The sixteen colours that make `console` look like a theme; of `console` itself only those of the brand."""
    if theme.ansi:
        theirs = branded(replace(DARK, background="#000000", surface="#000000"), brand)
        wanted = {14: brand.color and theirs.primary, 13: brand.accent and theirs.accent}
        return {number: str(colour) for number, colour in wanted.items() if colour}
    theme = branded(theme, brand)
    ground, text, muted = str(theme.background), str(theme.foreground), theme.variables["muted"]
    roles = {
        0: ground, 1: theme.error, 2: theme.success, 3: theme.warning,
        4: theme.primary, 5: theme.accent, 6: muted, 7: text,
    }  # fmt: skip
    # Fonts of 512 glyphs cost some consoles the bright colours: then the plain ones must do. What is bold on reverse
    # video gets bright black, which therefore is black.
    bright = {number + 8: colour for number, colour in roles.items()}
    more = {12: theme.variables["key-blue"], 14: theme.primary}
    return {number: str(colour) for number, colour in (roles | bright | more).items()}
