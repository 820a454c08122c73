"""The terminal: is it one, how large is it, what can it show."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from kiosk.doctor.findings import Finding, ok, problem, warning
from kiosk.language import gettext as _
from kiosk.settings.loading import Settings
from kiosk.tty.glyphs import glyphs_of
from kiosk.tty.terminal import colours, is_console, unfit

COMFORTABLE = (80, 24)
SMALLEST = (40, 12)
_KERNEL_LOG = Path("/proc/sys/kernel/printk")
_QUIET = 1
"""The console's log level at which the kernel only draws over the app when it dies."""


def look_at_screen(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Findings on the terminal that this command runs in: run it where the app will run."""
    if reason := unfit(environ):
        mend = _("Run this on the screen itself; `kiosk login` signs in without one.")
        yield warning("terminal", reason, mend)
        return
    yield ok("terminal", f"TERM={environ['TERM']}")
    yield _size(os.get_terminal_size(2))
    yield _colours(settings, environ)
    yield _encoding(sys.__stderr__.encoding if sys.__stderr__ else "")
    if is_console(environ):
        yield _font()
        yield from _kernel_log(_KERNEL_LOG)


def _size(size: os.terminal_size) -> Finding:
    found = f"{size.columns}x{size.lines}"
    if size.columns >= COMFORTABLE[0] and size.lines >= COMFORTABLE[1]:
        return ok("size", found)
    mend = _("Choose a smaller font: from 80x24 on all is shown, below 40x12 parts are missing.")
    if size.columns >= SMALLEST[0] and size.lines >= SMALLEST[1]:
        return warning("size", found, mend)
    return problem("size", found, mend)


def _colours(settings: Settings, environ: Mapping[str, str]) -> Finding:
    number = colours(environ)
    says = _("{number} colours").format(number=number)
    theme = settings.text("theme")
    if number == 16 and theme not in {"auto", "console"} and not is_console(environ):
        mend = _("Theme {theme} is shown in the terminal's own colours; set COLORTERM=truecolor where it has more.")
        return warning("colours", says, mend.format(theme=theme))
    return ok("colours", says)


def _encoding(encoding: str) -> Finding:
    if encoding.lower().replace("-", "") == "utf8":
        return ok("encoding", encoding)
    return warning("encoding", encoding or "-", _("Set PYTHONUTF8=1, or LANG=C.UTF-8: frames and names need it."))


def _font() -> Finding:
    glyphs = glyphs_of(2, "utf-8", console=True)
    if glyphs.half_blocks:
        return ok("font", _("half blocks and frames"))
    mend = _("Load a font that has them (packaging/console); without, the QR code needs twice the room.")
    return warning("font", _("frames, but no half blocks"), mend)


def _kernel_log(file: Path) -> Iterator[Finding]:
    try:
        level = int(file.read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return
    if level <= _QUIET:
        yield ok("kernel log", _("quiet"))
    else:
        yield warning(
            "kernel log", _("the kernel may write over the app"), _("Set kernel.printk = 1 4 1 7 (sysctl.d).")
        )
