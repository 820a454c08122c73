"""The real command in a pseudo-terminal, watched over a real datagram socket, with a real log and real figures."""

import json
import re
import signal
import time
from pathlib import Path

import pytest

from tests.mail import click, newest_mail
from tests.reporting.sockets import datagrams
from tests.terminal import Terminal

ROOT = Path(__file__).parents[2]


def lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_a_whole_sign_in_as_systemd_the_log_and_the_figures_see_it(tmp_path: Path) -> None:
    log, figures = tmp_path / "kiosk.log", tmp_path / "kiosk.prom"
    with datagrams(tmp_path / "notify") as systemd:
        environ = {"NOTIFY_SOCKET": str(systemd.path), "WATCHDOG_USEC": "300000"}
        reporting = ["--log", str(log), "--log-level", "debug", "--metrics-file", str(figures)]
        with Terminal(["demo", *reporting], tmp_path, environ=environ) as it:
            systemd.see("READY=1", it.read)
            it.read()
            assert "Type your email or username" in it.text, "ready means that people can use it"
            systemd.see("STATUS=Ready for a sign-in", it.read)
            it.press("jane", "enter")
            mailbox = re.search(r"http://127\.0\.0\.1:\d+/mailbox", it.see("/mailbox"))
            assert mailbox
            link = newest_mail(mailbox[0])["links"][0]
            click(link)
            it.see("Welcome, Jane")
            systemd.see("STATUS=Signed in", it.read)
            alive = systemd.read().count("WATCHDOG=1")
            end = time.monotonic() + 20
            while systemd.read().count("WATCHDOG=1") < alive + 3:
                assert time.monotonic() < end
                it.read()
            it.press("enter")
            assert it.exit_code() == 0
            assert it.restored()
        assert "STOPPING=1" in systemd.read()
        said = log.read_text() + figures.read_text() + "".join(systemd.seen)
    events = [(line["event"], line.get("state") or line.get("call")) for line in lines(log)]
    assert events[0] == ("start", None)
    for wanted in [("state", "Sending"), ("call", "request_login"), ("state", "Waiting"), ("call", "ping")]:
        assert wanted in events
    assert ("state", "Welcome") in events
    assert lines(log)[-1]["event"] == "end"
    assert lines(log)[-1]["exit"] == 0
    assert "kiosk_sign_ins_total 1\n" in figures.read_text()
    assert "kiosk_up 0\n" in figures.read_text()
    token = link.rpartition("=")[2]
    for secret in ("jane", "Jane", "doe", "example.com", token, "demo-key", "http"):
        assert secret not in said, secret


@pytest.mark.parametrize("kind", ["directory", "link", "missing", "pipe"])
def test_a_log_that_cannot_be_is_one_line_at_start(tmp_path: Path, kind: str) -> None:
    import os

    log = tmp_path / "log"
    match kind:
        case "directory":
            log.mkdir()
        case "link":
            log.symlink_to(tmp_path / "elsewhere")
        case "missing":
            log = tmp_path / "no" / "log"
        case "pipe":
            os.mkfifo(log)
    with Terminal(["demo", "--log", str(log)], tmp_path) as it:
        assert it.exit_code() == 78
        assert "kiosk: log (--log):" in it.text
        assert b"Traceback" not in it.raw
        assert b"\x1b" not in it.raw
    assert not (tmp_path / "elsewhere").exists()


def test_a_log_that_vanishes_hurts_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    with Terminal(["demo", "--log", str(folder / "log"), "--metrics-file", str(folder / "k.prom")], tmp_path) as it:
        it.see("Type your email or username")
        for file in folder.iterdir():
            file.unlink()
        folder.rename(tmp_path / "gone")
        it.press("jane", "enter")
        it.see("/mailbox")
        it.process.send_signal(signal.SIGTERM)
        assert it.exit_code() == 143


def test_a_loop_that_hangs_gives_no_sign_of_life(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, time\n"
        "if os.environ.get('HANG'):\n"
        "    from kiosk.screens.waiting import WaitingScreen\n"
        "    WaitingScreen.draw = lambda self, state: time.sleep(1000)\n"
    )
    with datagrams(tmp_path / "notify") as systemd:
        environ = {"NOTIFY_SOCKET": str(systemd.path), "WATCHDOG_USEC": "300000"}
        with Terminal(["demo"], tmp_path, environ={**environ, "HANG": "1", "PYTHONPATH": f"{tmp_path}:{ROOT}"}) as it:
            systemd.see("READY=1", it.read)
            systemd.see("WATCHDOG=1", it.read)
            it.see("Type your email or username")
            it.press("jane.doe@example.com", "enter")
            end = time.monotonic() + 20
            count = -1
            while count != len(systemd.seen):
                assert time.monotonic() < end, "it goes on"
                count = len(systemd.read())
                time.sleep(1.5)  # fifteen signs of life would have come
                it.read()
                systemd.read()


def test_a_crash_is_told_by_kind_and_place(tmp_path: Path) -> None:
    log = tmp_path / "log"
    (tmp_path / "sitecustomize.py").write_text(
        "import os\n"
        "if os.environ.get('CRASH'):\n"
        "    from kiosk.screens.waiting import WaitingScreen\n"
        "    def draw(self, state):\n"
        "        raise ValueError(state.identifier.value)\n"
        "    WaitingScreen.draw = draw\n"
    )
    environ = {"CRASH": "1", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    with Terminal(["demo", "--log", str(log)], tmp_path, environ=environ) as it:
        it.see("Type your email or username")
        it.press("jane.doe@example.com", "enter")
        assert it.exit_code() == 70
    crash = next(line for line in lines(log) if line["event"] == "crash")
    assert crash["error"] == "ValueError"
    assert "app.py" in str(crash["frames"])
    assert "jane" not in log.read_text()
