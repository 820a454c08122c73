"""Where lines go: a file of bounded size that others may move, a full disk, a journal that comes and goes, systemd."""

import asyncio
import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.reporting.background import Background
from kiosk.reporting.figures import write_figures
from kiosk.reporting.journal import Journal
from kiosk.reporting.limited import Limited
from kiosk.reporting.logfile import LogFile
from kiosk.reporting.records import Event, Level, record
from kiosk.reporting.supervisor import Supervisor
from tests.reporting.sockets import datagrams

START = record(Event.START, Level.INFO, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_full_file_becomes_the_older_one_and_both_stay_in_their_bounds(tmp_path: Path) -> None:
    path = tmp_path / "log"
    file = LogFile(path, 1000)
    for number in range(200):
        file.write(f"{number:05} {'x' * 40}")
        assert sum(each.stat().st_size for each in tmp_path.iterdir()) <= 2000
    file.close()
    assert {each.name for each in tmp_path.iterdir()} == {"log", "log.1"}
    lines = [int(line[:5]) for each in ("log.1", "log") for line in (tmp_path / each).read_text().splitlines()]
    assert lines == list(range(lines[0], 200)), "no line was lost, none is twice"


def test_two_processes_write_whole_lines_into_one_file_while_it_turns(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from kiosk.reporting.logfile import LogFile\n"
        "file = LogFile(Path(sys.argv[1]), 4000)\n"
        "sys.stdin.readline()\n"
        'for n in range(2000): file.write(\'{"who":"%s","n":%d}\' % (sys.argv[2], n))\n'
    )
    both = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "log"), who], stdin=subprocess.PIPE)
        for who in "ab"
    ]
    for each in both:
        assert each.stdin is not None
        each.stdin.write(b"\n")
        each.stdin.flush()
    for each in both:
        each.communicate(timeout=120)
        assert each.returncode == 0
    for name in ("log", "log.1"):
        for line in (tmp_path / name).read_text().splitlines():
            assert json.loads(line)["who"] in "ab"
        assert (tmp_path / name).stat().st_size <= 4000 + 2 * 30, "two may see room for one line at the same time"


def test_a_file_that_logrotate_has_moved_or_removed_is_opened_anew(tmp_path: Path) -> None:
    path = tmp_path / "log"
    file = LogFile(path, 10_000)
    file.write("one")
    path.rename(tmp_path / "log.old")
    file.write("two")
    path.unlink()
    file.write("three")
    path.write_text("")  # copytruncate
    file.write("four")
    file.close()
    assert (tmp_path / "log.old").read_text() == "one\n"
    assert path.read_text() == "four\n"


def test_a_link_put_in_the_files_place_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "log"
    file = LogFile(path, 10_000)
    file.write("one")
    path.unlink()
    path.symlink_to(tmp_path / "passwd")
    with pytest.raises(OSError, match="symbolic") as caught:
        file.write("two")
    assert caught.value.errno == errno.ELOOP
    assert not (tmp_path / "passwd").exists()


def test_a_full_disk_costs_lines_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, background, full = LogFile(tmp_path / "log", 10_000), Background(), [True]
    write = os.write

    def sometimes(descriptor: int, data: bytes) -> int:
        if full[0] and data.startswith(b"line"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", sometimes)
    background.put(lambda: file.write("line 1"))
    background.finish(10)
    full[0] = False
    background.put(lambda: file.write("line 2"))
    background.finish(10)
    assert (tmp_path / "log").read_text() == "line 2\n"
    file.close()


def test_a_journal_that_is_away_for_a_while(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "socket")
    journal.write(START)  # not there yet
    with datagrams(tmp_path / "socket") as first:
        journal.write(START)
        assert len(first.read()) == 1
    (tmp_path / "socket").unlink()
    journal.write(START)
    with datagrams(tmp_path / "socket") as second:
        journal.write(START)
        assert len(second.read()) == 1
        for _ in range(5000):
            journal.write(START)  # nobody reads: it is dropped, and nobody waits
        assert second.read()
    journal.close()


def test_an_abstract_address_of_systemd() -> None:
    name = f"kiosk-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0{name}")
        systemd.settimeout(10)
        supervisor = Supervisor({"NOTIFY_SOCKET": f"@{name}", "WATCHDOG_USEC": "3000000"})
        assert supervisor.feeding == 1.0
        supervisor.ready()
        supervisor.feed()
        assert supervisor.status("here")
        assert [systemd.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STATUS=here"]
    supervisor.ready()  # nobody there any more


@pytest.mark.parametrize("odd", ["", "x", "-5", "0", "١٢", "9" * 40])
def test_an_odd_period_feeds_nothing_or_seldom(odd: str) -> None:
    period = Supervisor({"NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": odd}).feeding
    assert period is None or period > 1e6


class Loop:
    """Timers on a clock of the test's own."""

    def __init__(self) -> None:
        self.now = 0.0
        self._timers: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, delay: float, work: Callable[[], None]) -> "Loop":
        self._timers.append((self.now + delay, work))
        return self

    def cancel(self) -> None:
        self._timers.clear()

    def advance(self, seconds: float) -> None:
        self.now += seconds
        due = [each for each in self._timers if each[0] <= self.now]
        self._timers = [each for each in self._timers if each[0] > self.now]
        for _, work in due:
            work()


@pytest.mark.parametrize("pause", [1.0, 15.0])
def test_the_first_at_once_then_one_a_pause_and_the_last_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, pause: float
) -> None:
    loop, done = Loop(), list[float]()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    it = Limited(pause, lambda: done.append(loop.now))
    for _ in range(40):
        it.ask()
        loop.advance(pause / 8)  # fractions of two add up without an error
    assert done == [0, pause, 2 * pause, 3 * pause, 4 * pause, 5 * pause]
    loop.advance(10 * pause)
    count = len(done)
    it.ask()
    it.ask()
    it.stop()
    loop.advance(10 * pause)
    assert len(done) == count + 1


def test_the_first_sign_of_life_comes_before_textual_is_imported(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "if os.environ.get('LOOK'):\n"
        "    import kiosk.reporting.supervisor as supervisor\n"
        "    def feed():\n"
        "        print('textual' in sys.modules, 'h11' in sys.modules, flush=True)\n"
        "        os._exit(9)\n"
        "    supervisor.feed_before_imports = feed\n"
    )
    from tests.terminal import Terminal

    environ = {"LOOK": "1", "PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}", "WATCHDOG_USEC": "30000000"}
    with Terminal(["run"], tmp_path, environ=environ) as it:
        assert it.exit_code(30) == 9
        assert "False False" in it.text


def test_figures_go_through_nothing_that_somebody_has_put_in_their_way(tmp_path: Path) -> None:
    """Where everybody may write: another name of a file of ours, a link to one, a pipe that nobody reads."""
    ours, path, beside = tmp_path / "kiosk.toml", tmp_path / "kiosk.prom", tmp_path / ".kiosk.prom.new"
    ours.write_text("locked = true")
    ways: list[Callable[[], None]] = [
        lambda: beside.hardlink_to(ours),
        lambda: beside.symlink_to(ours),
        lambda: os.mkfifo(beside),
    ]
    for put in ways:
        put()
        write_figures(path, "kiosk_up 1\n")
        assert ours.read_text() == "locked = true"
        assert path.read_text() == "kiosk_up 1\n"
        assert path.is_file()
        assert not beside.exists()
