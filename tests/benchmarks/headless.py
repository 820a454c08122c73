"""The real app without a terminal, in virtual time, at a service of the benchmark's own; and a person who presses keys.

Real sockets, real screens, the real flow: only that nobody waits for the clock, and nothing is painted on a terminal.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self
from unittest.mock import patch

from textual import _time, events
from textual.widget import AwaitMount

from kiosk.app import KioskApp
from kiosk.lockdown.maintenance import Maintenance
from kiosk.looks import look_for
from kiosk.screens.base import Desk
from kiosk.signin.flow import SignIn
from kiosk.signin.stage import Parts
from kiosk.signin.states import Ended, Entering, PolicyDue, State, Waiting, Welcome
from kiosk.smartlogin.client import SmartLoginClient
from kiosk.vault.vault import Vault
from kiosk.widgets.choice import Choice
from tests.benchmarks.soakpeer import SoakPeer
from tests.keyrings import MemoryKeyring
from tests.virtual import InlineLane, VirtualClock, VirtualLoop

LIMIT = 3000.0
"""Virtual seconds in which anything that is waited for has to come."""

WINDOW = 60.0
"""Seconds that an attempt waits for its click, unless somebody says otherwise."""


class _CountedApp(KioskApp):
    """Counts how often another screen is shown."""

    switches = 0

    def switch_mode(self, mode: str) -> AwaitMount:
        self.switches += mode != self.current_mode
        return super().switch_mode(mode)


class Headless:
    """One box and its person.

    Args:
        loop: In whose time it lives.
        dice: For the faults of the service and the pauses of the device.
        window: Seconds that an attempt waits for its click.
        idle: Seconds without a key until the entry rests.
        maintenance: The operator's way out, where there is one; the screen is a locked one then.
    """

    def __init__(
        self,
        loop: VirtualLoop,
        dice: random.Random,
        *,
        window: float = WINDOW,
        idle: float | None = None,
        maintenance: Maintenance | None = None,
    ) -> None:
        self.peer = SoakPeer(random.Random(dice.random()))
        self.clock = VirtualClock(loop)
        self._loop, self._dice = loop, dice
        self._window, self._idle, self._maintenance = window, idle, maintenance

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """From the power on to the power off."""
        url = f"http://127.0.0.1:{await self.peer.start()}"
        vault = Vault("soak", MemoryKeyring)
        vault._lane = InlineLane()
        locked = self._maintenance is not None
        self.sign_in = SignIn(
            Parts(
                connect=lambda: SmartLoginClient(url, "key"),
                api_url=url,
                vault=vault,
                clock=self.clock,
                window=self._window,
                idle=self._idle,
                locked=locked,
                dice=self._dice.random,
            )
        )
        desk = Desk(
            self.sign_in.send,
            self.clock,
            site_name="Example TV",
            device_name="Lobby TV",
            locked=locked,
            maintenance=self._maintenance,
            goes_on=not locked,
        )
        self.app = _CountedApp(self.sign_in, desk, look_for("dark", 1 << 24, console=False))
        try:
            with patch.object(_time, "get_time", self._loop.time):  # Textual's timers live in our time as well
                async with self.app.run_test(size=(80, 24)):
                    yield self
        finally:
            await self.peer.stop()

    @property
    def state(self) -> State:
        """Where the sign-in stands."""
        return self.sign_in.state

    async def enter(self, address: str) -> None:
        """Type it on a keyboard and send it, again and again where the network does not let it through."""
        for character in address:
            self.key(character, character)
        end = self._loop.time() + LIMIT
        while not isinstance(self.state, Waiting | PolicyDue | Welcome | Ended):
            assert self._loop.time() < end, f"no mail; {self.state}"
            if isinstance(self.state, Entering):
                self.key("f2")  # the green key
            await asyncio.sleep(0.5)

    async def press(self, choice: str) -> None:
        """Go to a choice, and press OK."""
        await self.until(lambda: self.app.screen.query(f"#{choice}"))
        await asyncio.sleep(0.2)
        self.app.screen.query(f"#{choice}").first(Choice).focus()  # `query_one` would keep the answer
        await asyncio.sleep(0.2)
        self.key("enter", "\r")
        await asyncio.sleep(0.2)

    def key(self, key: str, character: str | None = None) -> None:
        """Press one."""
        event = events.Key(key, character)
        event.set_sender(self.app)
        self.app.post_message(event)

    async def get_in(self) -> None:
        """Press what the screen offers, until it greets."""
        end = self._loop.time() + LIMIT
        while not isinstance(self.state, Welcome):
            assert self._loop.time() < end, f"no welcome; {self.state}"
            match self.state:
                case Ended():  # the faults took longer than the link
                    await self.press("again")
                case PolicyDue(accepting=False):
                    await self.press("accept")
                case Entering():
                    await self.enter("")
            await asyncio.sleep(1)
        await asyncio.sleep(0.2)

    async def see(self, kind: type[Any]) -> Any:
        """The state, once it is such a one and has been drawn."""
        await self.until(lambda: isinstance(self.state, kind))
        await asyncio.sleep(0.2)
        return self.state

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for it, second by second."""
        end = self._loop.time() + LIMIT
        while not condition():
            assert self._loop.time() < end, f"it never came; {self.state}"
            await asyncio.sleep(1)
