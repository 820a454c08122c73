"""One site's entry in a keyring."""

import asyncio
import json
import threading
import time
from datetime import UTC, datetime

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError

from kiosk.smartlogin.models import Profile, Session, Token
from kiosk.values import replace
from kiosk.vault.entries import Kept
from kiosk.vault.limits import LARGEST, SERVICE
from kiosk.vault.problems import VaultError, VaultProblem
from kiosk.vault.vault import Vault
from tests.keyrings import BrokenKeyring, HangingKeyring, LockedKeyring, MemoryKeyring, StubbornKeyring

TOKEN = Token("token-1", "refresh-1", datetime(2026, 11, 23, 8, tzinfo=UTC), 900.0)
KEPT = Kept(Session(TOKEN, Profile(uid="u", first_name="Jörg", email="j@x.org")), "https://service.example")


def vault(keyring: KeyringBackend | None, limit: float = 3.0) -> Vault:
    return Vault("site", lambda: keyring, limit=limit)


async def test_what_is_kept_comes_back_and_the_address_is_not_kept() -> None:
    keyring = MemoryKeyring()
    await vault(keyring).keep(KEPT)
    back = await vault(keyring).load()
    assert back is not None
    assert back.session.token == replace(TOKEN, lifetime=None)
    assert back.session.profile == Profile(uid="u", first_name="Jörg")
    assert back.api_url == "https://service.example"
    assert "j@x.org" not in keyring.entries[SERVICE, "site"]


async def test_sites_have_entries_of_their_own() -> None:
    keyring = MemoryKeyring()
    await Vault("one", lambda: keyring).keep(KEPT)
    assert await Vault("two", lambda: keyring).load() is None


async def test_forgetting_removes_it_and_twice_is_no_error() -> None:
    keyring = MemoryKeyring()
    it = vault(keyring)
    await it.keep(KEPT)
    await it.forget()
    await it.forget()
    assert keyring.entries == {}


async def test_a_box_that_is_slow_to_load_the_code_has_no_keyring_that_hangs() -> None:
    keyring = MemoryKeyring()
    await vault(keyring).keep(KEPT)
    slow = Vault("site", lambda: keyring, load=lambda: time.sleep(1.5), limit=1.0)
    assert await slow.load() is not None


async def test_what_is_wrong_with_the_code_is_said_by_the_opening() -> None:
    def load() -> None:
        raise ImportError("no such part")

    broken = Vault("site", lambda: None, load=load)
    with pytest.raises(VaultError) as failed:
        await broken.load()
    assert failed.value.problem is VaultProblem.MISSING


def _raises(error: Exception) -> KeyringBackend:
    raise error


@pytest.mark.parametrize(
    ("keyring", "problem"),
    [
        (LockedKeyring(), VaultProblem.LOCKED),
        (BrokenKeyring(), VaultProblem.FAILING),
        (None, VaultProblem.MISSING),
    ],
)
async def test_each_way_of_failing_has_its_name(keyring: KeyringBackend | None, problem: VaultProblem) -> None:
    for call in (vault(keyring).load, lambda: vault(keyring).keep(KEPT)):
        with pytest.raises(VaultError) as caught:
            await call()
        assert caught.value.problem is problem
        assert "token" not in f"{caught.value!r} {caught.value}"
        assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (NoKeyringError(), VaultProblem.MISSING),
        (ModuleNotFoundError("no such backend"), VaultProblem.UNUSABLE),
        (OSError("bus"), VaultProblem.FAILING),
    ],
)
async def test_a_keyring_that_does_not_open(error: Exception, problem: VaultProblem) -> None:
    with pytest.raises(VaultError) as caught:
        await Vault("site", lambda: _raises(error)).load()
    assert caught.value.problem is problem


async def test_a_hanging_keyring_is_given_up_and_works_again_once_it_answers() -> None:
    keyring = HangingKeyring()
    it = vault(keyring, limit=0.02)
    for _ in range(3):
        with pytest.raises(VaultError) as caught:
            await it.load()
        assert caught.value.problem is VaultProblem.HANGING
    keyring.answered.set()
    await it.keep(KEPT)
    assert await it.load() is not None


def test_a_hanging_keyring_does_not_hold_the_exit() -> None:
    async def give_up() -> None:
        with pytest.raises(VaultError):
            await vault(HangingKeyring(), limit=0.02).load()

    begun = time.monotonic()
    asyncio.run(give_up())
    assert time.monotonic() - begun < 2
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "vault")


async def test_a_deletion_that_did_not_happen_is_noticed() -> None:
    it = vault(StubbornKeyring())
    await it.keep(KEPT)
    with pytest.raises(VaultError) as caught:
        await it.forget()
    assert caught.value.problem is VaultProblem.FAILING


@pytest.mark.parametrize(
    "entry",
    ["", "hunter2", "[]", "{}", '{"version": 2, "access_token": "t"}', '{"version": 1}', '{"access_token": 0}x',
     "\ud800", "x" * 1_000_000],
)  # fmt: skip
async def test_an_entry_that_is_not_ours_is_unreadable(entry: str) -> None:
    keyring = MemoryKeyring()
    keyring.set_password(SERVICE, "site", entry)
    with pytest.raises(VaultError) as caught:
        await vault(keyring).load()
    assert caught.value.problem is VaultProblem.UNREADABLE


async def test_damaged_details_do_not_cost_the_session() -> None:
    keyring = MemoryKeyring()
    keyring.set_password(
        SERVICE, "site", json.dumps({"version": 1, "access_token": "t", "expires_at": "?", "name": None})
    )
    back = await vault(keyring).load()
    assert back is not None
    assert back.session.token == Token("t")


async def test_a_name_with_half_a_character_is_kept() -> None:
    class Utf8Keyring(MemoryKeyring):
        def set_password(self, service: str, username: str, password: str) -> None:
            super().set_password(service, username, password.encode().decode())

    await vault(Utf8Keyring()).keep(replace(KEPT, session=Session(TOKEN, Profile(first_name="J\ud83d"))))


class NullKeyring(MemoryKeyring):
    """Takes all and keeps nothing, as `keyring.backends.null` does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class CuttingKeyring(MemoryKeyring):
    """Keeps as much as it has room for, and says nothing of it."""

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:100])


@pytest.mark.parametrize("keyring", [NullKeyring(), CuttingKeyring()])
async def test_a_keyring_that_does_not_keep_what_it_takes_is_found_out(keyring: KeyringBackend) -> None:
    with pytest.raises(VaultError) as caught:
        await vault(keyring).keep(KEPT)
    assert caught.value.problem is VaultProblem.FORGETFUL


async def test_a_session_larger_than_any_is_neither_given_nor_taken() -> None:
    keyring = MemoryKeyring()
    with pytest.raises(VaultError) as caught:
        await vault(keyring).keep(replace(KEPT, session=Session(Token("t" * LARGEST), Profile())))
    assert caught.value.problem is VaultProblem.TOO_LARGE
    assert keyring.entries == {}
    keyring.set_password(SERVICE, "site", json.dumps({"version": 1, "access_token": "t" * LARGEST}))
    with pytest.raises(VaultError) as caught:
        await vault(keyring).load()
    assert caught.value.problem is VaultProblem.UNREADABLE


async def test_a_backend_that_would_end_the_program_ends_nothing() -> None:
    class Leaving(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            raise SystemExit(3)

    with pytest.raises(VaultError) as caught:
        await vault(Leaving()).load()
    assert caught.value.problem is VaultProblem.FAILING
