"""One login attempt: its client GUIDs, its deadline, its resends, and what the answer to a ping means for it.

A resend asks under a new GUID, and every GUID that was asked for before stays in the round while it lives: whichever
mail the person finds first signs them in. All times are seconds of one monotonic clock that the caller reads.
"""

import uuid
from collections.abc import Callable
from enum import Enum, auto
from typing import Self

from kiosk.smartlogin.errors import RateLimited, ServiceTrouble, SmartLoginError, TransportError
from kiosk.smartlogin.models import Identifier
from kiosk.smartlogin.pace import BUSY_UNTIL
from kiosk.smartlogin.refusals import GuidInvalid, GuidUsed, LinkRefused, NotClickedYet
from kiosk.values import Value, hidden

SETTLING = 20.0
"""Seconds after a request in which "GUID invalid" (1140) does not count: LoginRadius' own script goes on through it."""

RESEND_PAUSES = (30.0, 60.0, 120.0)
"""Seconds from one mail to the next that may be asked for; the last one repeats."""

MOST_GUIDS = 32
"""GUIDs in the round: an hour of asking for another mail without a break. The oldest makes room: among so many its turn
comes every ten minutes, and neither memory nor the keyring's entry is to grow with somebody's impatience."""

MOST_OTHERS = 8
"""GUIDs that a ping asks about besides its own, where the service answers for several."""

LOST_PAUSE = 10.0
"""Seconds after a request whose answer was lost: its mail may be out, and a press a second would flood the mailbox."""


def new_client_guid() -> str:
    """A client GUID: version 4 of RFC 9562, from the system's CSPRNG (`uuid4` reads `os.urandom`)."""
    return str(uuid.uuid4())


class Ruling(Enum):
    """What an answer to a ping means for the attempt."""

    GO_ON = auto()
    """Not clicked yet."""
    RETRY = auto()
    """No answer that says anything; ask again later."""
    DROPPED = auto()
    """This GUID is spent, others are still good."""
    OVER = auto()
    """No further ping: the attempt has ended."""


class Snapshot(Value):
    """What it takes to go on with a login attempt later."""

    identifier: Identifier
    asked: tuple[tuple[str, float], ...] = hidden()
    """The GUIDs in the round and when each was asked for, the oldest first."""
    deadline: float
    resend_at: float
    mails: int
    window: float


class Attempt:
    """A login attempt for one person."""

    def __init__(
        self,
        identifier: Identifier,
        now: float,
        window: float,
        new_guid: Callable[[], str] = new_client_guid,
    ) -> None:
        """Begin an attempt that waits `window` seconds for the click."""
        self.identifier = identifier
        self.deadline = now + window
        """When to stop waiting."""
        self.resend_at = now + RESEND_PAUSES[0]
        """From when on another mail may be asked for."""
        self._window = window
        self._new_guid = new_guid
        self._asked: dict[str, float] = {}
        self._numbers: dict[str, str] = {}
        self._mails = 0
        self._turn = 0

    @classmethod
    def resumed(cls, snapshot: Snapshot, new_guid: Callable[[], str] = new_client_guid) -> Self:
        """The attempt that `snapshot` was taken of."""
        attempt = cls(snapshot.identifier, 0.0, snapshot.window, new_guid)
        attempt.deadline, attempt.resend_at = snapshot.deadline, snapshot.resend_at
        attempt._asked, attempt._mails = dict(snapshot.asked), snapshot.mails
        attempt._order()
        return attempt

    @property
    def snapshot(self) -> Snapshot:
        """The attempt as it stands."""
        return Snapshot(
            self.identifier,
            tuple(self._asked.items()),
            self.deadline,
            self.resend_at,
            self._mails,
            self._window,
        )

    def __repr__(self) -> str:
        return f"<Attempt with {len(self._asked)} GUIDs>"

    def fresh_guid(self, now: float) -> str:
        """A new GUID for a request that goes out now; in the round at once: the mail may outrun the answer."""
        guid = self._new_guid()
        self._asked[guid] = now
        while len(self._asked) > MOST_GUIDS:
            self.drop(next(iter(self._asked)))
        self._order()
        return guid

    def drop(self, guid: str) -> None:
        """Take a GUID out of the round."""
        self._asked.pop(guid, None)
        self._numbers.pop(guid, None)
        self._order()

    def mailed(self, now: float) -> None:
        """A mail is on its way: its link is fresh, and so is the time to click it; time that was asked for stays."""
        self.deadline = max(self.deadline, now + self._window)
        self.resend_at = now + RESEND_PAUSES[min(self._mails, len(RESEND_PAUSES) - 1)]
        self._mails += 1

    def not_mailed(self, now: float, wait: float) -> None:
        """No other mail is on its way, or nobody knows: one may be asked for again after `wait` seconds."""
        self.resend_at = now + wait

    def extend(self) -> None:
        """The person needs more time: one more window."""
        self.deadline += self._window

    def saw_number(self, guid: str, number: str) -> None:
        """The hosted page behind this GUID's mail asks for a number; or, when empty, it does not."""
        if guid in self._asked:
            self._numbers[guid] = number

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that hosted pages may ask for, the newest mail's first."""
        return tuple(number for guid in reversed(self._asked) if (number := self._numbers.get(guid)))

    def next_guid(self, now: float) -> str:
        """Whose turn it is to be pinged, at `now`.

        The newest mail is the one most likely to be clicked: two turns of three while its click is due any moment,
        every other turn later on. (Chances of one to four are pinged best at one to two: the share goes by the root.)
        """
        newest, *older = reversed(self._asked) if self._asked else ("",)
        every = 3 if now - self._asked.get(newest, now) < BUSY_UNTIL else 2
        self._turn += 1
        if older and self._turn % every == 0:
            return older[(self._turn // every - 1) % len(older)]
        return newest

    def others(self, guid: str) -> tuple[str, ...]:
        """The GUIDs in the round but for this one, the newest first."""
        return tuple(other for other in reversed(self._asked) if other != guid)[:MOST_OTHERS]

    def rule(self, guid: str, error: SmartLoginError, now: float) -> Ruling:
        """What it means that the ping for `guid` ended in `error`."""
        if isinstance(error, NotClickedYet):
            return Ruling.GO_ON
        if isinstance(error, TransportError | ServiceTrouble | RateLimited):
            return Ruling.RETRY
        if isinstance(error, GuidInvalid) and now - self._asked.get(guid, now) < SETTLING:
            return Ruling.GO_ON
        if not isinstance(error, GuidInvalid | GuidUsed | LinkRefused):
            return Ruling.OVER
        self.drop(guid)
        return Ruling.DROPPED if self._asked else Ruling.OVER

    def _order(self) -> None:
        """The round has changed: the newest mail begins."""
        self._turn = 0
