"""The looks: which colours a terminal is given. Text stands out by 4.5:1 at least, and focus is reverse video besides.

    dark, light, high-contrast   colours of our own, for terminals with 256 or more
    console                      the sixteen of the terminal, black behind all of them

On a Linux console the sixteen can be given other values. So there, `dark`, `light` and `high-contrast` are `console`
in their own colours, and on other terminals with sixteen colours they are `console` as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from textual.theme import Theme

from kiosk.colours import HIGH, READABLE, readable
from kiosk.glyphs import EVERYTHING, Glyphs

DARK = Theme(
    name="dark",
    dark=True,
    primary="#7cc0ff",
    accent="#7cc0ff",
    foreground="#e8eef4",
    background="#0f151b",
    surface="#1b252f",
    error="#ff9b9b",
    warning="#ffd479",
    success="#86e0a5",
    variables={
        "muted": "#a3b1be",
        "text-muted": "#a3b1be",
        "text-disabled": "#a3b1be",
        "border": "#7b8b9a",
        "input-cursor-background": "#e8eef4",
        "input-cursor-foreground": "#0f151b",
    },
)

LIGHT = Theme(
    name="light",
    dark=False,
    primary="#0b559f",
    accent="#0b559f",
    foreground="#15202b",
    background="#ffffff",
    surface="#e9eef3",
    error="#a3201a",
    warning="#7a4b00",
    success="#14602f",
    variables={
        "muted": "#45535f",
        "text-muted": "#45535f",
        "text-disabled": "#45535f",
        "border": "#6b7885",
        "input-cursor-background": "#15202b",
        "input-cursor-foreground": "#ffffff",
    },
)

HIGH_CONTRAST = Theme(
    name="high-contrast",
    dark=True,
    primary="#ffe600",
    accent="#ffe600",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    error="#ff9d9d",
    warning="#ffc14d",
    success="#7dff9b",
    variables={
        "muted": "#e0e0e0",
        "text-muted": "#e0e0e0",
        "text-disabled": "#e0e0e0",
        "border": "#ffffff",
        "input-cursor-background": "#ffffff",
        "input-cursor-foreground": "#000000",
    },
)


def _console(name: str, **colours: str) -> Theme:
    # Nothing bright is ever a ground, and bright black, the grey, is never used: the kernel draws the one as plain,
    # and the other can hardly be read.
    ground, text = colours.get("ground", "ansi_black"), colours.get("text", "ansi_white")
    muted = colours.get("muted", "ansi_cyan")
    return Theme(
        name=name,
        ansi=True,
        dark=True,
        primary=colours.get("primary", "ansi_bright_cyan"),
        accent=colours.get("accent", "ansi_bright_cyan"),
        foreground=text,
        background=ground,
        error=colours.get("error", "ansi_bright_red"),
        warning=colours.get("warning", "ansi_bright_yellow"),
        success=colours.get("success", "ansi_bright_green"),
        variables={
            "surface": ground,
            "panel": ground,
            "boost": ground,
            "ansi-background": ground,
            "ansi-foreground": text,
            "muted": muted,
            "border": muted,
            "text": text,
            "text-muted": muted,
            "text-disabled": muted,
            "input-cursor-background": text,
            "input-cursor-foreground": ground,
            "input-cursor-text-style": "none",
        },
    )


CONSOLE = _console("console")
PLAIN = _console(
    "plain",
    **dict.fromkeys(("ground", "text", "muted", "primary", "accent", "error", "warning", "success"), "ansi_default"),
)
"""`console` without a colour, for NO_COLOR: bold and reverse video are what is left."""

THEMES = {theme.name: theme for theme in (DARK, LIGHT, HIGH_CONTRAST, CONSOLE)}


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
    ratio = HIGH if theme.name == HIGH_CONTRAST.name else READABLE
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
    return {number: str(colour) for number, colour in (roles | bright | {12: theme.primary, 14: theme.primary}).items()}
