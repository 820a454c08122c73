"""What `kiosk status` says of the app that runs, of one that hangs, and of one that was killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.reporting.reporter import Reporter
from kiosk.reporting.running import SILENT, RunningFile, running
from kiosk.settings.loading import load_settings
from kiosk.vault.owner import this_process
from tests.clock import FakeClock, until
from tests.keyrings import BrokenKeyring
from tests.peer import refusal
from tests.signin.world import JANE, world
from tests.terminal import Terminal
from tests.test_cli import KEYRING


def said(runtime: Path) -> dict[str, Any]:
    """The one file of it."""
    file = next((runtime / "kiosk").glob("app-*.json"))
    read: dict[str, Any] = json.loads(file.read_text())
    return read


def as_seen_by_another(runtime: Path, owner: str) -> None:
    """Have the file be of another process: one does not look at itself."""
    for file in (runtime / "kiosk").glob("app-*.json"):
        file.write_text(json.dumps({**json.loads(file.read_text()), "owner": owner}))


async def test_state_figures_and_failures_of_a_sign_in_without_a_word_of_anybody(tmp_path: Path) -> None:
    async with world(BrokenKeyring()) as it:
        environ = {"XDG_RUNTIME_DIR": str(tmp_path)}
        reporter = Reporter(load_settings({}, {}, None), environ, "off", site="site", clock=it.clock)
        reporter._runnings._pause = 0.0
        beats: list[Callable[[], None]] = []
        reporter.begin(it.sign_in, lambda _period, work: beats.append(work))
        it.peer.will("smartlogin", refusal(1093))
        await it.type("nobody@x.org")
        await it.clock.advance(7)
        await it.wait()
        await it.clock.advance(60)
        beats[0]()
        await until(lambda: said(tmp_path)["at"] == it.clock.now())
        text = json.dumps(said(tmp_path))
        app = said(tmp_path)["app"]
        assert app["state"] == "Waiting"
        assert app["attempts"] == 2
        assert app["mails"] == 0, "of the fake client nobody tells"
        assert sum(app["failures"].values()) == 1
        assert app["since_at"] == it.clock.now() - 60
        assert app["started_at"] == it.clock.now() - 67
        assert "x.org" not in text
        assert JANE not in text
        file = next((tmp_path / "kiosk").iterdir())
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700
        reporter.end(0)
    assert list((tmp_path / "kiosk").iterdir()) == []


@pytest.fixture
def sleeper() -> Any:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def owner_of(pid: int) -> str:
    from kiosk.vault.owner import _name

    return _name(str(pid))


def test_one_that_is_silent_for_long_does_not_respond_and_one_that_has_ended_was_killed(
    tmp_path: Path, sleeper: "subprocess.Popen[bytes]"
) -> None:
    clock = FakeClock()
    RunningFile(tmp_path, "site").write(clock.now(), {"state": "Waiting", "since_at": clock.now() - 90.0})
    as_seen_by_another(tmp_path, owner_of(sleeper.pid))
    report = running(tmp_path, "site", clock)
    assert report["running"]
    assert report["responding"]
    assert report["pid"] == sleeper.pid
    assert report["since"] == "2026-11-23T06:58:30+00:00"
    clock._now += SILENT
    assert not running(tmp_path, "site", clock)["responding"]
    assert running(tmp_path, "another site", clock) == {"running": False, "killed": False}
    sleeper.kill()
    sleeper.wait()
    assert running(tmp_path, "site", clock) == {"running": False, "killed": True}


def test_a_number_that_came_again_is_another_process(tmp_path: Path, sleeper: "subprocess.Popen[bytes]") -> None:
    clock = FakeClock()
    RunningFile(tmp_path, "site").write(clock.now(), {})
    as_seen_by_another(tmp_path, f"{sleeper.pid}:1")
    assert running(tmp_path, "site", clock) == {"running": False, "killed": True}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"owner": 1}', '{"owner":"1:1","site":"site","at":"x","app":{}}', "[" * 9999, "\xff"]
)
def test_a_broken_file_is_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / "kiosk").mkdir()
    (tmp_path / "kiosk" / "app-1.json").write_text(text, encoding="latin-1")
    assert running(tmp_path, "site", FakeClock())["running"] is False


def test_without_a_folder_or_with_an_empty_one_nobody_runs(tmp_path: Path) -> None:
    nobody = {"running": False, "killed": False}
    assert running(None, "site", FakeClock()) == running(tmp_path, "site", FakeClock()) == nobody


def test_what_killed_ones_left_is_swept_and_nothing_of_the_living(tmp_path: Path) -> None:
    ours = RunningFile(tmp_path, "site")
    ours.write(0.0, {})
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (f"app-{gone.pid}.json", f"app-{gone.pid}.new", f"app-{os.getppid()}.json"):
        (tmp_path / "kiosk" / name).touch()
    ours.sweep()
    left = {path.name for path in (tmp_path / "kiosk").iterdir()}
    assert left == {f"app-{os.getpid()}.json", f"app-{os.getppid()}.json"}
    assert this_process() in (tmp_path / "kiosk" / f"app-{os.getpid()}.json").read_text()


def test_status_beside_the_real_app_running_killed_and_ended(tmp_path: Path) -> None:
    (tmp_path / "testkeyring.py").write_text(KEYRING)
    environ = {
        "PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}",
        "TEST_KEYRING": str(tmp_path / "keyring.json"),
        "KIOSK_KEYRING": "testkeyring.Keyring",
        "RUNTIME_DIRECTORY": str(tmp_path / "run"),
    }

    def status(*flags: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kiosk", "status", *flags],
            capture_output=True,
            text=True,
            timeout=60,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environ},
        )

    def app(it: Terminal, name: str, wanted: object) -> dict[str, Any]:
        end = time.monotonic() + 30
        while (report := json.loads(status("--json").stdout))["app"].get(name) != wanted:
            assert time.monotonic() < end, report
            it.read()
        found: dict[str, Any] = report
        return found

    with Terminal(["demo"], tmp_path, environ=environ) as it:
        it.see("Type your email or username")
        assert app(it, "state", "Entering")["link_sent"] is False
        it.press("jane.doe@example.com", "enter")
        it.see("/mailbox")
        report = app(it, "state", "Waiting")
        assert report["link_sent"] is True
        assert report["app"]["pid"] == it.process.pid
        assert report["app"]["attempts"] == report["app"]["mails"] == 1
        app(it, "responding", True)
        words = status()
        assert words.returncode == 1
        assert "app runs: yes" in words.stdout
        assert "state: Waiting" in words.stdout
        assert "failures: none" in words.stdout
        for secret in ("jane", "doe", "example.com"):
            assert secret not in words.stdout + json.dumps(report)
        it.process.kill()
        it.process.wait()
        assert json.loads(status("--json").stdout)["app"] == {"running": False, "killed": True}
    with Terminal(["demo"], tmp_path, environ=environ) as it:
        it.see("/mailbox")  # the attempt goes on
        app(it, "state", "Waiting")
        it.process.send_signal(signal.SIGTERM)
        assert it.exit_code() == 143
        assert json.loads(status("--json").stdout)["app"] == {"running": False, "killed": False}
    assert list((tmp_path / "run" / "kiosk").glob("app-*")) == []
