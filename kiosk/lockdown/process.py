"""A locked process: deaf to the signals of keys, without variables that log or run code, without a prompt at its end.

What has happened before our first line (PYTHONPATH, LD_PRELOAD, a key pressed while Python was still starting) is for
whoever starts us to keep out: packaging/lockdown.md says how.
"""

import os
import signal
import sys
from collections.abc import MutableMapping
from types import FrameType

FROM_THE_TERMINAL = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)
"""Ctrl+C, Ctrl+\\ and Ctrl+Z, while the terminal makes signals of them: before the first frame and after the last."""

_RUN_OR_LOG = frozenset(
    {
        # What Python would do at its end or on the way.
        "PYTHONINSPECT",
        "PYTHONSTARTUP",
        "PYTHONBREAKPOINT",
        "PYTHONASYNCIODEBUG",
        # What would be started to show or edit something.
        "BROWSER",
        "PAGER",
        "MANPAGER",
        "EDITOR",
        "VISUAL",
        # Digits are quickly guessed by whoever reads their hash.
        "KIOSK_MAINTENANCE_PIN",
        # The keys of every TLS connection, into a file.
        "SSLKEYLOGFILE",
    }
)


def lock(environ: MutableMapping[str, str]) -> None:
    """Take the doors away that are not Textual's. SIGTERM and SIGHUP still end the process."""
    for number in FROM_THE_TERMINAL:
        # A handler and not SIG_IGN, which whatever is started from here would inherit.
        signal.signal(number, _nothing)
    for name in _RUN_OR_LOG & set(environ):
        del environ[name]


def end_at_once(code: int) -> None:
    """End a locked process before Python opens a prompt of its own (`-i`, PYTHONINSPECT); return from any other."""
    if signal.getsignal(signal.SIGINT) is not _nothing:
        return
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):  # closed, or none
            continue
    os._exit(code)


def _nothing(_number: int, _frame: FrameType | None) -> None:
    return
