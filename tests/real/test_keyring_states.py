"""A real Secret Service in each state that it can be in, asked by the vault.

By one in a process of its own: the client of the Secret Service leaves connections open where it fails, and threads
that hang are left behind; neither must reach the next test.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
import secretstorage
from jeepney.io.blocking import open_dbus_connection

from kiosk.vault.limits import LARGEST, SERVICE
from tests.real.secretservice import gnome_keyring, session_bus

LONGEST_TOKEN = 16 * 1024
"""Characters of a token that are read from anywhere."""

PATIENT = 20
"""Seconds for what should work: a busy machine is slow, not hanging."""

GONE = {"locked", "missing", "failing"}
"""What a daemon's end can look like: the bus may start another, which nobody has unlocked."""


def started(module: str, environ: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", module],
        env={**environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


class Asker:
    """One vault, in a process of its own."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._process = started("tests.real.asking", environ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._process.kill()
        with contextlib.suppress(BrokenPipeError), self._process:
            pass

    def begin(self, *words: object) -> None:
        assert self._process.stdin is not None
        print(*words, file=self._process.stdin, flush=True)

    def answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def ask(self, *words: object, limit: float = PATIENT) -> str:
        self.begin(*words, limit)
        return self.answer()

    def end(self) -> float:
        """How many seconds the end takes, once there is nothing more to do."""
        assert self._process.stdin is not None
        begun = time.monotonic()
        self._process.stdin.close()
        assert self._process.wait(30) == 0
        return time.monotonic() - begun


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[dict[str, str]]:
    with session_bus(tmp_path) as environ:
        yield environ


@pytest.fixture
def it(bus: dict[str, str]) -> Iterator[Asker]:
    with Asker(bus) as asker:
        yield asker


def put(environ: dict[str, str], secret: bytes) -> None:
    """Somebody else's doing: an entry under our name."""
    with open_dbus_connection(environ["DBUS_SESSION_BUS_ADDRESS"]) as connection:
        collection = secretstorage.get_default_collection(connection)
        attributes = {"service": SERVICE, "username": "site", "application": "Python keyring library"}
        collection.create_item("an entry", attributes, secret, replace=True)


def test_open_it_keeps_and_forgets_also_the_largest(bus: dict[str, str], it: Asker) -> None:
    with gnome_keyring(bus):
        for length in (1, LONGEST_TOKEN):
            assert it.ask("keep", length) == "done"
            assert it.ask("load") == f"kept {length}"
        assert it.ask("keep", LARGEST) == "too_large"
        assert it.ask("forget") == "done"
        assert it.ask("load") == "nothing"


@pytest.mark.parametrize("entry", [b"foreign", b"\xff\xfe\x00", b"{}", b"x" * 5_000_000], ids=len)
def test_an_entry_that_is_not_ours_is_told_and_can_be_cleared(bus: dict[str, str], it: Asker, entry: bytes) -> None:
    with gnome_keyring(bus):
        put(bus, entry)
        assert it.ask("load") == "unreadable"
        assert it.ask("forget") == "done"
        assert it.ask("load") == "nothing"


def test_locked_with_nobody_to_ask(bus: dict[str, str], it: Asker) -> None:
    with gnome_keyring(bus):
        assert it.ask("keep", 1) == "done"
    with gnome_keyring(bus, password=None):
        assert {it.ask("load"), it.ask("keep", 1), it.ask("forget")} == {"locked"}


def test_locked_with_a_question_that_nobody_answers(bus: dict[str, str], it: Asker) -> None:
    with gnome_keyring(bus):
        assert it.ask("keep", 1) == "done"
    with started("tests.real.never_answers", bus) as prompter, gnome_keyring(bus, password=None):
        assert prompter.stdout is not None
        assert prompter.stdout.readline() == "ready\n"
        begun = time.monotonic()
        assert it.ask("load", limit=3) == "hanging"
        assert time.monotonic() - begun < 6
        assert prompter.stdout.readline() == "asked\n"
        assert it.end() < 3
        prompter.kill()


def test_no_collection_and_nobody_to_make_one(bus: dict[str, str], it: Asker) -> None:
    with gnome_keyring(bus, password=None):
        assert it.ask("keep", 1) == "failing"


def test_stopped_it_is_given_up_and_going_on_it_makes_up_for_it(bus: dict[str, str], it: Asker) -> None:
    with gnome_keyring(bus) as daemon:
        assert it.ask("keep", 1) == "done"
        daemon.send_signal(signal.SIGSTOP)
        try:
            assert it.ask("load", limit=0.5) == "hanging"
            assert it.ask("forget", limit=0.5) == "hanging"
        finally:
            daemon.send_signal(signal.SIGCONT)
        assert it.ask("load") == "nothing"


def test_it_dies_between_two_calls(bus: dict[str, str], it: Asker) -> None:
    with gnome_keyring(bus) as daemon:
        assert it.ask("keep", 1) == "done"
        daemon.kill()
        daemon.wait()
        assert it.ask("load") in GONE


def test_it_dies_in_the_middle_of_a_call(bus: dict[str, str], it: Asker) -> None:
    with gnome_keyring(bus) as daemon:
        assert it.ask("keep", 1) == "done"
        daemon.send_signal(signal.SIGSTOP)
        it.begin("load", PATIENT)
        time.sleep(0.5)
        daemon.kill()
        assert it.answer() in GONE


def test_a_disk_that_does_not_take_it_is_told(bus: dict[str, str], it: Asker) -> None:
    with gnome_keyring(bus):
        assert it.ask("keep", 1) == "done"
        keyrings = Path(bus["XDG_DATA_HOME"]) / "keyrings"
        shutil.rmtree(keyrings)
        keyrings.touch()  # no permission keeps root out, but this does
        assert it.ask("keep", 2) == "failing"


def test_the_bus_goes_and_comes_again(tmp_path: Path) -> None:
    with session_bus(tmp_path) as environ, gnome_keyring(environ):
        pass
    with Asker(environ) as it:
        assert it.ask("load") in GONE


def test_a_stopped_daemon_holds_up_neither_the_answer_nor_the_end(bus: dict[str, str], it: Asker) -> None:
    with gnome_keyring(bus) as daemon:
        assert it.ask("load") == "nothing"
        daemon.send_signal(signal.SIGSTOP)
        try:
            begun = time.monotonic()
            assert it.ask("load", limit=3) == "hanging"
            assert it.ask("keep", 1, limit=3) == "hanging"
            assert time.monotonic() - begun < 12
            assert it.end() < 3
        finally:
            daemon.send_signal(signal.SIGCONT)
