"""Threads that hang do not hold up the end: in the loop alone, and with name servers that never answer."""

import asyncio
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from kiosk.loop import MOST_THREADS, DaemonExecutor, run, wait_for_no_thread
from kiosk.service.server import EmbeddedService, Options
from tests.terminal import Terminal

HANGS = 60
"""Seconds that a name is looked up in the black hole; an exit that waits for it is told apart on any machine."""

QUICK = 15
"""Seconds, far above the 3 that an exit may take, for machines that do other things as well."""

BLACK_HOLE = f"""
import os, pathlib, socket, time

look_up = socket.getaddrinfo
def getaddrinfo(*arguments, **more):
    if pathlib.Path(os.environ["BLACK_HOLE"]).exists():
        time.sleep({HANGS})
    return look_up(*arguments, **more)
socket.getaddrinfo = getaddrinfo
"""


def test_an_end_waits_for_no_thread() -> None:
    let_go = threading.Event()

    async def main() -> int:
        asyncio.get_running_loop().run_in_executor(None, let_go.wait, HANGS)
        return 7

    began = time.monotonic()
    assert run(main()) == 7
    assert time.monotonic() - began < QUICK
    let_go.set()


async def test_calls_give_and_raise_what_they_should() -> None:
    wait_for_no_thread()
    assert await asyncio.gather(*(asyncio.to_thread(divmod, number, 3) for number in range(40))) == [
        divmod(number, 3) for number in range(40)
    ]
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(divmod, 1, 0)


def test_threads_are_few_and_end_with_their_executor() -> None:
    executor, let_go = DaemonExecutor(), threading.Event()
    before = set(threading.enumerate())
    hanging = [executor.submit(let_go.wait, HANGS) for _ in range(MOST_THREADS)]
    waiting = [executor.submit(pow, 2, number) for number in range(20)]
    given_up = executor.submit(pow, 2, 2)
    assert given_up.cancel()
    ours = set(threading.enumerate()) - before
    assert len(ours) == MOST_THREADS
    assert all(thread.daemon for thread in ours)
    let_go.set()
    assert [future.result(QUICK) for future in waiting] == [2**number for number in range(20)]
    assert all(future.result(QUICK) for future in hanging)
    executor.shutdown()
    executor.shutdown()
    for thread in ours:
        thread.join(QUICK)
        assert not thread.is_alive()
    with pytest.raises(RuntimeError):
        executor.submit(pow, 2, 2)


@pytest.fixture
def hole(tmp_path: Path) -> Path:
    """A file that, while it is there, lets no name be found."""
    (tmp_path / "sitecustomize.py").write_text(BLACK_HOLE)
    return tmp_path / "hole"


def environ(hole: Path) -> dict[str, str]:
    return {
        "BLACK_HOLE": str(hole),
        "PYTHONPATH": str(hole.parent),
        "KIOSK_KEYRING": "off",
        "KIOSK_API_KEY": "demo-key",
    }


@pytest.mark.parametrize("how", ["signal", "back"])
def test_the_app_ends_at_once_while_a_name_is_looked_up_for_the_mail(hole: Path, how: str) -> None:
    hole.touch()
    with Terminal(["run", "--api-url", "https://service.invalid"], hole.parent, environ=environ(hole)) as it:
        it.see("Type your email or username")
        it.press("jane", "enter")
        it.see("Sending the link")
        began = time.monotonic()
        if how == "signal":
            it.process.send_signal(signal.SIGTERM)
            assert it.exit_code(HANGS) == 143
        else:
            it.press("escape")
            it.see("Type your email or username")
            it.press(*["backspace"] * 4, "escape")
            assert it.exit_code(HANGS) == 130
        assert time.monotonic() - began < QUICK
        assert it.restored()


def test_the_app_ends_at_once_while_a_name_is_looked_up_for_a_ping(hole: Path) -> None:
    with EmbeddedService(Options(port=0)) as service:
        url = service.url.replace("127.0.0.1", "localhost")
        with Terminal(["run", "--api-url", url], hole.parent, environ=environ(hole)) as it:
            it.see("Type your email or username")
            it.press("jane", "enter")
            it.see("Waiting for you")
            hole.touch()
            service.stop()
            it.see("does not answer", limit=60)
            began = time.monotonic()
            it.process.send_signal(signal.SIGTERM)
            assert it.exit_code(HANGS) == 143
            assert time.monotonic() - began < QUICK


def test_lines_of_text_end_at_once_as_well(hole: Path) -> None:
    hole.touch()
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "kiosk", "login", "--api-url", "https://service.invalid"],
        input="jane\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=HANGS,
        env={"PATH": "/usr/bin:/bin", "HOME": str(hole.parent), **environ(hole)},
    )
    # 5 seconds to give the name up; then the input is at its end.
    assert "does not answer" in ended.stdout
    assert time.monotonic() - began < QUICK + 5
    assert ended.stderr == ""
