"""How many keys a moment has room for: a person's, and not a flood's."""

from collections.abc import Callable


class Throttle:
    """Lets through as many keys as people and remotes press, and not the megabytes of a paste without brackets.

    Args:
        burst: How many at once.
        rate: How many a second.
        clock: Monotonic seconds.
    """

    def __init__(self, burst: int, rate: float, clock: Callable[[], float]) -> None:
        self._burst = burst
        self._rate = rate
        self._clock = clock
        self._room = float(burst)
        self._since = clock()

    def admits(self) -> bool:
        """Whether one more may pass now."""
        now = self._clock()
        self._room = min(self._burst, self._room + (now - self._since) * self._rate)
        self._since = now
        if self._room < 1:
            return False
        self._room -= 1
        return True
