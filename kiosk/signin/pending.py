"""The pending attempt through a power cut: its entry in the keyring mirrors it from before the first mail to its end.

A keyring that is missing, locked or slow costs nobody anything: the attempt goes on, and only a power cut would end it.

A shared screen comes back to it as well. The one who asked may be gone, but that they may be without a power cut too:
the deadline is the same, and the welcome signs itself out. Only where no clock can tell how long the power was away,
or where the deadline passed meanwhile, a shared screen begins anew.
"""

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.smartlogin.attempt import Attempt, Snapshot
from kiosk.values import replace
from kiosk.vault.owner import lives_on, this_process
from kiosk.vault.pending import Pending, Stamp
from kiosk.vault.problems import VaultError

if TYPE_CHECKING:
    from kiosk.signin.stage import Parts

PATIENCE = 0.3
"""Seconds that a request for a mail waits for the entry to be written: a blink, and most keyrings need far less."""

LATE = 15 * 60.0
"""Seconds after the deadline in which a home screen that starts again still asks whether the link was clicked."""

LAST_CALL = 30.0
"""Seconds for which it then asks: enough for every GUID in the round."""

MOST_LIVES = 5
"""A box that dies each time that it comes back to an attempt must come back to the entry at last."""


class PendingEntry:
    """The entry of the pending attempt, in the sign-in's hands."""

    def __init__(self, parts: "Parts") -> None:
        self._parts = parts
        self._kept: Snapshot | None = None
        self._lives = 0
        self._maybe_there = False
        self._writing: asyncio.Event | None = None
        self._slow = False

    @property
    def begun(self) -> bool:
        """Whether an attempt of this run has taken the entry: whatever stood in it before is over."""
        return self._kept is not None or self._writing is not None

    def mirror(self, attempt: Attempt | None) -> None:
        """Have the entry say what `attempt` is now, where it does not; without an attempt it goes."""
        snapshot = attempt.snapshot if attempt is not None else None
        if snapshot is not None and not snapshot.asked:
            snapshot = None
        if snapshot == self._kept or not self._parts.resumes:
            return
        self._kept = snapshot
        if snapshot is None:
            self.remove()
        else:
            pending = Pending(snapshot, self._stamp(), this_process(), self._lives)
            self._maybe_there = True
            self._writing = self._parts.vault.put_pending(pending)

    async def written(self) -> None:
        """Give the keyring a moment to write; one that was slow before gets none."""
        if self._writing is None or self._slow:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._writing.wait()
        except TimeoutError:
            self._slow = True

    def remove(self) -> None:
        """Have the entry removed, beside whatever goes on."""
        if self._maybe_there:
            self._writing = self._parts.vault.put_pending(None)
        self._maybe_there, self._lives = False, 0

    async def found(self) -> Attempt | None:
        """The attempt that the last run left behind, where it can go on; another one is removed."""
        if not self._parts.resumes:
            return None
        try:
            pending = await self._parts.vault.load_pending()
        except VaultError:
            # Missing, or not to be had now. Should it be there after all, the next attempt writes over it.
            return None
        if pending is None or self.begun or lives_on(pending.owner):
            return None
        self._maybe_there = True
        snapshot = self._caught_up(pending) if pending.lives < MOST_LIVES else None
        if snapshot is None:
            self.remove()
            return None
        self._lives = pending.lives + 1
        return Attempt.resumed(snapshot, self._parts.new_guid)

    async def clear(self) -> None:
        """Remove what the last run left behind: a session came of it."""
        if self._parts.resumes and not self.begun:
            with contextlib.suppress(VaultError):
                await self._parts.vault.forget_pending()

    def _stamp(self) -> Stamp:
        clock = self._parts.clock
        return Stamp(clock.boot(), clock.now(), clock.wall())

    def _caught_up(self, pending: Pending) -> Snapshot | None:
        """The attempt in the time of this run; None where its time is over."""
        snapshot, then, now = pending.attempt, pending.stamp, self._stamp()
        if now.boot == then.boot and now.boot and now.now >= then.now:
            away = now.now - then.now
        else:
            # Boxes boot with a wrong clock. One that went back says nothing, and then what was left is left.
            away = max(0.0, (now.wall - then.wall) / timedelta(seconds=1))
            if self._parts.shared and now.wall < then.wall:
                return None
        shift = now.now - then.now - away
        deadline = snapshot.deadline + shift
        late = now.now - deadline
        if late >= 0:
            if self._parts.shared or late > LATE:
                return None
            deadline = now.now + LAST_CALL
        return replace(
            snapshot,
            asked=tuple((guid, asked + shift) for guid, asked in snapshot.asked),
            deadline=deadline,
            resend_at=snapshot.resend_at + shift,
        )
