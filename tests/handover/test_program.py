"""The operator's program, run for real on a pseudo-terminal."""

import asyncio
import os
import pty
import signal
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.handover.passing import ByEnvironment, Passing
from kiosk.handover.program import Program
from tests.clock import until


@pytest.fixture
def terminal() -> Iterator[int]:
    controller, worker = pty.openpty()
    yield worker
    os.close(worker)
    os.close(controller)


def python(script: str, *, environ: dict[str, str] | None = None, passing: Passing | None = None) -> Program:
    keep = {"PATH": os.environ["PATH"], **(environ or {})}
    return Program([sys.executable, "-c", script], keep, passing or ByEnvironment(), grace=0.5)


async def test_the_exit_code_comes_back(terminal: int) -> None:
    assert (await python("raise SystemExit(7)").run("t", terminal)).code == 7
    assert not (await python("").run("t", terminal)).failed


async def test_a_signal_comes_back_as_one(terminal: int) -> None:
    ended = await python("import os; os.kill(os.getpid(), 9)").run("t", terminal)
    assert ended.code == -signal.SIGKILL
    assert ended.failed


@pytest.mark.parametrize("command", [["/nowhere/at-all"], ["/etc/hostname"], ["/"], ["with\0nul"]])
async def test_what_cannot_be_started_says_so(command: list[str], terminal: int) -> None:
    program = Program(command, {}, ByEnvironment())
    assert (await program.run("t", terminal)).code is None
    assert not program.running


async def test_a_place_for_the_token_that_cannot_be_made_says_so(terminal: int) -> None:
    class Nowhere(Passing):
        def begin(self, token: str) -> "object":  # type: ignore[override]
            raise PermissionError

    assert (await python("", passing=Nowhere()).run("t", terminal)).code is None


async def test_it_gets_the_token_and_nothing_of_what_is_between_us_and_systemd(terminal: int, tmp_path: Path) -> None:
    environ = {"NOTIFY_SOCKET": "/run/x", "WATCHDOG_USEC": "1", "TEXTUAL_FPS": "1", "LANG": "C.UTF-8"}
    told = tmp_path / "told"
    script = f"import os, json; open({str(told)!r}, 'w').write(json.dumps(dict(os.environ)))"
    await python(script, environ=environ).run("token-of-jane", terminal)
    assert '"KIOSK_ACCESS_TOKEN": "token-of-jane"' in told.read_text()
    assert '"LANG"' in told.read_text()
    assert not [name for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "TEXTUAL") if name in told.read_text()]


async def test_one_that_ignores_sigterm_is_ended_with_all_that_it_started(terminal: int, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f"""
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
with open({str(pids)!r} + ".new", "w") as file:
    file.write(str(child.pid))
os.rename({str(pids)!r} + ".new", {str(pids)!r})
time.sleep(60)
"""
    program = python(script)
    run = asyncio.create_task(program.run("t", terminal))
    await until(pids.exists, 20)
    program.stop()
    program.stop()  # twice is once
    assert (await asyncio.wait_for(run, 20)).code == -signal.SIGKILL
    await until(lambda: _gone(int(pids.read_text())))


async def test_what_it_leaves_behind_does_not_go_on_drawing(terminal: int, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open({str(pids)!r}, "w").write(str(child.pid))
"""
    assert (await python(script).run("t", terminal)).code == 0
    await until(lambda: _gone(int(pids.read_text())))


async def test_one_that_stops_itself_is_continued(terminal: int) -> None:
    ended = await asyncio.wait_for(
        python("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)").run("t", terminal), 20
    )
    assert ended.code == 0


async def test_the_terminal_comes_back_as_it_was(terminal: int) -> None:
    before = termios.tcgetattr(terminal)
    await python("import tty; tty.setraw(0)").run("t", terminal)
    assert termios.tcgetattr(terminal) == before


async def test_whoever_ends_us_in_the_middle_leaves_no_program_behind(terminal: int, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    program = python(f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    run = asyncio.create_task(program.run("t", terminal))
    await until(lambda: pid.exists() and pid.read_text(), 20)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    await until(lambda: _gone(int(pid.read_text())))


def _gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"  # nobody here is its parent; whoever is will collect it
