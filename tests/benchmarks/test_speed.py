"""What must not change on any machine: imports before the first frame, bytes per key, objects per screen."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Key

from kiosk.service.server import EmbeddedService, Options
from kiosk.signin.states import Welcome
from kiosk.smartlogin.models import Profile, Session, Token
from kiosk.vault.entries import Kept, write_kept
from kiosk.vault.limits import SERVICE
from kiosk.vault.sealed.backend import SealedFileKeyring
from kiosk.vault.sealed.keys import KeyKind, KeySource
from tests.benchmarks.footprint import kinds
from tests.benchmarks.probe import Probe
from tests.benchmarks.speed import BARE
from tests.cells import settled
from tests.screens.stage import app_in, still_of
from tests.screens.test_looks import STATES

MOST_BYTES = 600
MOST_MODULES = 40
"""Imported by what shows the first frame, beyond what Python itself starts with."""

MOST_TO_ASK = {"token": 75, "status": 90}
"""Imported by a command of scripts, first frame's modules and all, where nobody is signed in."""

MOST_TO_UNSEAL = 55
"""More, where a session is kept in the sealed file."""

MOST_TO_WAIT = 175
"""Imported by what waits for the click, beyond what a bare Textual app has."""

NOT_TO_WAIT = {
    *("anyio", "certifi", "email", "email_validator", "encodings.idna", "http", "httpcore", "httpx", "idna", "keyring"),
    *("ssl", "stringprep", "urllib.request"),
}
"""Not imported where the service is on this machine, the address is an English one, and no keyring runs."""

MOST_OBJECTS = 10
"""More after three switches: none, but for the odd answer that Python keeps. test_growth.py has all screens."""

TIMERS = {"asyncio.events.TimerHandle", "_contextvars.Context"}
"""asyncio keeps those that were cancelled for a while, a hundred of them at most."""

HEAVY = {"textual", "rich", "asyncio", "h11", "keyring", "qrcode", "argparse", "dataclasses", "tomllib"}

EARLY = """
import sys
before = set(sys.modules)
import kiosk.__main__, kiosk.firstframe.opening
print(*sorted(set(sys.modules) - before))
"""


ASKED = """
import sys
before = set(sys.modules)
from kiosk.__main__ import main
main()
sys.stderr.write("\\n" + " ".join(sorted(set(sys.modules) - before)))
"""


def test_what_is_imported_before_the_first_frame() -> None:
    run = subprocess.run([sys.executable, "-c", EARLY], capture_output=True, text=True, check=True)
    early = set(run.stdout.split())
    assert not early & {*HEAVY, "typing"}
    assert len(early) <= MOST_MODULES, early


def imported(command: str, home: Path, **settings: str) -> set[str]:
    """What a command imports that answers and ends."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(home), **settings}
    asking = [sys.executable, "-c", ASKED, command]
    run = subprocess.run(asking, env=environ, capture_output=True, text=True, check=True)
    return set(run.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("command", ["token", "status"])
def test_what_is_imported_where_nobody_is_signed_in(tmp_path: Path, command: str) -> None:
    asked = imported(command, tmp_path)
    assert "kiosk.kept" in asked
    assert not asked & HEAVY, "each costs more than all that is asked"
    assert len(asked) <= MOST_TO_ASK[command], asked


@pytest.mark.parametrize("command", ["token", "status"])
def test_what_is_imported_to_open_the_sealed_file(tmp_path: Path, command: str) -> None:
    key = tmp_path / "kiosk.key"
    keyring = SealedFileKeyring(tmp_path / ".local/state/kiosk/keyring", KeySource(KeyKind.FILE, key))
    keyring.set_password(SERVICE, "api.loginradius.com/k", write_kept(Kept(Session(Token("token-1"), Profile()), "")))
    settings = {"KIOSK_API_KEY": "k", "KIOSK_KEYRING": "sealed-file", "KIOSK_KEYRING_KEY_FILE": str(key)}
    asked = imported(command, tmp_path, **settings)
    assert {"kiosk.vault.entries", "cryptography"} <= asked, "somebody is signed in"
    assert not asked & HEAVY
    assert len(asked) <= MOST_TO_ASK[command] + MOST_TO_UNSEAL, asked


WAITING = """
import signal, sys
def tell(*_):
    with open({file!r}, "w") as file:
        print(*sys.modules, ".", file=file)
