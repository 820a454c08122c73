"""Frames to the terminal, from a thread of their own: nobody waits for a terminal that has stopped reading."""

import os
import re
import select
import termios
from collections.abc import Callable
from contextlib import suppress
from threading import Condition, Thread

ROOM = 65536
"""Characters that may wait for the terminal: more than one full screen of the largest console."""
CHUNK = 4096
"""Bytes of one write: what may still come out after the terminal was given up."""
STALL = 2.0
"""Seconds that one write may last before the terminal is taken for stopped (Scroll Lock, XOFF)."""

LEAVE = (
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?2048l\x1b[?1004l"  # reports of all kinds
    "\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[m"  # line wrap, keyboard, screen, cursor, colours
)
"""Puts a terminal back to what a shell expects, whatever was on."""
CONSOLE_CLEAR = "\x1b[?7h\x1b[?25h\x1b[m\x1b[H\x1b[2J"
"""The same for the Linux console, which has no second screen to leave: the last frame would stay in sight."""

_ORDER = "\x1b(B\x0f\x1b[4;20l\x1b[?5l\x1b[m\x1b[?1l\x1b>"
"""Letters for letters, nothing inserted, lines end as usual, no colours, keys as usual."""
_WHOLE = "\x1b7\x1b[r\x1b8\x1b[?1049h\x1b[?6l"
"""The whole screen, the cursor where it was; then the second screen, with places counted from its corner."""

TAKE = f"{_ORDER}\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?69l{_WHOLE}"
"""Takes the terminal, whatever a program that was killed has left on."""
TAKE_CONSOLE = _ORDER + _WHOLE
"""The same for the Linux console."""

_CONTROL = re.compile(r"\x1b\[([<=>?])([0-9;]*)\$?([a-z])|\x1b\][0-9].*", re.DOTALL)
_CONSOLE_MODES = frozenset({"7", "25", "1049"})


def fit_for_console(text: str) -> bool:
    """Whether the Linux console takes a control sequence for one; older kernels print parts of what they do not know.

    It answers no queries and has no keyboard protocol, mouse or paste reports either way. Frames are always fit.
    """
    control = _CONTROL.fullmatch(text)
    return control is None or (control[1] == "?" and control[3] in {"h", "l"} and control[2] in _CONSOLE_MODES)


_USELESS = re.compile(r"\n+(?=\x1b\[\d+;\d+H)")
"""Line ends before the cursor goes to a place of its own."""


def terse(frame: str) -> str:
    """The same picture in fewer bytes: a serial line takes a millisecond for each."""
    return _USELESS.sub("", frame).replace("\x1b[0m", "\x1b[m")


def write_at_once(fileno: int, text: str) -> None:
    """Write to the terminal behind a descriptor, whatever it was opened for, without ever waiting for it."""
    with suppress(OSError):
        # A descriptor of our own: whether it waits is a property that others who have this one open would share.
        terminal = os.open(os.ttyname(fileno), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            os.write(terminal, text.encode("ascii"))
        finally:
            os.close(terminal)


class TerminalWriter:
    """Writes in order, never blocks who writes, and forgets frames that would only come too late.

    Once `ROOM` is exceeded what is written is dropped until the terminal has taken all that waits for it; then
    `caught_up` is called, for the screen to be painted anew: what is on it after lost frames is anyone's guess.

    Args:
        fileno: The terminal.
        encoding: Its encoding; what it lacks is written as `?`, which keeps columns in place.
        clock: Monotonic seconds.
        caught_up: See above. Called in the thread.
        lost: Called in the thread when the terminal has gone.
    """

    def __init__(
        self,
        fileno: int,
        encoding: str,
        clock: Callable[[], float],
        *,
        caught_up: Callable[[], None],
        lost: Callable[[], None],
    ) -> None:
        self._fileno = fileno
        self._encoding = encoding
        self._clock = clock
        self._caught_up = caught_up
        self._lost = lost
        # Its lock may be taken twice by one thread: a signal handler may write while the app does.
        self._changed = Condition()
        self._waiting: list[str] = []
        self._size = 0
        self._busy_since: float | None = None
        self._dropping = False
        self._leaving = False
        self._closing = False
        self.gone = False
        """Whether the terminal has gone, or was given up."""
        self._thread = Thread(target=self._run, name="kiosk-output", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Have text written when the terminal takes it."""
        with self._changed:
            if not text or self.gone or self._closing:
                return
            if not self._leaving and (self._dropping or (self._size and self._size + len(text) > ROOM)):
                self._dropping = True
            else:
                self._waiting.append(text)
                self._size += len(text)
                self._changed.notify_all()
            stalled = self._busy_since is not None and self._clock() - self._busy_since > STALL
        if stalled:
            self._thaw()

    def leave(self) -> None:
        """From here on nothing is dropped: what restores the terminal follows. Frames that are late are dropped now."""
        with self._changed:
            self._leaving = True
            if self._dropping:
                self._waiting.clear()

    def close(self, patience: float) -> None:
        """Write what waits, for at most about `patience` seconds, and end."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(patience / 2)
        if self._thread.is_alive():
            self._thaw()
            self._thread.join(patience / 2)
        if self._thread.is_alive():
            self.gone = True
            with suppress(termios.error):
                termios.tcflush(self._fileno, termios.TCOFLUSH)
            # There is room now, but who waits for it is not told so by the flush. If the thread waits all the same: it
            # is a daemon and does not hold up the process.
            self._thaw()
            self._thread.join(patience / 2)

    def _thaw(self) -> None:
        # Stopping and starting output by command also undoes a stop by Scroll Lock or XOFF. A screen in a public
        # place is not to be frozen by one key press.
        with suppress(termios.error):
            termios.tcflow(self._fileno, termios.TCOOFF)
            termios.tcflow(self._fileno, termios.TCOON)

    def _run(self) -> None:
        while data := self._next():
            try:
                self._write(data)
            except OSError:
                self._give_up()
                self._lost()
                return
            if self._done():
                self._caught_up()

    def _next(self) -> bytes:
        with self._changed:
            while not (self._waiting or self._closing):
                self._changed.wait()
            text = "".join(self._waiting)
            self._waiting.clear()
            self._size = len(text)
            self._busy_since = self._clock()
        return text.encode(self._encoding, "replace")

    def _done(self) -> bool:
        """Take note that all was written; returns whether the terminal has caught up after frames were lost."""
        with self._changed:
            self._busy_since = None
            self._size = sum(map(len, self._waiting))
            caught_up = self._dropping and not self._waiting and not self._leaving
            if caught_up:
                self._dropping = False
        return caught_up

    def _give_up(self) -> None:
        with self._changed:
            self.gone = True
            self._waiting.clear()

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest and not self.gone:
            try:
                rest = rest[os.write(self._fileno, rest[:CHUNK]) :]
            except BlockingIOError:  # whoever shares the terminal with us has asked for that
                room = select.poll()
                room.register(self._fileno, select.POLLOUT)
                room.poll()
