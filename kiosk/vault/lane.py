"""One thread for all that may hang, and that never holds up the exit."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from kiosk.loop import fulfil
from kiosk.values import Value

T = TypeVar("T")

MOST_LEFT = 4
"""Threads that may hang in questions at the same time; after that, whoever asks waits for them."""


class _Turn(Value):
    future: Future[Any]
    work: Callable[[], Any]
    changes: bool


class Lane:
    """One daemon thread that does one thing after the other. Started by the first call.

    A question that hangs is left behind, and a fresh thread goes on with what waits: its answer can come late without
    harm. A change that hangs is never overtaken: it may still happen, and would undo a removal that went before it.
    """

    def __init__(self) -> None:
        self._turns: deque[_Turn] = deque()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._now: _Turn | None = None
        self._left = 0

    def put(self, work: Callable[[], T], *, changes: bool = True) -> "Future[T]":
        """Have `work` done after what waits already; say when it is only a question."""
        future: Future[T] = Future()
        with self._wake:
            # What was given up while it waited must not pile up behind something that hangs for weeks.
            self._turns = deque(turn for turn in self._turns if not turn.future.cancelled())
            self._turns.append(_Turn(future, work, changes))
            self._wake.notify_all()
            if self._thread is None:
                self._start()
        return future

    def give_up(self, future: "Future[Any]") -> None:
        """Nobody waits for this any more. A change is done all the same, in its turn."""
        with self._wake:
            if self._now is not None and self._now.future is future:
                if not self._now.changes and self._left < MOST_LEFT:
                    self._left += 1
                    self._start()
            elif any(turn.future is future and not turn.changes for turn in self._turns):
                future.cancel()

    def beside(self, work: Callable[[], None]) -> asyncio.Event:
        """Have `work`, which never fails, done in its turn; the event is set when it is."""
        done, loop = asyncio.Event(), asyncio.get_running_loop()

        def tell() -> None:
            work()
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(done.set)

        self.put(tell)
        return done

    def _start(self) -> None:
        self._now = None
        self._thread = threading.Thread(target=self._run, name="vault", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (turn := self._next()) is not None:
            fulfil(turn.future, turn.work)
            del turn  # a parked thread must not keep the last secret alive

    def _next(self) -> _Turn | None:
        """What to do next; None for a thread that was left behind, and has come back."""
        with self._wake:
            if threading.current_thread() is not self._thread:
                self._left -= 1
                return None
            self._now = None
            while True:
                self._wake.wait_for(lambda: bool(self._turns))
                turn = self._turns.popleft()
                if turn.future.set_running_or_notify_cancel():
                    self._now = turn
                    return turn
