"""When the next ping is due: pure arithmetic, the time and the dice passed in.

Pings go out every 5 seconds, as LoginRadius' own script does, counted from the sending of the last one. A 429 slows the
whole attempt down (RFC 8628 section 3.5 asks the same of `slow_down`); a failure on the way doubles the pause up to
30 seconds and is forgotten with the first answer.
"""

from collections.abc import Callable

INTERVAL = 5.0
"""Seconds from one ping to the next."""

SLOWER_BY = 5.0
"""Seconds added to the interval, for good, by a 429 that names no time."""

LONGEST_PAUSE = 30.0
"""Seconds, the most that failures stretch the pause to."""

LONGEST_INTERVAL = 60.0
"""Seconds, the most that repeated 429s stretch the interval to."""

MOST_DOUBLINGS = 10
"""More would change nothing, and overflow in a night without network."""

SHORTEST_GAP = 1.0
"""Seconds between two pings, however impatient the person is."""


class Pace:
    """The schedule of one attempt's pings. All times are seconds of one monotonic clock."""

    def __init__(self, now: float, dice: Callable[[], float]) -> None:
        """Start with a ping that is due at once.

        Args:
            now: The time.
            dice: Gives numbers in [0, 1); the jitter of the pauses after failures.
        """
        self.due = now
        """When the next ping is due."""
        self._dice = dice
        self._interval = INTERVAL
        self._failures = 0
        self._sent = now - SHORTEST_GAP
        self._not_before = now

    @property
    def earliest(self) -> float:
        """The soonest that the service's word and good manners allow the next ping, however urgent it is."""
        return max(self._sent + SHORTEST_GAP, self._not_before)

    def sent(self, now: float) -> None:
        """A ping goes out now."""
        self._sent = now
        self.due = max(now + self._interval, self._not_before)

    def answered(self) -> None:
        """The service answered "not yet": whatever failed before is over."""
        self._failures = 0

    def limited(self, now: float, retry_after: float | None) -> None:
        """The service answered 429."""
        self._failures = 0
        if retry_after is None:
            self._interval = min(self._interval + SLOWER_BY, LONGEST_INTERVAL)
            retry_after = max(0.0, self._sent + self._interval - now)
        # No hurry shortens it: whoever presses on would only be refused again, and slower.
        self._not_before = max(self._not_before, now + retry_after)
        self.due = max(self.due, self._not_before)

    def failed(self, now: float) -> None:
        """No usable answer came. The pause counts from now: a ping may have taken long to fail."""
        self._failures = min(self._failures + 1, MOST_DOUBLINGS)
        pause = min(self._interval * 2 ** (self._failures - 1), max(LONGEST_PAUSE, self._interval))
        # Only ever shorter than the cap, and apart from the other boxes that lost the same service.
        self.due = max(now + pause * (1 - 0.2 * self._dice()), self._not_before)

    def hurry(self, now: float) -> None:
        """The person says that the link is open: ping as soon as manners allow."""
        self.due = min(self.due, max(now, self.earliest))
