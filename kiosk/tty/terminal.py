"""What this terminal is, and the environment made fit for the full-screen app before Textual reads it."""

import os
import sys
from collections.abc import Mapping, MutableMapping

from kiosk.language import gettext as _

BROWSER_DRIVER = "textual.drivers.web_driver:WebDriver"
"""What `textual-serve` asks for: one app a visitor, drawn in a browser."""

_HARMLESS = frozenset(
    {"TEXTUAL_ANIMATIONS", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DISABLE_KITTY_KEY", "TEXTUAL_FILTERS", "TEXTUAL_FPS"}
)
"""Variables of Textual that change looks alone. The others log keys, press keys, save pictures or run code."""

_COLOURS = {"standard": 16, "256": 256, "truecolor": 1 << 24}
"""Textual's names for what a terminal has."""


def unfit(environ: Mapping[str, str]) -> str | None:
    """Why the full-screen app cannot run here, in words; None when it can.

    Textual draws on stderr and reads stdin; with either of them not a terminal it would spin, or show nothing.
    """
    if in_browser(environ):
        return None
    if not (_is_tty(0) and _is_tty(2)):
        return _("this is no terminal")
    if environ.get("TERM", "") in {"", "dumb", "unknown"}:
        return _("this terminal (TERM={name}) cannot show full screens").format(name=environ.get("TERM") or "unset")
    return None


def _is_tty(descriptor: int) -> bool:
    try:
        return os.isatty(descriptor)
    except OSError:
        return False


def is_console(environ: Mapping[str, str]) -> bool:
    """Whether this is a Linux console, or calls itself one."""
    return environ.get("TERM", "").lower().startswith("linux") and not in_browser(environ)


def in_browser(environ: Mapping[str, str]) -> bool:
    """Whether `textual-serve` has started us for one of its visitors."""
    return environ.get("TEXTUAL_DRIVER") == BROWSER_DRIVER


def colours(environ: Mapping[str, str]) -> int:
    """How many colours the terminal has, as Rich and Textual will take it to have."""
    if is_console(environ):
        return 16
    if asked := _COLOURS.get(environ.get("TEXTUAL_COLOR_SYSTEM", "")):
        return asked
    if environ.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
        return 1 << 24
    return 256 if environ.get("TERM", "").strip().lower().endswith(("-256color", "-kitty")) else 16


def prepare(environ: MutableMapping[str, str]) -> None:
    """Make the environment fit for Textual, which reads much of it while it is imported: call this before."""
    browser = in_browser(environ)
    for name in [name for name in environ if name.startswith("TEXTUAL")]:
        if name not in _HARMLESS and not (browser and name == "TEXTUAL_DRIVER"):
            del environ[name]
    if environ.get("TEXTUAL_COLOR_SYSTEM") not in {None, "auto", *_COLOURS}:
        del environ["TEXTUAL_COLOR_SYSTEM"]  # Rich dies of others
    if not environ.get("NO_COLOR"):
        environ.pop("NO_COLOR", None)  # no-color.org: an empty one says nothing
    if is_console(environ):
        environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
        environ["TEXTUAL_COLOR_SYSTEM"] = "standard"
        # Of true colours the kernel makes the nearest of its sixteen, by a measure of its own.
        environ.pop("COLORTERM", None)


def complain(line: str) -> None:
    """One line on stderr, whatever has become of it."""
    try:
        print(f"kiosk: {line}", file=sys.stderr)
    except OSError:
        # The interpreter tries it once more at exit; failing again, it would exit with a code of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
