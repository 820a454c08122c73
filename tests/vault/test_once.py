"""One question, asked by a command that then ends."""

import signal
import time

import pytest

from kiosk.vault.limits import LARGEST, SERVICE, read_entry
from kiosk.vault.once import ask_once
from kiosk.vault.problems import VaultError, VaultProblem
from tests.keyrings import BrokenKeyring, LockedKeyring, MemoryKeyring


class SleepyKeyring(MemoryKeyring):
    """Hangs, and takes every exception for its own."""

    def get_password(self, service: str, username: str) -> str | None:
        try:
            time.sleep(30)
        except Exception:  # noqa: BLE001 - that is the point
            return "caught"
        return None


def problem(backend: MemoryKeyring | None, limit: float = 3.0) -> VaultProblem:
    with pytest.raises(VaultError) as raised:
        ask_once(lambda: backend, lambda keyring: read_entry(keyring, "site"), limit=limit)
    assert raised.value.__context__ is None
    return raised.value.problem


def test_an_answer() -> None:
    keyring = MemoryKeyring()
    keyring.set_password(SERVICE, "site", "kept")
    assert ask_once(lambda: keyring, lambda it: read_entry(it, "site")) == "kept"


def test_each_way_of_not_answering() -> None:
    assert problem(None) is VaultProblem.MISSING
    assert problem(LockedKeyring()) is VaultProblem.LOCKED
    assert problem(BrokenKeyring()) is VaultProblem.FAILING
    keyring = MemoryKeyring()
    keyring.set_password(SERVICE, "site", "x" * (LARGEST + 1))
    assert problem(keyring) is VaultProblem.UNREADABLE


def test_one_that_hangs_is_cut_short_and_the_alarm_is_off_afterwards() -> None:
    before = signal.getsignal(signal.SIGALRM)
    assert problem(SleepyKeyring(), limit=0.05) is VaultProblem.HANGING
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before
