"""The terminal's input, read in a thread: it sleeps until there is some, and ends when there can be no more."""

import os
import select
import time
from collections.abc import Callable, Iterable

from kiosk.tty.keystrokes import Keystrokes, Kind, Piece
from kiosk.tty.throttle import Throttle

READ_SIZE = 4096
BURST = 512
"""Keys at once: twice the longest address, typed by a machine."""
RATE = 200.0
"""Keys a second after that."""

_END, _GO_ON = b"\0", b"\1"
"""What the thread is told."""


class Intake:
    """Reads keystrokes, from the moment that they are ours.

    Args:
        fileno: The terminal.
        escape_delay: Seconds after which an ESC by itself is the Escape key.
        answered_before: Keys are answered on the remembered frame, until we are told to go on.
        take: Takes a keystroke. Called in the thread.
        lost: Called in the thread when the terminal has gone.
    """

    def __init__(
        self,
        fileno: int,
        escape_delay: float,
        *,
        answered_before: bool,
        take: Callable[[Piece], None],
        lost: Callable[[], None],
    ) -> None:
        self._fileno = fileno
        self._escape_delay = escape_delay
        self._answered_before = answered_before
        self._take = take
        self._lost = lost
        self._throttle = Throttle(BURST, RATE, time.monotonic)
        self._left: tuple[Keystrokes, list[Piece]] | None = None
        self._wake: tuple[int, ...] = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def go_on(self, keystrokes: Keystrokes, pieces: list[Piece]) -> None:
        """Go on where the remembered frame has left off: with what was begun, and with keys that were left."""
        if self._wake:
            self._left = keystrokes, pieces
            os.write(self._wake[1], _GO_ON)

    def end(self) -> None:
        """Read nothing any more; the thread ends."""
        if self._wake:
            os.write(self._wake[1], _END)

    def close(self) -> None:
        """To be called once the thread has ended."""
        wake, self._wake = self._wake, ()
        for descriptor in wake:
            os.close(descriptor)

    def run(self) -> None:
        """Read until there can be no more: the thread."""
        keystrokes = Keystrokes(self._escape_delay, time.monotonic)
        wake = self._wake[0]
        waiting = select.poll()
        # While keys are answered on the remembered frame they are not ours; that the terminal has gone is told anyway.
        waiting.register(self._fileno, 0 if self._answered_before else select.POLLIN)
        waiting.register(wake, select.POLLIN)
        while True:
            limit = keystrokes.deadline
            ready = dict(waiting.poll(None if limit is None else max(0, limit - time.monotonic()) * 1000))
            if wake in ready:
                if os.read(wake, 1) == _END:
                    return
                keystrokes = self._take_over(keystrokes)
                waiting.modify(self._fileno, select.POLLIN)
            elif not self._hand_on(keystrokes, come=self._fileno in ready):
                return

    def _take_over(self, keystrokes: Keystrokes) -> Keystrokes:
        left, self._left = self._left, None
        if left is None:
            return keystrokes
        self._pass_on(left[1])
        return left[0]

    def _hand_on(self, keystrokes: Keystrokes, *, come: bool) -> bool:
        """Hand on what has come, or what the silence has decided; False when there can be no more.

        In a frame of its own: the thread may sleep for days, and must not hold all the while what was typed last.
        """
        if not come:
            pieces = keystrokes.expire()
        elif (data := self._read()) is None:
            return True
        elif data:
            pieces = keystrokes.feed(data)
        else:
            self._lost()
            return False
        self._pass_on(pieces)
        return True

    def _pass_on(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if piece.kind is Kind.SEQUENCE or self._throttle.admits():
                self._take(piece)

    def _read(self) -> bytes | None:
        """What there is to read: None if it has gone meanwhile, empty if there will be nothing more."""
        try:
            return os.read(self._fileno, READ_SIZE)
        except BlockingIOError:
            return None
        except OSError:
            return b""
