"""When the next ping is due: pure arithmetic, the time and the dice passed in.

Pings go where clicks happen. Nobody has read a mail that went out seconds ago; most people open it within a minute,
nearly all others within two; and who took ten minutes does not notice ten seconds. So the interval follows the chance
of a click (`spacing`): for a given number of pings the delay is least where the interval is as one over the root of
that chance. A key press after a silence, "I opened it" and another mail bring the dense pings back.
`python -m tests.benchmarks.pace` shows what that does for people and for the service.

The interval counts from the sending. A 429 slows the whole attempt down (RFC 8628 section 3.5 asks the same of
`slow_down`), and apart from the other boxes that met it; a failure on the way doubles the pause up to 30 seconds and is
forgotten with the first answer.
"""

from collections.abc import Callable

INTERVAL = 5.0
"""Seconds from one ping to the next by LoginRadius' own script, and what pauses after failures begin with."""

QUIET = 15.0
"""Seconds after the first mail in which hardly anybody has read it yet."""

BUSY_INTERVAL = 2.7
"""Seconds, the interval while a click is due any moment."""

_STEPS = ((QUIET, INTERVAL), (60.0, BUSY_INTERVAL), (120.0, 4.0))
"""Until a mail has been out for so many seconds, the interval is so many."""

BUSY_UNTIL = 120.0
"""Seconds after a mail in which nearly everybody has opened it."""

TAIL_INTERVAL = 9.0
"""Seconds, the interval after that, to begin with."""

TAIL_SHARE = 0.018
"""The least interval as a share of the time that the mail has been out: the tail of a long wait thins out."""

LONGEST_TAIL = 20.0
"""Seconds, the most that waiting alone stretches the interval to: an hour costs 180 pings."""

STIR = 15.0
"""Seconds that pings stay dense after a sign of the person."""

SILENCE = 10.0
"""Seconds without a key that make the next one a sign of somebody who comes back."""

SLOWER_BY = 5.0
"""Seconds added to the interval, for good, by a 429."""

ONE_JAM = 20.0
"""Seconds in which further 429s belong to the same jam and add nothing: what slowed all boxes down is given the time to
tell, or those that were hit by chance twice would wait longest for good."""

SPREAD = 0.6
"""Share of the interval by which a pause after a 429 is stretched at random: boxes that met it together come apart."""

DRIFT = 0.35
"""Share of the interval by which each one is stretched at random after that, so that they stay apart."""

LONGEST_PAUSE = 30.0
"""Seconds, the most that failures stretch the pause to."""

LONGEST_INTERVAL = 60.0
"""Seconds, the most that repeated 429s stretch the interval to."""

LONGEST_HINT = 60.0
"""Seconds, the most that the service's word on the next ping counts."""

MOST_DOUBLINGS = 10
"""More would change nothing, and overflow in a night without network."""

SHORTEST_GAP = 1.0
"""Seconds between two pings, however impatient the person is."""


def spacing(age: float) -> float:
    """Seconds from one ping to the next when the newest mail has been out for `age` seconds."""
    for until, interval in _STEPS:
        if age < until:
            return interval
    return min(max(TAIL_INTERVAL, TAIL_SHARE * age), LONGEST_TAIL)


class Pace:
    """The schedule of one attempt's pings. All times are seconds of one monotonic clock."""

    def __init__(self, now: float, dice: Callable[[], float]) -> None:
        """Start with a ping that is due at once, and a mail that has just gone out.

        Args:
            now: The time.
            dice: Gives numbers in [0, 1); the jitter of the pauses after failures and 429s.
        """
        self.due = now
        """When the next ping is due."""
        self._dice = dice
        self._slower = 0.0
        self._slowed = now - ONE_JAM
        self._failures = 0
        self._mailed = now
        self._stirred = now - STIR
        self._touched = now
        self._sent = now - SHORTEST_GAP
        self._not_before = now

    @property
    def earliest(self) -> float:
        """The soonest that the service's word and good manners allow the next ping, however urgent it is."""
        return max(self._sent + SHORTEST_GAP, self._not_before)

    def sent(self, now: float) -> None:
        """A ping goes out now."""
        self._sent = now
        interval = self._interval(now)
        if self._slower:
            interval *= 1 + DRIFT * self._dice()
        self.due = max(now + interval, self._not_before)

    def answered(self, hint: float | None = None) -> None:
        """The service answered "not yet": whatever failed before is over.

        `hint` is its word on the next ping, in seconds from the last one.
        """
        self._failures = 0
        if hint is not None:
            self.due = max(self._sent + min(max(hint, SHORTEST_GAP), LONGEST_HINT), self._not_before)

    def limited(self, now: float, retry_after: float | None) -> None:
        """The service answered 429."""
        self._failures = 0
        if now - self._slowed >= ONE_JAM:
            self._slower = min(self._slower + SLOWER_BY, LONGEST_INTERVAL)
            self._slowed = now + (retry_after or 0.0)
        interval = self._interval(now)
        pause = max(0.0, self._sent + interval - now) if retry_after is None else retry_after
        # No hurry shortens it: whoever presses on would only be refused again, and slower.
        self._not_before = max(self._not_before, now + pause)
        # Later than asked, never sooner, and apart from the others that were told the same moment.
        self.due = max(self.due, self._not_before, self._sent + interval) + SPREAD * interval * self._dice()

    def failed(self, now: float) -> None:
        """No usable answer came. The pause counts from now: a ping may have taken long to fail."""
        self._failures = min(self._failures + 1, MOST_DOUBLINGS)
        least = INTERVAL + self._slower
        pause = min(least * 2 ** (self._failures - 1), max(LONGEST_PAUSE, least))
        # Only ever shorter than the cap, and apart from the other boxes that lost the same service.
        self.due = max(now + pause * (1 - 0.2 * self._dice()), self._not_before)

    def hurry(self, now: float) -> None:
        """The person says that the link is open: ping as soon as manners allow, and closely for a while."""
        self._stirred = self._touched = now
        self.due = min(self.due, max(now, self.earliest))

    def at_once(self, now: float) -> None:
        """The next ping says what the last one could not, through nobody's fault."""
        self.due = min(self.due, max(now, self.earliest))

    def touched(self, now: float) -> None:
        """A key was pressed, whichever: after a silence somebody is back, perhaps from opening the link."""
        if now - self._touched >= SILENCE:
            self.hurry(now)
        self._touched = now

    def mailed(self, now: float) -> None:
        """Another mail has gone out: its click is to be expected, and that of the earlier ones more than ever."""
        self._mailed = now - QUIET
        self.due = min(self.due, max(now, self._sent + self._interval(now), self._not_before))

    def _interval(self, now: float) -> float:
        interval = spacing(now - self._mailed)
        if now - self._stirred < STIR:
            interval = min(interval, BUSY_INTERVAL)
        return min(interval + self._slower, LONGEST_INTERVAL)
