"""The Linux console: how its colours are set, and how it is kept awake and left as it was.

All of it is written in ways that terminals which only call themselves `linux` swallow: each `ESC ]` is ended by a
string terminator, which the kernel ignores.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_ESC = "\x1b"
_BLANK_INTERVAL = Path("/sys/module/kernel/parameters/consoleblank")


class Dress(NamedTuple):
    """What is written to the terminal before the first frame and after the last."""

    start: str = ""
    end: str = ""


def dress(palette: Mapping[int, str], blank_seconds: int = 0) -> Dress:
    """The console's clothes.

    Args:
        palette: `#rrggbb` by number, 0 to 15; those that are not named stay.
        blank_seconds: After how long without a key the console goes dark; so it will again in the end.
    """
    colours = "".join(f"{_ESC}]P{number:x}{colour[1:]}{_ESC}\\" for number, colour in sorted(palette.items()))
    # Nobody presses keys at a screen that waits for a link; so the kernel must neither blank it nor power it down.
    awake = f"{_ESC}[9;0]{_ESC}[14;0]"
    asleep = f"{_ESC}[9;{max(1, blank_seconds // 60)}]" if blank_seconds > 0 else ""
    return Dress(f"{awake}{colours}", f"{_ESC}]R{_ESC}\\{asleep}")


def blank_seconds() -> int:
    """After how long the kernel blanks its consoles; 0 is never, or not known."""
    try:
        return int(_BLANK_INTERVAL.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
