"""The kept session in the OS keyring, and what each way of failing means.

The keyring may be missing, locked, or hang for ever (a locked collection waits for a prompt that nobody can answer, and
D-Bus calls have no time limit of their own). So every call runs in one daemon thread, with a limit; a daemon thread,
because asyncio's own executor joins its threads at exit, and a hanging one would hold the exit for ever.
"""

import asyncio
import json
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from kiosk.smartlogin.errors import BadAnswer
from kiosk.smartlogin.models import Profile, Session, Token
from kiosk.smartlogin.wire import Fields, moment

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "smartlogin-kiosk"
"""Under which service name the entries stand in the keyring; one entry per site."""

LIMIT = 3.0
"""Seconds that one keyring call may take."""

_VERSION = 1


class VaultProblem(StrEnum):
    """Why the keyring did not do what was asked."""

    MISSING = "missing"
    """There is no keyring on this box, or none was chosen."""
    LOCKED = "locked"
    HANGING = "hanging"
    """It did not answer within the limit."""
    FAILING = "failing"
    """It answered with an error."""
    UNREADABLE = "unreadable"
    """The entry is not one of ours, or damaged."""


class VaultError(Exception):
    """The keyring did not do what was asked."""

    def __init__(self, problem: VaultProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Kept:
    """What the keyring holds for a site."""

    session: Session
    api_url: str
    """The service that gave the session out, so that `kiosk logout` finds it also after a demo."""


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
        self._lane = _Lane()

    async def load(self) -> Kept | None:
        """What is kept; None when nothing is.

        Raises:
            VaultError: the keyring did not answer, or what it holds cannot be read.
        """
        text = await self._call(lambda backend: backend.get_password(SERVICE, self._site))
        return None if text is None else _read(text)

    async def keep(self, kept: Kept) -> None:
        """Keep a session, in place of an earlier one.

        Raises:
            VaultError: it is not kept.
        """
        await self._call(lambda backend: backend.set_password(SERVICE, self._site, _write(kept)))

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
            problem = _problem(error)
        # Raised out here: in the handler it would carry what the backend raised, and that may hold the secret itself.
        raise VaultError(problem)

    def _open_and(self, work: "Callable[[KeyringBackend], T]") -> T:
        backend = self._open_backend()
        if backend is None:
            raise VaultError(VaultProblem.MISSING)
        return work(backend)


def _problem(error: Exception) -> VaultProblem:
    from keyring.errors import KeyringLocked, NoKeyringError

    if isinstance(error, KeyringLocked):
        return VaultProblem.LOCKED
    return VaultProblem.MISSING if isinstance(error, NoKeyringError | ImportError) else VaultProblem.FAILING


class _Lane:
    """One daemon thread that does one thing after the other. Started by the first call."""

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, work: Callable[[], T]) -> "Future[T]":
        """Have `work` done after what waits already."""
        future: Future[T] = Future()
        self._work.put((future, work))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="vault", daemon=True)
            self._thread.start()
        return future

    def _run(self) -> None:
        while True:
            future, work = self._work.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - carried over to the caller whole, as executors do
                future.set_exception(error)
            del future, work  # a parked thread must not keep the last secret alive


def _write(kept: Kept) -> str:
    token, profile = kept.session.token, kept.session.profile
    return json.dumps(
        {
            "version": _VERSION,
            "api_url": kept.api_url,
            "access_token": token.access_token,
            "refresh_token": token.refresh_token,
            "expires_at": token.expires_at.isoformat() if token.expires_at else "",
            "uid": profile.uid,
            "name": profile.greeting,
        }
    )


def _read(text: str) -> Kept:
    try:
        fields = Fields.of(text.encode("utf-8", "surrogatepass"))
    except BadAnswer:
        raise VaultError(VaultProblem.UNREADABLE) from None
    access_token = fields.text("access_token")
    if not access_token or fields.number("version") != _VERSION:
        raise VaultError(VaultProblem.UNREADABLE)
    token = Token(access_token, fields.text("refresh_token"), moment(fields.text("expires_at"), datetime.now(UTC)))
    profile = Profile(uid=fields.text("uid"), first_name=fields.text("name"))
    return Kept(Session(token, profile), fields.text("api_url"))
