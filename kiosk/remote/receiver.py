"""Keys of remotes that no terminal can deliver, read from the kernel's input devices beside it.

Nothing is grabbed: what the terminal delivers it goes on delivering, and is left to it. Devices come and go; each is
looked for when /dev/input changes (inotify), so that nothing has to be polled.
"""

import asyncio
import ctypes
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kiosk.remote.evdev import DEVICES, Events, Press, open_remote, read_events
from kiosk.remote.table import BY_CODE, NO_MEANING, UNSEEN, Action

_IN_ATTRIB, _IN_CREATE, _IN_MOVED_TO = 0x4, 0x100, 0x80


class Receiver:
    """Reads remotes from `start` to `close`.

    Args:
        press: Is told what a person wants.
        left_to_terminal: Whether a code comes by the terminal as well.
        listening: Whether presses count at present: our console is in front, and it is our screen that is on it.
        raw: Is told of every press, whatever it means.
    """

    def __init__(
        self,
        press: Callable[[Action], None],
        *,
        left_to_terminal: Callable[[int], bool] = lambda _code: False,
        listening: Callable[[], bool] = lambda: True,
        raw: Callable[[Press], None] | None = None,
        devices: Path = DEVICES,
    ) -> None:
        self._press = press
        self._left_to_terminal = left_to_terminal
        self._listening = listening
        self._raw = raw
        self._devices = devices
        self._open: dict[Path, int] = {}
        self._watch: int | None = None

    @property
    def remotes(self) -> list[Path]:
        """Which devices are read."""
        return sorted(self._open)

    def start(self) -> None:
        """Read what is there, and what comes."""
        self._watch = _watch(self._devices)
        if self._watch is not None:
            asyncio.get_running_loop().add_reader(self._watch, self._changed)
        self._look()

    def close(self) -> None:
        """Read no more."""
        for path in tuple(self._open):
            self._drop(path)
        if self._watch is not None:
            asyncio.get_running_loop().remove_reader(self._watch)
            os.close(self._watch)
            self._watch = None

    def take(self, press: Press) -> None:
        """Take one press in."""
        if not self._listening():
            return
        if self._raw is not None:
            self._raw(press)
        action = BY_CODE.get(press.code)
        if action is None or (press.again and not action.repeats):
            return
        if press.code >= UNSEEN or (press.code in NO_MEANING and not self._left_to_terminal(press.code)):
            self._press(action)

    def _look(self) -> None:
        wanted = frozenset(code for code in BY_CODE if code >= UNSEEN) if self._raw is None else frozenset(BY_CODE)
        with suppress(OSError):
            for path in sorted(self._devices.glob("event*")):
                if path not in self._open and (descriptor := open_remote(path, wanted)) is not None:
                    self._read_from(path, descriptor)

    def _read_from(self, path: Path, descriptor: int) -> None:
        self._open[path] = descriptor
        asyncio.get_running_loop().add_reader(descriptor, self._readable, path, descriptor, Events())

    def _readable(self, path: Path, descriptor: int, events: Events) -> None:
        if (data := read_events(descriptor)) is None:
            self._drop(path)
            return
        for press in events.feed(data):
            self.take(press)

    def _drop(self, path: Path) -> None:
        descriptor = self._open.pop(path)
        asyncio.get_running_loop().remove_reader(descriptor)
        os.close(descriptor)

    def _changed(self) -> None:
        assert self._watch is not None  # noqa: S101 - for mypy
        with suppress(BlockingIOError):
            os.read(self._watch, 4096)
        # A node is there before udev has said who may read it: that is a change of its own.
        self._look()


def _watch(folder: Path) -> int | None:
    """An inotify descriptor that can be read when something comes into a folder; None where there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = int(libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
    if descriptor < 0:
        return None
    if libc.inotify_add_watch(descriptor, os.fsencode(folder), _IN_ATTRIB | _IN_CREATE | _IN_MOVED_TO) < 0:
        os.close(descriptor)
        return None
    return descriptor
