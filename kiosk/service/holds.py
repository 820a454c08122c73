"""Pings that are held open until a link is opened: `wait=` of a device that asks for it.

A click that this process served wakes them at once. Clicks that other processes of the same store served are looked for
ten times a second, by one question for all held pings together, and only while there are any; on a file of SQLite that
question is whether the file has changed at all. So a held ping costs a place in a dictionary and a connection.
"""

import asyncio
import contextlib
import logging
import resource
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from kiosk.service.store.base import Store, StoreTrouble

_log = logging.getLogger(__name__)

MOST_HELD: Final = 2_000
"""Pings that a process holds, or half of the connections that it may open where these are few; one more is answered at
once, and polls. A process serves one site."""

LOOK_EVERY: Final = 0.1
"""Seconds between two looks for clicks that other processes served."""

OVERLAP: Final = 2.0
"""Seconds that each look reaches back beyond the last: hosts' clocks agree within one."""


class Place:
    """One held ping's place among the held."""

    def __init__(self, holds: "Holds", guids: Sequence[bytes]) -> None:
        self._holds = holds
        self.guids = tuple(guids)
        self.woken: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def wake(self, *, ask: bool) -> None:
        """End the holding; `ask`: the attempt is worth a look."""
        if not self.woken.done():
            self.woken.set_result(ask)

    def leave(self) -> None:
        """Give the place back."""
        self._holds.left(self)

    async def until_opened(self, seconds: float, gone: Awaitable[object]) -> bool:
        """Wait for a click, at most so long; False when there is nobody left to answer, or no time to.

        `gone` ends when the caller has gone away: a session must not be handed out to nobody.
        """
        leaving: asyncio.Future[object] = asyncio.ensure_future(gone)
        ends: set[asyncio.Future[Any]] = {self.woken, leaving}
        try:
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                return False
            return self.woken.result() if self.woken.done() else True
        finally:
            leaving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await leaving


class Holds:
    """The held pings of one process."""

    def __init__(self, store: Store, site: str, clock: Callable[[], float]) -> None:
        self._store, self._site, self._clock, self._most = store, site, clock, _room()
        self._places: dict[bytes, set[Place]] = {}
        self._all: set[Place] = set()
        self._looking: asyncio.Task[None] | None = None
        self._ending = False

    def __len__(self) -> int:
        return len(self._all)

    def place(self, guids: Sequence[bytes]) -> Place | None:
        """Take a place for a ping about the first of these GUIDs that wants to hear of a click on any; None: all taken.

        Of two pings about the same GUID the later one stays: the earlier one's device has long given it up.
        """
        if self._ending:
            return None
        for other in tuple(self._places.get(guids[0], ())):
            if other.guids[0] == guids[0]:
                other.wake(ask=False)
                self.left(other)
        if len(self._all) >= self._most:
            return None
        place = Place(self, guids)
        self._all.add(place)
        for guid in place.guids:
            self._places.setdefault(guid, set()).add(place)
        if self._store.shared and self._looking is None:
            self._looking = asyncio.create_task(self._look())
        return place

    def left(self, place: Place) -> None:
        """A held ping has been answered, or nobody waits for it any more."""
        self._all.discard(place)
        for guid in place.guids:
            if places := self._places.get(guid):
                places.discard(place)
                if not places:
                    del self._places[guid]

    def opened(self, guid: bytes) -> None:
        """A link was opened: whoever waits for it has waited long enough."""
        for place in self._places.get(guid, ()):
            place.wake(ask=True)

    def end(self) -> None:
        """Let everybody go, and hold nobody from now on: the service ends."""
        self._ending = True
        for place in tuple(self._all):
            place.wake(ask=False)

    async def _look(self) -> None:
        """Look for clicks that other processes served, while anybody is held."""
        seen = self._clock()
        try:
            while self._all:
                now = self._clock()
                try:
                    for guid in await self._store.opened_since(self._site, min(seen, now) - OVERLAP):
                        self.opened(guid)
                    seen = now
                except StoreTrouble as trouble:
                    _log.warning("held pings could not be looked after: %s", trouble)
                await asyncio.sleep(LOOK_EVERY)
        finally:
            self._looking = None


def _room() -> int:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST_HELD if files < 0 else max(8, min(MOST_HELD, files // 2))
