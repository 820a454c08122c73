"""The kept session in the OS keyring, and what each way of failing means.

The keyring may be missing, locked, or hang for ever (a locked collection waits for a prompt that nobody can answer, and
D-Bus calls have no time limit of their own). So every call runs in one daemon thread, with a limit; a daemon thread,
because asyncio's own executor joins its threads at exit, and a hanging one would hold the exit for ever.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from kiosk.vault.entries import Kept, read_kept, write_kept
from kiosk.vault.lane import Lane
from kiosk.vault.problems import VaultError, VaultProblem, problem_of

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "smartlogin-kiosk"
"""Under which service name the entries stand in the keyring; one entry per site."""

LIMIT = 3.0
"""Seconds that one keyring call may take."""

LARGEST = 128 * 1024
"""Characters of an entry. A token ten times as long would pass no server; more than this is none of ours."""


class Vault:
    """One site's entry in a keyring."""

    def __init__(
        self,
        site: str,
        open_backend: "Callable[[], KeyringBackend | None]",
        *,
        limit: float = LIMIT,
    ) -> None:
        """Name the entry and say how the keyring is opened.

        Args:
            site: The entry's name.
            open_backend: Opens the keyring; None when there is none. Called in the vault's thread before each use, so
                that a daemon that was restarted is found again.
            limit: Seconds that one call may take.
        """
        self._site = site
        self._open_backend = open_backend
        self._limit = limit
        self._lane = Lane()
        self._late: Future[Any] | None = None
        """A change that nobody waits for any more."""

    async def load(self) -> Kept | None:
        """What is kept; None when nothing is.

        Raises:
            VaultError: the keyring did not answer, or what it holds cannot be read.
        """
        text = await self._call(self._read, changes=False)
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
        await self._change(self._remove)

    async def backend_name(self) -> str:
        """Which keyring it is, for people.

        Raises:
            VaultError: there is none, or it does not answer.
        """
        return await self._call(lambda backend: str(backend.name), changes=False)

    def _read(self, backend: "KeyringBackend") -> str | None:
        text = backend.get_password(SERVICE, self._site)
        if text is not None and len(text) > LARGEST:
            raise VaultError(VaultProblem.UNREADABLE)
        return text

    def _write(self, backend: "KeyringBackend", text: str) -> None:
        if len(text) > LARGEST:
            raise VaultError(VaultProblem.TOO_LARGE)
        backend.set_password(SERVICE, self._site, text)
        # There are keyrings that take all and keep nothing, or as much as they have room for.
        if backend.get_password(SERVICE, self._site) != text:
            raise VaultError(VaultProblem.FORGETFUL)

    def _remove(self, backend: "KeyringBackend") -> None:
        try:
            there = backend.get_password(SERVICE, self._site) is not None
        except UnicodeDecodeError:
            there = True  # not text, and so none of ours, in our place
        if there:
            backend.delete_password(SERVICE, self._site)
        if backend.get_password(SERVICE, self._site) is not None:
            raise VaultError(VaultProblem.FAILING)

    async def _change(self, work: "Callable[[KeyringBackend], None]") -> None:
        if self._late is not None:
            self._late.cancel()  # if its turn has not come: this is the newer wish
            self._late = None
        await self._call(work)

    async def _call(self, work: "Callable[[KeyringBackend], T]", *, changes: bool = True) -> T:
        asked = self._lane.put(lambda: self._open_and(work), changes=changes)
        problem: VaultProblem
        try:
            # Not `wait_for`: on Python 3.11 it loses a cancellation that comes together with the answer.
            async with asyncio.timeout(self._limit):
                # Shielded: a change that waits is made in its turn, also when nobody waits for it. A removal above all.
                return await asyncio.shield(asyncio.wrap_future(asked))
        except TimeoutError:
            self._lane.give_up(asked)
            if changes:
                self._late = asked
            problem = VaultProblem.HANGING
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a keyring backend is foreign code and raises what it likes
            problem = problem_of(error)
        # Raised out here: in the handler it would carry what the backend raised, and that may hold the secret itself.
        raise VaultError(problem)

    def _open_and(self, work: "Callable[[KeyringBackend], T]") -> T:
        backend = self._open_backend()
        if backend is None:
            raise VaultError(VaultProblem.MISSING)
        return work(backend)
