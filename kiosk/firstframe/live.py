"""Keys answered on the remembered frame, while the rest of the app is still being imported.

A thread of its own reads the terminal: it takes what it understands beyond doubt, and paints what that changes. At the
first key that it does not understand it stops, and leaves that key and all later ones to Textual's driver; so nothing
is lost and nothing comes twice. It imports nothing: the thread that starts it has done so, and holds the import locks.
"""

import os
import select
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kiosk.clock import SystemClock
from kiosk.entry.board import Board
from kiosk.entry.domains import Domains
from kiosk.entry.habits import Habits, read_habits
from kiosk.entry.layouts import LAYOUTS
from kiosk.entry.taps import PAUSE
from kiosk.firstframe import plan as plans
from kiosk.firstframe.answers import answer, is_report, stroke_of
from kiosk.firstframe.opening import Opening, in_background, open_terminal, size_of
from kiosk.firstframe.painting import Painter
from kiosk.language import catalogue
from kiosk.tty.keystrokes import Keystrokes, Piece, escape_delay
from kiosk.widgets.boardpicture import Picture

READ_SIZE = 4096
MOST_KEYS = 512
"""As many as the driver lets through at once: more are no person's."""
PATIENCE = 0.5
"""Seconds that the thread is given to end: it does nothing that lasts."""


class Left(NamedTuple):
    """What the live frame leaves to those who come after it."""

    board: Board | None
    """What was typed, and where the focus is; None if no key was answered."""
    keystrokes: Keystrokes
    """With what was begun: half a character, half a sequence."""
    pieces: list[Piece]
    """What was read and not answered."""


class Live:
    """The first frame, answering keys.

    Args:
        painter: Paints what changes.
        board: What the frame shows.
        keys: Keys that arrive under other names, and ours.
        keyboard: The descriptor that keys are read from.
        terminal: The one that is painted to; it must not block. Closed in the end.
        size: Columns and lines that the frame was made for.
        keystrokes: What reads keys.
        now: The clock of number keys' letters, in seconds.
    """

    def __init__(
        self,
        painter: Painter,
        board: Board,
        *,
        keys: Mapping[str, str],
        keyboard: int,
        terminal: int,
        size: tuple[int, int],
        keystrokes: Keystrokes,
        now: Callable[[], float],
    ) -> None:
        self._painter = painter
        self._board = board
        self._keys = keys
        self._keyboard = keyboard
        self._terminal = terminal
        self._size = size
        self._keystrokes = keystrokes
        self._now = now
        self._pieces: list[Piece] = []
        self._answered = 0
        self._ended = False
        self._wake: tuple[int, ...] = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._thread = threading.Thread(target=self._run, name="kiosk-live", daemon=True)

    def start(self) -> None:
        """Answer keys from here on."""
        self._thread.start()

    def end(self) -> Left:
        """Read nothing any more and paint nothing; may be called from a signal's handler, and more than once."""
        if not self._ended:
            self._ended = True
            os.write(self._wake[1], b"\0")
        self._thread.join(PATIENCE)
        if not self._thread.is_alive():
            wake, self._wake = self._wake, ()
            for descriptor in wake:
                os.close(descriptor)
        return Left(self._board if self._answered else None, self._keystrokes, self._pieces)

    def _run(self) -> None:
        waiting = select.poll()
        waiting.register(self._wake[0], select.POLLIN)
        waiting.register(self._keyboard, select.POLLIN)
        # A terminal that has gone is the driver's business.
        with suppress(OSError):
            while self._turn(dict(waiting.poll(self._limit()))):
                pass
        os.close(self._terminal)

    def _limit(self) -> float | None:
        """Milliseconds until silence has decided something."""
        limits = []
        if self._keystrokes.deadline is not None:
            limits.append(self._keystrokes.deadline - time.monotonic())
        if self._board.tap is not None:
            limits.append(self._board.tap.at + PAUSE - self._now())
        return max(0.0, min(limits)) * 1000 + 1 if limits else None

    def _turn(self, ready: dict[int, int]) -> bool:
        """Take what has come; False at the end."""
        if self._ended or not self._is_ours() or ready.get(self._keyboard, select.POLLIN) != select.POLLIN:
            return False
        if self._keyboard in ready:
            data = os.read(self._keyboard, READ_SIZE)
            if not data:
                return False
            pieces = self._keystrokes.feed(data)
        else:
            pieces = self._keystrokes.expire()
        going = self._take(pieces)
        self._settle()
        self._show()
        return going

    def _is_ours(self) -> bool:
        """Whether the terminal is as the frame has it, and nobody else's: who reads in the background is stopped."""
        return size_of(self._keyboard) == self._size and not in_background()

    def _take(self, pieces: Iterable[Piece]) -> bool:
        """Answer what can be answered; False from the first key on that cannot."""
        going = True
        for piece in pieces:
            board = self._answer(piece) if going else None
            if board is None:
                self._pieces.append(piece)
                going = going and is_report(piece)
            else:
                self._board = board
                self._answered += 1
        return going

    def _answer(self, piece: Piece) -> Board | None:
        stroke = stroke_of(piece, self._keys)
        if stroke is None or self._answered >= MOST_KEYS:
            return None
        if stroke.character and not self._painter.draws(stroke.character):
            return None
        return answer(self._board, stroke, self._now())

    def _settle(self) -> None:
        tap = self._board.tap
        if tap is not None and self._now() >= tap.at + PAUSE:
            self._board = self._board.settle()

    def _show(self) -> None:
        rest = memoryview(self._painter.paint(self._board))
        while rest and not self._ended:
            try:
                rest = rest[os.write(self._terminal, rest) :]
            except BlockingIOError:
                room = select.poll()
                room.register(self._terminal, select.POLLOUT)
                room.register(self._wake[0], select.POLLIN)
                room.poll()


def go_live(opening: Opening, environ: Mapping[str, str]) -> None:
    """Have the frame that is shown answer keys, if it was kept with what that takes."""
    plan = plans.read(opening.plan)
    if plan is None:
        return
    habits = read_habits(Path(plan.habits)) if plan.habits else Habits()
    board = Board.fresh(LAYOUTS[plan.layout], Domains.of(plan.domains, habits.domains), leaves=plan.leaves)
    board = board.with_room(Picture(*plan.keyboard[2:]).room)
    with suppress(OSError):
        opening.live = Live(
            Painter(plan, catalogue(plan.language).gettext, board),
            board,
            keys=plan.keys,
            keyboard=0,
            terminal=open_terminal(),
            size=opening.size,
            keystrokes=Keystrokes(escape_delay(environ), time.monotonic),
            now=SystemClock().now,
        )
        opening.live.start()
