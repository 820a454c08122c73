"""Frames to the terminal: at once while it takes them, else from a thread; nobody waits for one that does not read."""

import os
import select
import termios
from collections.abc import Callable
from contextlib import suppress
from threading import Condition, Thread

from kiosk.firstframe.opening import open_terminal

ROOM = 65536
"""Bytes that may wait for the terminal: more than one full screen of the largest console."""
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


def write_at_once(fileno: int, text: str) -> None:
    """Write to the terminal behind a descriptor, whatever it was opened for, without ever waiting for it."""
    with suppress(OSError):
        terminal = open_terminal(fileno)
        try:
            os.write(terminal, text.encode("ascii"))
        finally:
            os.close(terminal)


class TerminalWriter:
    """Writes in order, never blocks who writes, and forgets frames that would only come too late.

    What is small, and has nothing before it that waits, is written by whoever brings it: waking a thread takes longer
    than a key's whole frame. The rest is the thread's.

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
        self._at_once: int | None = None
        with suppress(OSError):
            self._at_once = open_terminal(fileno)
        self._encoding = encoding
        self._clock = clock
        self._caught_up = caught_up
        self._lost = lost
        # Its lock may be taken twice by one thread: a signal handler may write while the app does.
        self._changed = Condition()
        self._waiting: list[bytes] = []
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
        data = text.encode(self._encoding, "replace")
        with self._changed:
            if not data or self.gone or self._closing:
                return
            if not self._written_now(data):
                if not self._leaving and (self._dropping or (self._size and self._size + len(data) > ROOM)):
                    self._dropping = True
                else:
                    self._wait_in_line(data)
            stalled = self._busy_since is not None and self._clock() - self._busy_since > STALL
        if stalled:
            self._thaw()

    def _written_now(self, data: bytes) -> bool:
        """Write what can be written without waiting, the rest is the thread's; False where it is not data's turn."""
        terminal, busy_since = self._at_once, self._busy_since
        self._busy_since = self._clock()  # before looking further: from here on a signal handler's turn comes later
        try:
            if terminal is None or busy_since is not None or self._waiting or len(data) > CHUNK:
                return False
            written = 0
            with suppress(OSError):  # it has no room, or has gone: the thread will see
                written = os.write(terminal, data)
            if rest := data[written:]:
                self._wait_in_line(rest, first=True)
            return True
        finally:
            self._busy_since = busy_since

    def _wait_in_line(self, data: bytes, *, first: bool = False) -> None:
        self._waiting.insert(0 if first else len(self._waiting), data)
        self._size += len(data)
        self._changed.notify_all()

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
        if self._at_once is not None:
            os.close(self._at_once)
            self._at_once = None

    def _thaw(self) -> None:
        # Stopping and starting output by command also undoes a stop by Scroll Lock or XOFF. A screen in a public
        # place is not to be frozen by one key press.
        with suppress(termios.error):
            termios.tcflow(self._fileno, termios.TCOOFF)
            termios.tcflow(self._fileno, termios.TCOON)

    def _run(self) -> None:
        while self._write_next():
            pass

    def _write_next(self) -> bool:
        """Wait for something to write, and write it; False when there will be nothing more.

        In a frame of its own: the thread may sleep for days, and must not hold all the while what was seen last.
        """
        if not (data := self._next()):
            return False
        try:
            self._write(data)
        except OSError:
            self._give_up()
            self._lost()
            return False
        if self._done():
            self._caught_up()
        return True

    def _next(self) -> bytes:
        with self._changed:
            while not (self._waiting or self._closing):
                self._changed.wait()
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._size = len(data)
            self._busy_since = self._clock()
        return data

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
