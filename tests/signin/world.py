"""A whole sign-in with a peer, a keyring and a clock of the test's own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from keyring.backend import KeyringBackend

from kiosk.signin.flow import SignIn
from kiosk.signin.intents import Intent, Submit
from kiosk.signin.stage import Parts
from kiosk.signin.states import Entering, Outcome, State, Waiting, Welcome
from kiosk.smartlogin.models import Profile, Session, Token
from kiosk.vault.entries import Kept
from kiosk.vault.vault import Vault
from tests.clock import FakeClock, settle, until
from tests.keyrings import MemoryKeyring
from tests.peer import Peer

S = TypeVar("S")

JANE = "jane@x.org"
KEPT = Kept(Session(Token("kept-token"), Profile(uid="uid-1", first_name="Jane")), "https://service.example")


class World:
    """What a test touches."""

    def __init__(
        self,
        keyring: KeyringBackend | None,
        *,
        set_up: bool = True,
        limit: float = 3.0,
        peer: Peer | None = None,
        clock: FakeClock | None = None,
        **parts: Any,
    ) -> None:
        self.peer, self.clock, self.keyring = peer or Peer(), clock or FakeClock(), keyring
        self.vault = Vault("site", lambda: keyring, limit=limit)
        self.states: list[State] = []
        self.guids = [f"guid-{number}" for number in range(1, 20)]
        guids = iter(self.guids)
        self.sign_in = SignIn(
            Parts(
                connect=self.peer.client if set_up else None,
                api_url="https://service.example",
                vault=self.vault,
                clock=self.clock,
                new_guid=lambda: next(guids),
                **{"dice": lambda: 0.0, **parts},
            )
        )
        self.sign_in.subscribe(self.states.append)
        self.flow: asyncio.Task[Outcome] | None = None

    @property
    def state(self) -> State:
        return self.sign_in.state

    async def see(self, kind: type[S]) -> S:
        await until(lambda: isinstance(self.state, kind))
        assert isinstance(self.state, kind)
        return self.state

    def saw(self, kind: type[State]) -> bool:
        return any(isinstance(state, kind) for state in self.states)

    async def want(self, intent: Intent) -> None:
        self.sign_in.send(intent)
        await settle()
        await self.vault.settle(0.5)  # a request for a mail waits for its entry
        await settle()

    async def type(self, typed: str = JANE) -> None:
        await until(lambda: isinstance(self.state, Entering) and not self.state.restoring)
        await self.want(Submit(typed))

    async def wait(self, typed: str = JANE) -> Waiting:
        """All the way to the first ping's answer."""
        await self.type(typed)
        state = await self.see(Waiting)
        await until(lambda: self.peer.asked("ping"))
        await settle()
        return state

    async def click(self) -> Welcome:
        self.peer.clicked = True
        await self.clock.advance(5)
        return await self.see(Welcome)

    async def outcome(self) -> Outcome:
        assert self.flow is not None
        return await asyncio.wait_for(self.flow, 5)


@asynccontextmanager
async def world(
    keyring: KeyringBackend | None = None,
    *,
    no_keyring: bool = False,
    set_up: bool = True,
    kept: Kept | None = None,
    limit: float = 3.0,
    **parts: Any,
) -> AsyncIterator[World]:
    """A world whose sign-in runs until the test has seen enough."""
    it = World(None if no_keyring else keyring or MemoryKeyring(), set_up=set_up, limit=limit, **parts)
    if kept is not None:
        await it.vault.keep(kept)
    it.flow = asyncio.create_task(it.sign_in.run())
    try:
        yield it
    finally:
        it.flow.cancel()
        await asyncio.gather(it.flow, return_exceptions=True)
