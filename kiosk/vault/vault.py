"""The kept session and the pending attempt in the OS keyring, and what each way of failing means.

The keyring may be missing, locked, or hang for ever (a locked collection waits for a prompt that nobody can answer, and
D-Bus calls have no time limit of their own). So every call runs in one daemon thread, with a limit; a daemon thread,
because asyncio's own executor joins its threads at exit, and a hanging one would hold the exit for ever.
"""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from kiosk.vault.entries import Kept, read_kept, write_kept
from kiosk.vault.lane import Lane
from kiosk.vault.limits import LARGEST, LIMIT, SERVICE, pending_entry, read_entry
from kiosk.vault.pending import Pending, read_pending, write_pending
from kiosk.vault.problems import VaultError, VaultProblem, problem_of

if TYPE_CHECKING:
    from kiosk.vault.keyring import Keyring

T = TypeVar("T")

LOADING = 60.0
"""Seconds that the keyring's code may take to load. A slow box with a cold disk is no keyring that hangs."""


class Vault:
    """One site's entries in a keyring."""

    def __init__(
        self,
        site: str,
        open_backend: "Callable[[], Keyring | None]",
        *,
        load: Callable[[], None] = lambda: None,
        limit: float = LIMIT,
    ) -> None:
        """Name the entry and say how the keyring is opened.

        Args:
            site: The name of the session's entry; that of the pending attempt is derived from it.
            open_backend: Opens the keyring; None when there is none. Called in the vault's thread before each use, so
                that a daemon that was restarted is found again.
            load: Imports what opening needs. Called once, before, and not counted against the limit.
            limit: Seconds that one call may take.
        """
        self._site = site
        self._pending = pending_entry(site)
        self._newest: Pending | None = None
        self._changes = 0
        self._open_backend = open_backend
        self._load = load
        self._loading: Future[None] | None = None
        self._limit = limit
        self._lane = Lane()
        self._late: Future[Any] | None = None
        """A change that nobody waits for any more."""

    async def load(self) -> Kept | None:
        """What is kept; None when nothing is.

        Raises:
            VaultError: the keyring did not answer, or what it holds cannot be read.
        """
        text = await self._call(lambda backend: read_entry(backend, self._site), changes=False)
        return None if text is None else read_kept(text)

    async def keep(self, kept: Kept) -> None:
        """Keep a session, in place of an earlier one.

        Raises:
            VaultError: it is not kept.
        """
        await self._change(lambda backend: self._write(backend, write_kept(kept)))

    async def forget(self) -> None:
        """Remove what is kept, and see that it is gone.

        Raises:
            VaultError: it may still be there.
        """
        await self._change(lambda backend: self._remove(backend, self._site))

    async def load_pending(self) -> Pending | None:
        """The login attempt that is pending; None when there is none.

        Raises:
            VaultError: the keyring did not answer, or what it holds cannot be read.
        """
        text = await self._call(lambda backend: read_entry(backend, self._pending), changes=False)
        return None if text is None else read_pending(text)

    async def forget_pending(self) -> None:
        """Remove the pending attempt, and see that it is gone.

        Raises:
            VaultError: it may still be there.
        """
        await self._call(lambda backend: self._remove(backend, self._pending))

    def put_pending(self, pending: Pending | None) -> asyncio.Event:
        """Have the keyring hold this attempt, or none, in its turn; the event is set once it was tried.

        It fails without a word: an attempt goes on as well without its entry. Of several that wait for their turn,
        only the last is written.
        """
        self._changes += 1
        self._newest, change = pending, self._changes
        return self._lane.beside(lambda: self._put_newest(change))

    async def settle(self, limit: float) -> None:
        """Return when all is done that was asked for, at the latest after `limit` seconds."""
        done = self._lane.beside(lambda: None)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit):
                await done.wait()

    async def backend_name(self) -> str:
        """Which keyring it is, for people.

        Raises:
            VaultError: there is none, or it does not answer.
        """
        return await self._call(lambda backend: str(backend.name), changes=False)

    def _write(self, backend: "Keyring", text: str) -> None:
        if len(text) > LARGEST:
            raise VaultError(VaultProblem.TOO_LARGE)
        backend.set_password(SERVICE, self._site, text)
        # There are keyrings that take all and keep nothing, or as much as they have room for.
        if backend.get_password(SERVICE, self._site) != text:
            raise VaultError(VaultProblem.FORGETFUL)

    def _put_newest(self, change: int) -> None:
        if change != self._changes:
            return  # what follows in the lane is newer
        pending, self._newest = self._newest, None
        with contextlib.suppress(Exception):  # foreign code raises what it likes
            if (backend := self._open_backend()) is None:
                return
            if pending is None:
                self._remove(backend, self._pending)
            else:
                backend.set_password(SERVICE, self._pending, write_pending(pending))

    def _remove(self, backend: "Keyring", name: str) -> None:
        try:
            there = backend.get_password(SERVICE, name) is not None
        except UnicodeDecodeError:
            there = True  # not text, and so none of ours, in our place
        if there:
            backend.delete_password(SERVICE, name)
        if backend.get_password(SERVICE, name) is not None:
            raise VaultError(VaultProblem.FAILING)

    async def _change(self, work: "Callable[[Keyring], None]") -> None:
        if self._late is not None:
            self._late.cancel()  # if its turn has not come: this is the newer wish
            self._late = None
        asked = self._ask(work, changes=True)
        try:
            await self._answer(asked)
        except VaultError:
            if not asked.done():
                self._late = asked
            raise

    async def _call(self, work: "Callable[[Keyring], T]", *, changes: bool = True) -> T:
        return await self._answer(self._ask(work, changes=changes))

    def _ask(self, work: "Callable[[Keyring], T]", *, changes: bool) -> "Future[T]":
        if self._loading is None:
            self._loading = self._lane.put(self._load_quietly, changes=False)
        return self._lane.put(lambda: self._open_and(work), changes=changes)

    def _load_quietly(self) -> None:
        with contextlib.suppress(Exception):  # what is wrong with it is said when it is opened
            self._load()

    async def _answer(self, asked: "Future[T]") -> T:
        problem: VaultProblem
        if self._loading is not None and not self._loading.done():
            await asyncio.wait({asyncio.wrap_future(self._loading)}, timeout=LOADING)
        try:
            # Not `wait_for`: on Python 3.11 it loses a cancellation that comes together with the answer.
            async with asyncio.timeout(self._limit):
                # Shielded: a change that waits is made in its turn, also when nobody waits for it. A removal above all.
                return await asyncio.shield(asyncio.wrap_future(asked))
        except TimeoutError:
            self._lane.give_up(asked)
            problem = VaultProblem.HANGING
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a keyring backend is foreign code and raises what it likes
            problem = problem_of(error)
        # Raised out here: in the handler it would carry what the backend raised, and that may hold the secret itself.
        raise VaultError(problem)

    def _open_and(self, work: "Callable[[Keyring], T]") -> T:
        backend = self._open_backend()
        if backend is None:
            raise VaultError(VaultProblem.MISSING)
        return work(backend)
