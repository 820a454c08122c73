"""Ways through the headless app that end where they began: over all its screens, and from one mail to the next."""

import asyncio
import random
from pathlib import Path

from kiosk.lockdown.maintenance import maintenance
from kiosk.lockdown.pin import hashed
from kiosk.settings.table import MAINTENANCE_KEYS
from kiosk.signin.states import Ended, Entering, NotSetUp, PolicyDue, Resting, Waiting
from tests.benchmarks.headless import Headless
from tests.virtual import VirtualLoop

WINDOW = 300.0
"""Seconds that an attempt waits: longer than the longest pause between two mails."""

IDLE = 20.0
"""Seconds without a key until the entry rests."""

PIN_HASH = hashed(b"904713", b"0123456789abcdef")


class Rounds:
    """Leads one app over all its screens, in the same way each time."""

    def __init__(self, loop: VirtualLoop, folder: Path) -> None:
        operator = maintenance(MAINTENANCE_KEYS, PIN_HASH, folder, loop.time)
        self.box = Headless(loop, random.Random(1), window=WINDOW, idle=IDLE, maintenance=operator)

    async def once(self) -> None:
        """From the entry back to the entry."""
        await self._mended_address()
        await self._policy()
        await self._expired()
        await self._refused_site()
        await self._rest()

    async def _mended_address(self) -> None:
        box = self.box
        await self._operator()
        await box.enter("jo")
        await box.press("change")
        await box.see(Entering)
        await box.enter("")
        await self._operator()
        box.peer.clicked = True
        await self._welcomed()

    async def _policy(self) -> None:
        self.box.peer.policy = True
        await self.box.enter("jane@x.org")
        self.box.peer.clicked = True
        await self.box.see(PolicyDue)
        await self._welcomed()
        self.box.peer.policy = False

    async def _expired(self) -> None:
        await self.box.enter("maria.garcia1987@yahoo.com")
        await self.box.see(Ended)
        await self.box.press("cancel")
        await self.box.see(Entering)

    async def _refused_site(self) -> None:
        box = self.box
        box.peer.closed_to_us = True
        for key in ("j", "o", "f2"):
            box.key(key, key if len(key) == 1 else None)
        await box.see(NotSetUp)
        box.peer.closed_to_us = False
        await box.press("retry")
        await box.see(Entering)

    async def _rest(self) -> None:
        await self.box.see(Resting)
        self.box.key("down")
        await self.box.see(Entering)

    async def _operator(self) -> None:
        """Somebody types the operator's keys and two digits, and thinks better of it."""
        for key in MAINTENANCE_KEYS.split():
            self.box.key({"ok": "enter", "back": "escape"}.get(key, key))
        await self.box.until(lambda: self.box.app.current_mode == "maintenance")
        for key in ("4", "7"):
            self.box.key(key, key)
        await self.box.press("close")
        await self.box.until(lambda: self.box.app.current_mode != "maintenance")

    async def _welcomed(self) -> None:
        await self.box.get_in()
        await asyncio.sleep(1)
        self.box.peer.clicked = False
        await self.box.press("signout")
        await self.box.see(Entering)


async def resend(box: Headless) -> None:
    """As soon as it may be: the machine sleeps until then, or all would go to painting the countdown's seconds."""
    state = await box.see(Waiting)
    box.clock.suspend(max(0.0, state.resend_at - box.clock.now()))
    box.clock.forget_naps()
    await asyncio.sleep(1)
    mails = box.peer.mails
    await box.press("again")
    await box.until(lambda: box.peer.mails > mails)
