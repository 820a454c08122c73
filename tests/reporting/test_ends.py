"""Ends that the log has to tell of: a lost terminal, a signal, a bug outside the app, a death of the interpreter."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kiosk.reporting.faults import fault_file, keep_faults
from kiosk.reporting.lastwords import tell_crash
from kiosk.settings.loading import load_settings
from tests.reporting.sockets import datagrams
from tests.terminal import Terminal

ROOT = Path(__file__).parents[2]
SECRET = "jane.doe@example.com"


def lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def events(log: Path) -> list[object]:
    return [line["event"] for line in lines(log)]


def custom(folder: Path, code: str) -> dict[str, str]:
    (folder / "sitecustomize.py").write_text(code)
    return {"CUSTOM": "1", "PYTHONPATH": f"{folder}:{ROOT}"}


def test_a_lost_terminal_is_an_event_of_its_own_and_no_signal(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Terminal(["demo", "--log", str(log)], tmp_path) as it:
        it.see("Type your email or username")
        controller, it._controller = it._controller, os.open(os.devnull, os.O_RDONLY)
        os.close(it._worker)
        it._worker = os.open(os.devnull, os.O_RDONLY)
        signal_free = ["kill", "-s", "0", str(it.process.pid)]
        assert subprocess.run(signal_free).returncode == 0
        os.close(controller)
        assert it.process.wait(20) in {129, -signal.SIGHUP}
    assert events(log)[-2:] == ["terminal-lost", "end"]
    assert lines(log)[-1]["exit"] == 129


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_told_once_when_it_comes(tmp_path: Path, number: signal.Signals) -> None:
    log = tmp_path / "log"
    with Terminal(["demo", "--log", str(log)], tmp_path) as it:
        it.see("Type your email or username")
        it.process.send_signal(number)
        assert it.exit_code() == 128 + number
    told = [line for line in lines(log) if line["event"] == "signal"]
    assert [line["signal"] for line in told] == [number.name.lower()]
    # Nothing but a state that was on its way may come between the two.
    assert [event for event in events(log) if event != "state"][-2:] == ["signal", "end"]
    assert events(log)[-1] == "end"


def test_a_wish_to_restart_and_its_end_are_no_errors(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Terminal(["demo", "--log", str(log)], tmp_path) as it:
        it.see("Type your email or username")
        it.process.send_signal(signal.SIGUSR1)
        assert it.exit_code(30) == 75
    assert "restart-wished" in events(log)
    assert lines(log)[-1] == {**lines(log)[-1], "event": "end", "exit": 75, "level": "info"}


@pytest.mark.parametrize("command", ["demo", "login"])
def test_a_bug_outside_the_app_is_told_once(tmp_path: Path, command: str) -> None:
    log = tmp_path / "log"
    environ = custom(
        tmp_path,
        "import os\n"
        "if os.environ.get('CUSTOM'):\n"
        "    import kiosk.wiring\n"
        "    def fail(*_, **__):\n"
        f"        raise ValueError({SECRET!r})\n"
        "    kiosk.wiring.sign_in_for = fail\n",
    )
    with Terminal([command, "--log", str(log)], tmp_path, environ=environ) as it:
        assert it.exit_code(30) == 70
        assert "internal error: ValueError" in it.text
    assert events(log) == ["crash", "end"]
    assert lines(log)[0]["error"] == "ValueError"
    assert SECRET not in log.read_text()


def test_a_bug_while_lines_are_typed_is_told_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    environ = custom(
        tmp_path,
        "import os\n"
        "if os.environ.get('CUSTOM'):\n"
        "    import kiosk.plain\n"
        "    def fail(line, state):\n"
        "        raise ValueError(line)\n"
        "    kiosk.plain._intent = fail\n",
    )
    with Terminal(["login", "--log", str(log), "--api-key", "k"], tmp_path, environ=environ) as it:
        it.see("username")
        it.press(SECRET, "enter")
        assert it.exit_code(30) == 70
    assert events(log)[-2:] == ["crash", "end"]
    assert events(log).count("crash") == 1
    assert SECRET not in log.read_text()


def test_without_settings_a_bug_goes_where_auto_would(tmp_path: Path) -> None:
    with datagrams(tmp_path / "journal") as journal:
        error = ValueError(SECRET)
        tell_crash(error, None, {"NOTIFY_SOCKET": "/x"}, 1, journal.path)
        tell_crash(error, None, {}, 1, journal.path)
        tell_crash(error, load_settings({"log": str(tmp_path / "no" / "log")}, {}, None), {}, 1, journal.path)
        assert ["KIOSK_EVENT=crash" in each for each in journal.read()] == [True, False]
        assert not any(SECRET in each for each in journal.seen)


def test_where_a_trace_goes() -> None:
    assert fault_file(Path("/var/x.log"), {"LOGS_DIRECTORY": "/l"}) == Path("/var/x.log.fault")
    assert fault_file(None, {"LOGS_DIRECTORY": "/l:/m", "STATE_DIRECTORY": "/s"}) == Path("/l/fault.txt")
    assert fault_file(None, {"STATE_DIRECTORY": "/s"}) == Path("/s/fault.txt")
    assert fault_file(None, {"LOGS_DIRECTORY": "odd"}) is None


def test_a_trace_that_cannot_be_is_none(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("folder/no/x", "link/x"):
        assert keep_faults(tmp_path / name) is False
    assert not (tmp_path / "elsewhere").exists()


def test_the_watchdogs_sigabrt_leaves_a_trace_off_the_screen_which_the_next_start_tells_of(tmp_path: Path) -> None:
    log = tmp_path / "log"
    environ = custom(
        tmp_path,
        "import os, time\n"
        "if os.environ.get('CUSTOM'):\n"
        "    from kiosk.screens.waiting import WaitingScreen\n"
        "    def hang_here(self, state):\n"
        "        secret = state.identifier.value\n"
        "        open(os.environ['HUNG'], 'w').close()\n"
        "        time.sleep(1000)\n"
        "    WaitingScreen.draw = hang_here\n",
    )
    environ["HUNG"] = str(tmp_path / "hung")
    for _ in range(2):
        with Terminal(["demo", "--log", str(log)], tmp_path, environ=environ) as it:
            if not (tmp_path / "hung").exists():
                it.see("Type your email or username")
                it.press(SECRET, "enter")
            end = time.monotonic() + 30
            while not (tmp_path / "hung").exists():
                assert time.monotonic() < end
                it.read()
            it.rest(0.2)
            it.process.send_signal(signal.SIGABRT)
            assert it.exit_code(20) == -signal.SIGABRT
            assert b"hang_here" not in it.raw
            assert b"Fatal" not in it.raw
        (tmp_path / "hung").unlink()
        fault = tmp_path / "log.fault"
        trace = fault.read_text()
        assert "in hang_here" in trace
        for secret in (SECRET, "jane", "demo-key"):
            assert secret not in trace
        subprocess.run([sys.executable, "-m", "kiosk", "logout"], env={**environ, "HOME": str(tmp_path)}, timeout=60)
    with Terminal(["demo", "--log", str(log)], tmp_path) as it:
        end = time.monotonic() + 30
        while events(log).count("start") < 3:
            assert time.monotonic() < end
            it.read()
        it.process.terminate()
        assert it.exit_code() == 143
    starts = [line.get("after_fault") for line in lines(log) if line["event"] == "start"]
    assert starts == [None, True, True]
    assert fault.stat().st_size == 0
    assert "in hang_here" in (tmp_path / "log.fault.1").read_text()
    assert {path.name for path in tmp_path.glob("log*")} == {"log", "log.fault", "log.fault.1"}
