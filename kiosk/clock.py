"""The clocks, as one part that is passed in: tests run in milliseconds, and no deadline hangs on the wall clock."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

LONGEST_NAP = 30.0
"""Seconds: how late a deadline may be noticed that passed while the machine slept."""

SHORT_NAP = 2.0
"""Seconds: the same for what is due within a long nap, such as a ping. Less would wake the processor for nothing."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """What the flow and the screens need of time."""

    def now(self) -> float:
        """Seconds since an arbitrary start; never jumps, and goes on while the machine sleeps."""
        ...

    def wall(self) -> datetime:
        """The time of day in UTC, as far as this box knows it: boxes boot with a wrong clock."""
        ...

    def boot(self) -> str:
        """Which run of the machine `now` counts in; empty where nobody knows. No two runs have the same."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of `now`."""
        ...


class SystemClock:
    """The clocks of this machine."""

    def now(self) -> float:
        """CLOCK_BOOTTIME: unlike CLOCK_MONOTONIC it counts a suspend, and the link in the mail ages meanwhile too."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def wall(self) -> datetime:
        """The time of day in UTC."""
        return datetime.now(UTC)

    def boot(self) -> str:
        """The kernel's boot id, made anew each time the machine starts."""
        try:
            return _BOOT_ID.read_text("ascii").strip()
        except (OSError, ValueError):
            return ""

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of `now`; asyncio's own clock stands still while the machine sleeps."""
        import asyncio  # here, so that `kiosk status` does not pay for it

        end = self.now() + seconds
        while (left := end - self.now()) > 0:  # noqa: ASYNC110 - time is what is waited for
            await asyncio.sleep(min(left, SHORT_NAP if left <= LONGEST_NAP else LONGEST_NAP))
