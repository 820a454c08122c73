"""What this terminal can show."""

import os
import sys
from collections.abc import Mapping


def unfit(environ: Mapping[str, str]) -> str | None:
    """Why the full-screen app cannot run here, in words; None when it can.

    Textual draws on stderr and reads stdin; with either of them not a terminal it would spin, or show nothing.
    """
    if not (_is_tty(0) and _is_tty(2)):
        return "this is no terminal"
    if environ.get("TERM", "") in {"", "dumb", "unknown"}:
        return f"this terminal (TERM={environ.get('TERM') or 'unset'}) cannot show full screens"
    return None


def _is_tty(descriptor: int) -> bool:
    try:
        return os.isatty(descriptor)
    except OSError:
        return False


def complain(line: str) -> None:
    """One line on stderr, whatever has become of it."""
    try:
        print(f"kiosk: {line}", file=sys.stderr)
    except OSError:
        return
