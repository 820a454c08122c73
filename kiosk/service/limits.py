"""How many calls a second a site answers."""

from kiosk.service.house import WallClock


class RateLimit:
    """A token bucket, filled at `rate` a second up to two seconds' worth. Counts in this process only."""

    def __init__(self, rate: int, clock: WallClock) -> None:
        """Allow `rate` calls a second; 0 allows any number."""
        self._rate = rate
        self._clock = clock
        self._left = self._full = 2.0 * rate
        self._last = clock()

    def wait(self) -> float:
        """Count one call; return the seconds until it would be allowed (0: it is)."""
        if not self._rate:
            return 0.0
        now = self._clock()
        # A clock that was set back neither fills nor drains the bucket.
        self._left = min(self._full, self._left + max(0.0, now - self._last) * self._rate)
        self._last = now
        if self._left < 1.0:
            return (1.0 - self._left) / self._rate
        self._left -= 1.0
        return 0.0
