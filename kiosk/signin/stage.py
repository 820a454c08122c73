"""What the steps of the flow stand on: the parts they use, the state they show, the events they wait for."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from kiosk.clock import Clock
from kiosk.signin.intents import Continue, Intent, Leave
from kiosk.signin.pending import PendingEntry
from kiosk.signin.states import Entering, State
from kiosk.smartlogin.attempt import Attempt, new_client_guid
from kiosk.smartlogin.errors import BoxMisconfigured, RateLimited, ServiceTrouble, SmartLoginError, TransportError
from kiosk.smartlogin.models import Session, Token
from kiosk.values import Value
from kiosk.vault.vault import Vault

if TYPE_CHECKING:
    from kiosk.signin.keeping import Restored
    from kiosk.smartlogin.client import SmartLoginClient

T = TypeVar("T")

WINDOW = 15 * 60.0
"""Seconds that a screen waits for the click, unless the operator says otherwise."""


LAST_WORDS = 2.0
"""Seconds at the end to tell the service which tokens are done with."""

LAST_WRITES = 1.0
"""Seconds at the end for the keyring to do what it was asked for: its thread ends with the process."""


class Parts(Value):
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
    just_booted: bool = False
    """The machine came up a moment ago, perhaps with hundreds of others."""
    hands_over: bool = False
    """Continue starts the operator's program, and the sign-in goes on after it."""
    start_after: float | None = None
    """Seconds without a key after which the welcome starts the program by itself; None: only Continue does."""
    locked: bool = False
    """A screen without a way out: nothing that a person wants ends the flow."""
    resumes: bool = True
    """A pending attempt outlives this process. Not where lines are typed ahead: they may be for somebody else."""
    new_guid: Callable[[], str] = new_client_guid
    dice: Callable[[], float] = random.random


class Stage:
    """The sign-in's memory while it runs."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.state: State = Entering(restoring=True)
        self.attempt: Attempt | None = None
        self.pending = PendingEntry(parts)
        self.session: Session | None = None
        self.kept = False
        """The session is in the keyring, or may be."""
        self.search: asyncio.Task[Restored] | None = None
        """The search for a kept session, until somebody has looked at what it found."""
        self.owed: dict[Token, None] = {}
        """Tokens that are done with and that the service does not know of yet, the oldest first."""
        self.listeners: list[Callable[[State], None]] = []
        self.stirred = asyncio.Event()
        """Somebody has wanted something, or pressed a key."""
        self._events: asyncio.Queue[Intent | asyncio.Task[Any]] = asyncio.Queue()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._farewells: set[asyncio.Task[Any]] = set()
        self._client: asyncio.Task[SmartLoginClient] | None = None

    def show(self, state: State) -> None:
        """Make this the state, and tell whoever draws it. The attempt's entry in the keyring follows."""
        self.pending.mirror(self.attempt)
        if state != self.state:
            self.state = state
            for listener in self.listeners:
                listener(state)

    def put(self, intent: Intent) -> None:
        """Take in what the person wants; it is looked at in its turn."""
        self.stirred.set()
        if self.parts.locked and isinstance(intent, Leave if self.parts.hands_over else Leave | Continue):
            return  # no ear for what would end it: what comes after may be a shell
        self._events.put_nowait(intent)

    def idle_at(self) -> float | None:
        """When the screen rests, if no key comes from now on. A shared one always does, in the end."""
        idle = self.parts.idle
        if idle is None and self.parts.shared:
            idle = self.parts.sign_out_after
        return None if idle is None else self.parts.clock.now() + idle

    def start(self, work: Coroutine[Any, Any, T], *, finish: bool = False) -> asyncio.Task[T]:
        """Begin `work` beside the flow; when it ends, its task comes out of `next`.

        Args:
            work: What is to be done.
            finish: It is something that leaving does not cut off, for as long as last words may take.
        """
        task = asyncio.create_task(work)
        if finish:
            self._farewells.add(task)
            task.add_done_callback(self._farewells.discard)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(self._events.put_nowait)
        return task

    async def next(self, until: float | None = None) -> Intent | asyncio.Task[Any] | None:
        """The next thing that happens: an intent, a task that ended, or None when the clock reaches `until`.

        A task that failed of anything but a `SmartLoginError` is a bug: it is raised here, where it cannot be missed.
        """
        event = await self._next(until)
        if isinstance(event, asyncio.Task) and not event.cancelled():
            error = event.exception()
            if error is not None and not isinstance(error, SmartLoginError):
                raise error
        return event

    async def _next(self, until: float | None) -> Intent | asyncio.Task[Any] | None:
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
        """The one client; made in a thread, since its imports and certificates take their time on a weak box.

        Raises:
            BoxMisconfigured: the environment names a certificate file or a proxy that cannot be used.
        """
        if self._client is None:
            assert self.parts.connect is not None, "a box that is not set up never gets here"  # noqa: S101
            self._client = asyncio.create_task(asyncio.to_thread(self.parts.connect))
        try:
            return await asyncio.shield(self._client)
        except (OSError, ImportError, ValueError):
            self._client = None
        raise BoxMisconfigured

    async def close(self) -> None:
        """End what still runs, tell the service which tokens are done with, and let the connection go."""
        await asyncio.gather(self._say_goodbye(), self.parts.vault.settle(LAST_WRITES))

    async def _say_goodbye(self) -> None:
        client = None
        with contextlib.suppress(TimeoutError):  # tokens expire by themselves
            async with asyncio.timeout(LAST_WORDS):
                await asyncio.gather(*self._farewells, return_exceptions=True)
                await self._end_tasks()
                client = await self._made_client()
                if client is not None:
                    await asyncio.gather(*(ended_at_service(client, token) for token in self.owed))
        await self._end_tasks()
        if client is not None:
            await client.close()

    async def _end_tasks(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _made_client(self) -> "SmartLoginClient | None":
        try:
            return None if self._client is None else await self._client
        except (OSError, ImportError, ValueError):
            return None


async def ended_at_service(client: "SmartLoginClient", token: Token) -> bool:
    """Whether the service knows now that the token is to be no good any more."""
    try:
        await client.invalidate(token.access_token)
    except (TransportError, ServiceTrouble, RateLimited):
        return False
    except SmartLoginError:
        return True  # refused: it is not a good token any more, and that is what was wanted
    return True
