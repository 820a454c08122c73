"""The kept session in the OS keyring, and what each way of failing means.

The keyring may be missing, locked, or hang for ever (a locked collection waits for a prompt that nobody can answer, and
D-Bus calls have no time limit of their own). So every call runs in one daemon thread, with a limit; a daemon thread,
because asyncio's own executor joins its threads at exit, and a hanging one would hold the exit for ever.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

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

    async def load(self) -> Kept | None:
        """What is kept; None when nothing is.

        Raises:
            VaultError: the keyring did not answer, or what it holds cannot be read.
        """
        text = await self._call(lambda backend: backend.get_password(SERVICE, self._site))
        return None if text is None else read_kept(text)

    async def keep(self, kept: Kept) -> None:
        """Keep a session, in place of an earlier one.

        Raises:
            VaultError: it is not kept.
        """
        await self._call(lambda backend: backend.set_password(SERVICE, self._site, write_kept(kept)))

    async def forget(self) -> None:
        """Remove what is kept, and see that it is gone.

        Raises:
            VaultError: it may still be there.
        """
        await self._call(self._remove)

    async def backend_name(self) -> str:
        """Which keyring it is, for people.

        Raises:
            VaultError: there is none, or it does not answer.
        """
        return await self._call(lambda backend: str(backend.name))

    def _remove(self, backend: "KeyringBackend") -> None:
        if backend.get_password(SERVICE, self._site) is not None:
            backend.delete_password(SERVICE, self._site)
        if backend.get_password(SERVICE, self._site) is not None:
            raise VaultError(VaultProblem.FAILING)

    async def _call(self, work: "Callable[[KeyringBackend], T]") -> T:
        # Shielded: what is queued is done in its turn, even when nobody waits for it any more. A removal above all.
        done = asyncio.shield(asyncio.wrap_future(self._lane.put(lambda: self._open_and(work))))
        problem: VaultProblem
        try:
            # Not `wait_for`: on Python 3.11 it loses a cancellation that comes together with the answer.
            async with asyncio.timeout(self._limit):
                return await done
        except TimeoutError:
            problem = VaultProblem.HANGING
        except VaultError as error:
            problem = error.problem
        except Exception as error:  # noqa: BLE001 - a keyring backend is foreign code and raises what it likes
            problem = problem_of(error)
        # Raised out here: in the handler it would carry what the backend raised, and that may hold the secret itself.
        raise VaultError(problem)

    def _open_and(self, work: "Callable[[KeyringBackend], T]") -> T:
        backend = self._open_backend()
        if backend is None:
            raise VaultError(VaultProblem.MISSING)
        return work(backend)
