"""Whether the next ping is held open until the click: what the service offers, and what the way to it bears.

A service says in its "not yet" for how long it would hold the next ping (an extension of ours; LoginRadius says nothing
and is polled). A held ping that breaks off is no outage: some proxies cut what takes long. The next one is an ordinary
one, at once; and a way that has cut two holds in a row gets no more of them. Pure; all times are seconds of one
monotonic clock that the caller reads.
"""

LONGEST_HOLD = 20.0
"""Seconds, the most that a ping is held: what is lost on the way without a word is noticed soon after."""

SHORTEST_HOLD = 1.0
"""Seconds: less is not worth the asking, and a failure within it is none of a proxy's patience."""

MOST_CUTS = 2
"""Holds that may break off in a row before there are no more."""


class Holding:
    """The holding of one waiting's pings."""

    def __init__(self) -> None:
        self.known = False
        """The service knows our extensions."""
        self._offer = 0.0
        self._cuts = 0
        self._asked = 0.0
        self._sent = 0.0

    def ask(self, now: float, deadline: float) -> float:
        """Seconds for which the ping that goes out now asks to be held, to the deadline at most; 0 for not at all."""
        seconds = min(self._offer, LONGEST_HOLD, deadline - now)
        self._asked, self._sent = (seconds if seconds >= SHORTEST_HOLD else 0.0), now
        return self._asked

    @property
    def holds(self) -> bool:
        """Whether the ping that is under way is one to be held: it knows nothing of what has happened since."""
        return self._asked > 0

    def overdue(self, now: float) -> bool:
        """Whether it should have been answered: this machine slept through it, and the connection may be long dead."""
        return self._asked > 0 and now - self._sent > self._asked + SHORTEST_HOLD

    def answered(self, now: float, offer: float) -> bool:
        """The service said "not yet", and offers to hold the next ping so long; whether that one may go out at once."""
        whole = self._asked > 0 and now - self._sent >= self._asked - SHORTEST_HOLD
        if whole:
            self._cuts = 0
        self.known = self.known or offer > 0
        self._offer = offer if self._cuts < MOST_CUTS else 0.0
        # One that was not held though it asked for it goes by the pace of polling, whatever is offered.
        return self._offer > 0 and (whole or self._asked == 0)

    def failed(self, now: float) -> bool:
        """The ping failed on the way; whether it was a hold that broke off, and the next one may go out at once."""
        self._offer = 0.0
        if not self._asked or now - self._sent < SHORTEST_HOLD:
            return False
        self._cuts += 1
        return True
