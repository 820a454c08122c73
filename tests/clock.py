"""A clock that a test moves by hand."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = 1000.0
WALL = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


class FakeClock:
    """Stands still until it is told to advance; then wakes its sleepers in order."""

    def __init__(self, *, now: float = START, wall: datetime = WALL, boot: str = "boot-1") -> None:
        self._now = self._start = now
        self._wall, self._boot = wall, boot
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    def now(self) -> float:
        return self._now

    def wall(self) -> datetime:
        return self._wall + timedelta(seconds=self._now - self._start)

    def boot(self) -> str:
        return self._boot

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._count), future))
        await future

    async def advance(self, seconds: float) -> None:
        target = self._now + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= target:
            at, _, future = heapq.heappop(self._sleepers)
            self._now = max(self._now, at)
            if not future.done():
                future.set_result(None)
            await settle()
        self._now = target
        await settle()


async def settle() -> None:
    """Let everything run that can run without time passing."""
    for _ in range(60):
        await asyncio.sleep(0)


async def until(condition: Callable[[], object], limit: float = 5.0) -> None:
    """Return as soon as `condition` holds; threads take real, if very short, time."""
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "it never came"
        await asyncio.sleep(0.001)
