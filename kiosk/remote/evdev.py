"""Events of the kernel's input devices: their bytes read, and which devices are remotes. No dependency, no grab.

The layout is `struct input_event` of linux/input.h in the machine's own sizes.
"""

import fcntl
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

DEVICES = Path("/dev/input")

EVENT = struct.Struct("llHHi")
"""Seconds, microseconds, type, code, value."""

_SYN, _KEY = 0, 1
_SYN_REPORT, _SYN_DROPPED = 0, 3
_HIGHEST = 0x2FF
_READ_EVENTS = 64


class Press(NamedTuple):
    """A key went down, or is held down."""

    code: int
    again: bool
    """The kernel repeats it, because it is held."""


class Events:
    """Bytes in, presses out. What was torn by an overflow of the kernel's buffer is left out whole."""

    def __init__(self) -> None:
        self._rest = b""
        self._lost = False

    def feed(self, data: bytes) -> Iterator[Press]:
        """Take what was read."""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        for _seconds, _microseconds, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if kind == _SYN:
                self._lost = code == _SYN_DROPPED or (self._lost and code != _SYN_REPORT)
            elif kind == _KEY and value in {1, 2} and not self._lost:
                yield Press(code, again=value == 2)


def open_remote(path: Path, wanted: frozenset[int]) -> int | None:
    """Open a device that has one of the wanted keys; None for all others, and for those that may not be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if keys_of(descriptor) & wanted:
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def keys_of(descriptor: int) -> set[int]:
    """Which keys a device has (EVIOCGBIT).

    Raises:
        OSError: it is no input device.
    """
    bits = bytearray(_HIGHEST // 8 + 1)
    request = 2 << 30 | len(bits) << 16 | ord("E") << 8 | 0x20 + _KEY
    fcntl.ioctl(descriptor, request, bits)
    number = int.from_bytes(bits, "little")
    return {code for code in range(_HIGHEST + 1) if number >> code & 1}


def read_events(descriptor: int) -> bytes | None:
    """What a device has to tell; None when it has gone."""
    try:
        return os.read(descriptor, EVENT.size * _READ_EVENTS) or None
    except BlockingIOError:
        return b""
    except OSError:
        return None
