"""The device under test: the real flow, client and vault, and what they showed, wanted and said."""

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from kiosk.signin.flow import SignIn
from kiosk.signin.intents import Intent
from kiosk.signin.stage import Parts
from kiosk.signin.states import State, Waiting
from kiosk.smartlogin.client import SmartLoginClient
from kiosk.vault.vault import Vault
from tests.chaos.proxy import FaultProxy
from tests.chaos.service import API_KEY
from tests.keyrings import MemoryKeyring
from tests.virtual import InlineLane, VirtualClock

SITE = "chaos"
"""The name of its entry in the keyring."""


@dataclass(frozen=True)
class Shown:
    """A state, since when."""

    at: float
    stay: int
    state: State


class Device:
    """One box."""

    def __init__(self, dice: random.Random, proxy: FaultProxy, clock: VirtualClock) -> None:
        self.clock, self.proxy = clock, proxy
        self.keyring = MemoryKeyring()
        self.vault = Vault(SITE, lambda: self.keyring)
        self.vault._lane = InlineLane()
        self.shown: list[Shown] = []
        self.wanted: list[tuple[float, Intent]] = []
        self.guids: dict[str, float] = {}
        """When each was made."""
        self.shared = dice.random() < 0.25
        self._dice = dice
        self._stay = 0
        proxy.stay = lambda: self._stay
        self.sign_in = SignIn(
            Parts(
                connect=lambda: SmartLoginClient(f"http://127.0.0.1:{proxy.port}", API_KEY),
                api_url=f"http://127.0.0.1:{proxy.port}",
                vault=self.vault,
                clock=clock,
                window=dice.choice((120.0, 240.0, 900.0)),
                idle=dice.choice((None, 60.0, 300.0)),
                shared=self.shared,
                sign_out_after=60.0,
                new_guid=self._new_guid,
                dice=dice.random,
            )
        )
        self.shown.append(Shown(clock.now(), 0, self.sign_in.state))
        self.sign_in.subscribe(self._on_state)
        self.flow: asyncio.Task[object] | None = None

    @property
    def state(self) -> State:
        return self.sign_in.state

    def start(self, flow: Coroutine[Any, Any, object] | None = None) -> None:
        """Run the flow by itself, or as `flow` does."""
        self.flow = asyncio.create_task(flow or self.sign_in.run())

    def want(self, intent: Intent) -> None:
        self.wanted.append((self.clock.now(), intent))
        self.sign_in.send(intent)

    def _on_state(self, state: State) -> None:
        if isinstance(state, Waiting) and not isinstance(self.shown[-1].state, Waiting):
            self._stay += 1
        self.shown.append(Shown(self.clock.now(), self._stay, state))

    def _new_guid(self) -> str:
        guid = f"guid-{self._dice.getrandbits(64):016x}"
        self.guids[guid] = self.clock.now()
        return guid
