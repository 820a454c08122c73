"""A keyring that hangs, and what is asked of it meanwhile."""

import asyncio
import threading

import pytest

from kiosk.smartlogin.models import Profile, Session, Token
from kiosk.values import replace
from kiosk.vault.entries import Kept
from kiosk.vault.lane import MOST_LEFT
from kiosk.vault.limits import SERVICE
from kiosk.vault.problems import VaultError, VaultProblem
from kiosk.vault.vault import Vault
from tests.clock import until
from tests.keyrings import MemoryKeyring

KEPT = Kept(Session(Token("token-1"), Profile(first_name="Jane")), "https://service.example")
NEWER = replace(KEPT, session=Session(Token("token-2"), Profile(first_name="Jane")))


class Gate(MemoryKeyring):
    """Hangs in what the test names, until it is let go."""

    def __init__(self, *hanging: str) -> None:
        super().__init__()
        self.hanging = set(hanging)
        self.free = threading.Event()
        self.held = 0
        self.done: list[str] = []

    def _pass(self, what: str) -> None:
        if what in self.hanging:
            self.held += 1
            self.free.wait(60)
        self.done.append(what)

    def get_password(self, service: str, username: str) -> str | None:
        self._pass("get")
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._pass("set")
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        self._pass("delete")
        super().delete_password(service, username)


def vault(keyring: Gate, limit: float = 0.05) -> Vault:
    return Vault("site", lambda: keyring, limit=limit)


async def gives_up(call: object) -> None:
    with pytest.raises(VaultError) as caught:
        await call  # type: ignore[misc]
    assert caught.value.problem is VaultProblem.HANGING


async def test_a_question_that_hangs_for_ever_does_not_cost_what_comes_after() -> None:
    keyring = Gate("get")
    it = vault(keyring, limit=0.05)
    await gives_up(it.load())
    keyring.hanging.clear()
    it._limit = 30
    await it.keep(KEPT)
    assert (await it.load()) == KEPT
    keyring.free.set()


async def test_threads_that_hang_are_few_and_end_when_they_are_answered() -> None:
    keyring = Gate("get")
    it = vault(keyring, limit=0.02)
    before = threading.active_count()
    for _ in range(3 * MOST_LEFT):
        await gives_up(it.load())
    assert keyring.held <= MOST_LEFT + 1
    assert threading.active_count() <= before + MOST_LEFT + 1
    keyring.free.set()
    await until(lambda: threading.active_count() <= before + 1)
    it._limit = 30
    assert await it.load() is None


async def test_a_removal_never_overtakes_the_keeping_that_hangs() -> None:
    keyring = Gate("set")
    it = vault(keyring)
    await gives_up(it.keep(KEPT))
    await gives_up(it.load())
    await gives_up(it.forget())
    assert keyring.done == []
    keyring.free.set()
    await until(lambda: keyring.done[-2:] == ["delete", "get"])
    assert keyring.entries == {}


async def test_of_the_changes_that_wait_only_the_newest_is_made() -> None:
    keyring = Gate("get")
    it = vault(keyring, limit=0.02)
    for _ in range(MOST_LEFT + 1):
        await gives_up(it.load())
    for kept in (KEPT, NEWER, KEPT, NEWER):
        await gives_up(it.keep(kept))
    assert len(it._lane._turns) <= 2
    keyring.free.set()
    await until(lambda: "set" in keyring.done and keyring.done[-1] == "get")
    assert keyring.done.count("set") == 1
    assert "token-2" in keyring.entries[SERVICE, "site"]


async def test_whoever_stops_waiting_still_has_the_session_removed() -> None:
    keyring = Gate("delete")
    it = vault(keyring, limit=30)
    await it.keep(KEPT)
    leaving = asyncio.create_task(it.forget())
    await until(lambda: keyring.held)
    leaving.cancel()
    keyring.free.set()
    await until(lambda: keyring.entries == {})
