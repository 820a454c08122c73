"""The palettes: five schemes in the same roles. Text stands out by 4.5:1 at least, and focus is reverse video besides.

No Textual: the first frame is drawn from them before it is imported. kiosk/themes.py makes themes of them.
"""

from kiosk.values import Value


class Scheme(Value):
    """Colours by their roles: `#rrggbb`, or where it is `ansi` the terminal's own, `ansi_cyan`."""

    name: str
    ground: str
    surface: str
    text: str
    muted: str
    border: str
    primary: str
    accent: str
    error: str
    warning: str
    success: str
    keys: tuple[str, str, str, str]
    """The remote's colour keys: red, green, yellow, blue."""
    dark: bool = True
    ansi: bool = False


DARK = Scheme(
    name="dark",
    ground="#0f151b",
    surface="#1b252f",
    text="#e8eef4",
    muted="#a3b1be",
    border="#7b8b9a",
    primary="#7cc0ff",
    accent="#7cc0ff",
    error="#ff9b9b",
    warning="#ffd479",
    success="#86e0a5",
    keys=("#ff6b6b", "#5fd38d", "#ffd34d", "#6aa8ff"),
)

LIGHT = Scheme(
    name="light",
    dark=False,
    ground="#ffffff",
    surface="#e9eef3",
    text="#15202b",
    muted="#45535f",
    border="#6b7885",
    primary="#0b559f",
    accent="#0b559f",
    error="#a3201a",
    warning="#7a4b00",
    success="#14602f",
    keys=("#c62828", "#1b7a3a", "#9a6f00", "#1557b0"),
)

HIGH_CONTRAST = Scheme(
    name="high-contrast",
    ground="#000000",
    surface="#000000",
    text="#ffffff",
    muted="#e0e0e0",
    border="#ffffff",
    primary="#ffe600",
    accent="#ffe600",
    error="#ff9d9d",
    warning="#ffc14d",
    success="#7dff9b",
    keys=("#ff8f8f", "#5dff86", "#ffe600", "#8ab8ff"),
)

# Nothing bright is ever a ground here, and bright black, the grey, is never used: the Linux console draws the one as
# plain, and the other can hardly be read.
CONSOLE = Scheme(
    name="console",
    ansi=True,
    ground="ansi_black",
    surface="ansi_black",
    text="ansi_white",
    muted="ansi_cyan",
    border="ansi_cyan",
    primary="ansi_bright_cyan",
    accent="ansi_bright_cyan",
    error="ansi_bright_red",
    warning="ansi_bright_yellow",
    success="ansi_bright_green",
    keys=("ansi_bright_red", "ansi_bright_green", "ansi_bright_yellow", "ansi_bright_blue"),
)

_NONE = "ansi_default"
PLAIN = Scheme(
    name="plain",
    ansi=True,
    ground=_NONE,
    surface=_NONE,
    text=_NONE,
    muted=_NONE,
    border=_NONE,
    primary=_NONE,
    accent=_NONE,
    error=_NONE,
    warning=_NONE,
    success=_NONE,
    keys=(_NONE, _NONE, _NONE, _NONE),
)
"""`console` without a colour, for NO_COLOR: bold and reverse video are what is left."""

SCHEMES = {scheme.name: scheme for scheme in (DARK, LIGHT, HIGH_CONTRAST, CONSOLE)}
"""Those that can be asked for by name."""
