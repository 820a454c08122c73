"""Time that passes only while everybody waits: an hour of a sign-in, its time-outs included, in a second.

The loop keeps a time of its own. Whenever there is nothing to do but to wait for a timer, that timer's moment has
come. Sockets are real; what would run in a thread runs at once, so that no time passes meanwhile.
"""

import asyncio
import selectors
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from kiosk.clock import SystemClock
from kiosk.vault.lane import Lane

T = TypeVar("T")

WALL = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)

GRACE = 0.00005
"""Real seconds that what is on its way between two sockets of this machine may need. More would only be slower: a jump
too early makes an answer late by one timer, as a slow network does."""

LONGEST_SILENCE = 60.0
"""Real seconds without any timer or event: nothing will ever happen again."""


class _Selector(selectors.DefaultSelector):
    jump: Callable[[float], None]

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            found = super().select(LONGEST_SILENCE)
            assert found, "everybody waits, and for nothing"
            return found
        found = super().select(0)
        if not found and timeout > 0:
            time.sleep(GRACE)  # a selector's own shortest wait is a millisecond
            found = super().select(0)
        if not found and timeout > 0:
            self.jump(timeout)
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is its own."""

    def __init__(self) -> None:
        selector = _Selector()
        super().__init__(selector)
        self._now = 1000.0
        selector.jump = self._jump

    def time(self) -> float:
        return self._now

    def wall(self) -> datetime:
        """The right time of day."""
        return WALL + timedelta(seconds=self._now - 1000.0)

    def run_in_executor(self, _executor: Any, func: Callable[..., T], *arguments: Any) -> "asyncio.Future[T]":  # type: ignore[override]
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*arguments))
        except BaseException as error:  # noqa: BLE001 - as executors do
            future.set_exception(error)
        return future

    def _jump(self, seconds: float) -> None:
        self._now += seconds


class VirtualClock(SystemClock):
    """The clocks of a box that lives in a virtual loop; it can be put to sleep, and its wall clock set."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop
        self._slept = 0.0
        self._naps: list[tuple[float, float]] = []
        self._wrong = timedelta()

    def now(self) -> float:
        return self._loop.time() + self._slept

    def wall(self) -> datetime:
        return self._loop.wall() + timedelta(seconds=self._slept) + self._wrong

    def suspend(self, seconds: float) -> None:
        """The machine slept so long: its loop's time stood still meanwhile."""
        self._slept += seconds
        self._naps.append((self.now(), seconds))

    def slept_between(self, begin: float, end: float) -> float:
        """How long the machine slept from `begin` to `end`, by its own clock."""
        return sum(seconds for woke_at, seconds in self._naps if begin < woke_at <= end + 0.01)

    def forget_naps(self) -> None:
        """Nobody will ask."""
        self._naps.clear()

    def set_wrong(self, by: timedelta) -> None:
        """The wall clock jumps."""
        self._wrong = by


class InlineLane(Lane):
    """Does what it is given at once."""

    def put(self, work: Callable[[], T], *, changes: bool = False) -> "Future[T]":
        future: Future[T] = Future()
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - as the lane does
            future.set_exception(error)
        return future


def run_virtually(main: Callable[[VirtualLoop], Any], troubles: list[Mapping[str, Any]]) -> Any:
    """Run `main(loop)` to its end; what the loop's exception handler hears of goes to `troubles`."""
    loop = VirtualLoop()
    loop.set_exception_handler(lambda _loop, context: troubles.append(context))
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main(loop))
