"""What a terminal is dressed in: a scheme that it can show, the operator's colours, the palette of a console.

    dark, light, high-contrast   colours of our own, for terminals with 256 or more
    console                      the sixteen of the terminal, black behind all of them

On a Linux console the sixteen can be given other values. So there, `dark`, `light` and `high-contrast` are `console`
in their own colours, and on other terminals with sixteen colours they are `console` as it is.
"""

from collections.abc import Mapping
from types import MappingProxyType

from kiosk.schemes import CONSOLE, DARK, HIGH_CONTRAST, PLAIN, SCHEMES, Scheme
from kiosk.tty.colours import HIGH, READABLE, readable
from kiosk.tty.glyphs import EVERYTHING, Glyphs
from kiosk.values import Value, replace

_ROUNDING = 1.15
"""What terminals with 256 colours may lose of a contrast by showing the nearest that they have."""


class Brand(Value):
    """An operator's colours, as `#rrggbb`; empty is ours."""

    color: str = ""
    accent: str = ""


_NO_BRAND = Brand()


class Look(Value):
    """What a terminal is dressed in."""

    scheme: Scheme
    palette: Mapping[int, str] = MappingProxyType({})
    """Values for some of the console's sixteen colours."""
    inverted: bool = False
    """The palette makes black the light one and white the dark one."""
    glyphs: Glyphs = EVERYTHING


def look_for(name: str, colours: int, *, console: bool, no_color: bool = False, brand: Brand = _NO_BRAND) -> Look:
    """The look of a name on a terminal.

    Args:
        name: A theme, or `auto`.
        colours: How many the terminal has.
        console: It is a Linux console.
        no_color: The person wants none.
        brand: The operator's colours; they are moved until they can be read.
    """
    own = SCHEMES["dark" if name == "auto" else name]
    if colours > 16 and not own.ansi:
        return Look(branded(own, brand))
    if no_color:
        return Look(PLAIN)
    if not console:
        return Look(CONSOLE)
    scheme = replace(CONSOLE, accent="ansi_bright_magenta") if brand.accent else CONSOLE
    return Look(scheme, _palette(own, brand), inverted=not own.dark)


def branded(scheme: Scheme, brand: Brand) -> Scheme:
    """A scheme in an operator's colours."""
    grounds = (scheme.ground, scheme.surface)
    ratio = (HIGH if scheme.name == HIGH_CONTRAST.name else READABLE) * _ROUNDING
    primary = readable(brand.color, grounds, ratio) if brand.color else scheme.primary
    accent = readable(brand.accent, grounds, ratio) if brand.accent else primary
    return replace(scheme, primary=primary, accent=accent)


def _palette(scheme: Scheme, brand: Brand) -> dict[int, str]:
    """The sixteen colours that make `console` look like a scheme; of `console` itself only those of the brand."""
    if scheme.ansi:
        theirs = branded(replace(DARK, ground="#000000", surface="#000000"), brand)
        wanted = {14: brand.color and theirs.primary, 13: brand.accent and theirs.accent}
        return {number: colour for number, colour in wanted.items() if colour}
    scheme = branded(scheme, brand)
    roles = {
        0: scheme.ground, 1: scheme.error, 2: scheme.success, 3: scheme.warning,
        4: scheme.primary, 5: scheme.accent, 6: scheme.muted, 7: scheme.text,
    }  # fmt: skip
    # Fonts of 512 glyphs cost some consoles the bright colours: then the plain ones must do. What is bold on reverse
    # video gets bright black, which therefore is black.
    bright = {number + 8: colour for number, colour in roles.items()}
    return roles | bright | {12: scheme.keys[3], 14: scheme.primary}