signal.signal(signal.SIGUSR2, tell)
sys.argv[0] = "kiosk"
"""
SHOWN = {
    "bare": f"import runpy; runpy.run_path({str(BARE)!r}, run_name='__main__')",
    "kiosk": "from kiosk.__main__ import main; sys.exit(main())",
}


def test_what_is_imported_to_wait_for_the_click(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(tmp_path)}
    loaded = {}
    with EmbeddedService(Options(port=0, store="memory:")) as service:
        environ |= {"TERM": "xterm", "LANG": "C.UTF-8", "KIOSK_API_KEY": "demo-key", "KIOSK_API_URL": service.url}
        for name, code in SHOWN.items():
            file = tmp_path / name
            with Probe([sys.executable, "-c", WAITING.format(file=str(file)) + code, "run"], environ) as it:
                it.see("Email or username")
                if name == "kiosk":
                    it.see("Type your email")
                    it.press("jane@example.com\r")
                    it.see("Send again")
                it.settle(1)
                os.kill(it.pid, signal.SIGUSR2)
                end = time.monotonic() + 30
                while not (file.exists() and file.read_text().endswith(".\n")):
                    assert time.monotonic() < end
                    it.settle(0.05)
            loaded[name] = set(file.read_text().split())
    assert {"h11", "kiosk.smartlogin.attempt", "kiosk.screens.waiting"} <= loaded["kiosk"]
    assert not loaded["kiosk"] & NOT_TO_WAIT
    assert len(loaded["kiosk"] - loaded["bare"]) <= MOST_TO_WAIT, sorted(loaded["kiosk"] - loaded["bare"])


def test_bytes_an_arrow(tmp_path: object) -> None:
    environ = {**os.environ, "HOME": str(tmp_path), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    environ |= {"KIOSK_API_KEY": "k", "KIOSK_API_URL": "http://127.0.0.1:9"}
    with Probe([sys.executable, "-m", "kiosk", "run"], environ) as it:
        it.see("Type your email")
        it.settle(0.5)
        assert max(it.answer("\x1b[C")[1] for _ in range(12)) <= MOST_BYTES


async def test_an_arrow_is_one_message_and_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """No widget's queue, no timer and no other widget between the key and its frame, and no second frame after it."""
    happened: list[str] = []
    drawn = asyncio.Event()

    def write(_driver: HeadlessDriver, _data: str) -> None:
        happened.append("frame")
        drawn.set()

    monkeypatch.setattr(HeadlessDriver, "write", write)
    monkeypatch.setattr(HeadlessDriver, "is_headless", False)
    app = app_in(STATES["entering"])
    async with app.run_test(
        size=(80, 24), message_hook=lambda message: happened.append(type(message).__name__)
    ) as pilot:
        for arrow in ("right", "down", "left", "up"):
            await settled(pilot)
            happened.clear()
            drawn.clear()
            app.post_message(Key(arrow, None))
            await drawn.wait()
            assert happened[:2] == ["Key", "frame"]
            await settled(pilot)
            assert happened.count("frame") == 1


async def test_screens_that_come_and_go_leave_nothing_behind() -> None:
    app = app_in(STATES["entering"])
    async with app.run_test(size=(80, 24)) as pilot:

        async def go_round(times: int) -> Counter[str]:
            for _ in range(times):
                for name in ("waiting", "entering"):
                    still_of(app).become(STATES[name])
                    await settled(pilot)
                still_of(app).become(Welcome("Jane"))
                await settled(pilot)
            return Counter({kind: count for kind, count in kinds().items() if kind not in TIMERS})

        before = await go_round(20)
        more = await go_round(15) - before
        assert more.total() <= 15 * MOST_OBJECTS, more
