"""The console that we are on: whether it is the one in front, and which keys its keymap delivers."""

import fcntl
import os
import struct
from pathlib import Path

_ACTIVE = Path("/sys/class/tty/tty0/active")
_KDGKBENT = 0x4B46
_ENTRY = struct.Struct("BBH")
_HOLES = frozenset({0x200, 0x27F})
"""K_HOLE and K_NOSUCHMAP of linux/keyboard.h."""


def console_of(descriptor: int) -> str | None:
    """The name of the virtual console behind a descriptor, such as `tty1`; None for every other terminal."""
    try:
        name = Path(os.ttyname(descriptor)).name
    except OSError:
        return None
    return name if name.startswith("tty") and name[3:].isdigit() else None


def in_front(console: str, active: Path = _ACTIVE) -> bool:
    """Whether this console is the one that is seen; also where nobody can say."""
    try:
        return active.read_text(encoding="ascii").strip() == console
    except (OSError, ValueError):
        return True


def delivers(descriptor: int, code: int) -> bool:
    """Whether the console's keymap makes anything of a key (KDGKBENT): then it comes by the terminal already."""
    if code > 255:
        return False
    entry = bytearray(_ENTRY.pack(0, code, 0))
    try:
        fcntl.ioctl(descriptor, _KDGKBENT, entry)
    except OSError:
        return False
    return _ENTRY.unpack(entry)[2] not in _HOLES
