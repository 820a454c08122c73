"""What the steps of the flow stand on: the parts they use, the state they show, the events they wait for."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from kiosk.clock import Clock
from kiosk.signin.intents import Intent
from kiosk.signin.states import Entering, State
from kiosk.smartlogin.attempt import Attempt, new_client_guid
from kiosk.smartlogin.errors import SmartLoginError
from kiosk.smartlogin.models import Session
from kiosk.vault import Vault

if TYPE_CHECKING:
    from kiosk.smartlogin.client import SmartLoginClient

T = TypeVar("T")

WINDOW = 15 * 60.0
"""Seconds that a screen waits for the click, unless the operator says otherwise."""


@dataclass(frozen=True)
class Parts:
    """What a sign-in is built from."""

    connect: "Callable[[], SmartLoginClient] | None"
    """Makes the client, in a thread, when it is first needed; None on a box that is not set up."""
    api_url: str
    vault: Vault
    clock: Clock
    window: float = WINDOW
    idle: float | None = None
    """Seconds without a key until the entry rests; None: never."""
    shared: bool = False
    """A screen for whoever comes by: nobody's session outlives their being there."""
    sign_out_after: float = 60.0
    """Seconds without a key until a shared screen signs out."""
    new_guid: Callable[[], str] = new_client_guid
    dice: Callable[[], float] = field(default=random.random)


class Stage:
    """The sign-in's memory while it runs."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.state: State = Entering(restoring=True)
        self.attempt: Attempt | None = None
        self.session: Session | None = None
        self.kept = False
        """The session is in the keyring."""
        self.listeners: list[Callable[[State], None]] = []
        self._events: asyncio.Queue[Intent | asyncio.Task[Any]] = asyncio.Queue()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._client: asyncio.Task[SmartLoginClient] | None = None

    def show(self, state: State) -> None:
        """Make this the state, and tell whoever draws it."""
        if state != self.state:
            self.state = state
            for listener in self.listeners:
                listener(state)

    def put(self, intent: Intent) -> None:
        """Take in what the person wants; it is looked at in its turn."""
        self._events.put_nowait(intent)

    def idle_at(self) -> float | None:
        """When the screen rests, if no key comes from now on."""
        return None if self.parts.idle is None else self.parts.clock.now() + self.parts.idle

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin `work` beside the flow; when it ends, its task comes out of `next`."""
        task = self.behind(work)
        task.add_done_callback(self._events.put_nowait)
        return task

    def behind(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin `work` that nobody waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._settled)
        return task

    def _settled(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        # An answer that came too late for anybody to ask for it is no news; a bug still is.
        if not task.cancelled() and isinstance(task.exception(), SmartLoginError):
            return

    async def next(self, until: float | None = None) -> Intent | asyncio.Task[Any] | None:
        """The next thing that happens: an intent, a task that ended, or None when the clock reaches `until`."""
        if until is None or not self._events.empty():
            return await self._events.get()
        event = asyncio.ensure_future(self._events.get())
        alarm = asyncio.ensure_future(self.parts.clock.sleep(max(0.0, until - self.parts.clock.now())))
        try:
            await asyncio.wait({event, alarm}, return_when=asyncio.FIRST_COMPLETED)
            return event.result() if event.done() else None
        finally:
            event.cancel()
            alarm.cancel()

    async def client(self) -> "SmartLoginClient":
        """The one client; made in a thread, since its imports and certificates take their time on a weak box."""
        if self._client is None:
            assert self.parts.connect is not None, "a box that is not set up never gets here"  # noqa: S101
            self._client = asyncio.create_task(asyncio.to_thread(self.parts.connect))
        return await asyncio.shield(self._client)

    async def close(self) -> None:
        """End what still runs, and let the connection go."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            client = await self._client
            await client.close()
