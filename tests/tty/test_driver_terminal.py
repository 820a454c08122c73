"""The driver in a real pseudo-terminal: input without trust, and a terminal left as it was found, however it ends."""

import contextlib
import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte
import pytest

from tests.driver_app import FRAMES, STANDING
from tests.terminal import UNKNOWN_TO_PYTE

LIMIT = 15.0
ROOT = Path(__file__).parents[2]


class Box:
    """`tests.driver_app` on a terminal of its own, which nobody reads unless told so.

    Without a controlling terminal, so that a hang-up brings no SIGHUP: the harder case.
    """

    def __init__(
        self, *options: str, stdin: int | None = None, stderr: int | None = None, term: str = "xterm-256color"
    ):
        self.controller, self.worker = pty.openpty()
        fcntl.ioctl(self.worker, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.modes = termios.tcgetattr(self.worker)
        self._told, telling = os.pipe()
        self.raw = b""
        self._lines = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.driver_app", str(telling), *options],
            stdin=self.worker if stdin is None else stdin,
            stdout=subprocess.DEVNULL,
            stderr=self.worker if stderr is None else stderr,
            env={"PATH": os.environ["PATH"], "TERM": term, "LANG": "C.UTF-8"},
            cwd=ROOT,
            pass_fds=[telling],
            start_new_session=True,
        )
        os.close(telling)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _tb: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        for descriptor in (self.controller, self.worker, self._told):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def send(self, data: bytes) -> None:
        os.write(self.controller, data)

    def told(
        self, *, reading: bool = True, every: float = LIMIT, otherwise: Callable[[], None] | None = None
    ) -> Iterator[list[Any]]:
        """What the app tells, as it comes; meanwhile what it draws is read, or not.

        `otherwise` is done when there is nothing to read for `every` seconds.
        """
        end = time.monotonic() + LIMIT
        while True:
            while b"\n" in self._lines:
                line, _, self._lines = self._lines.partition(b"\n")
                yield json.loads(line)
            watched = [self._told, *([self.controller] if reading else [])]
            ready = select.select(watched, [], [], every)[0]
            if not ready and otherwise:
                otherwise()
            assert time.monotonic() < end, "it never came"
            if self.controller in ready:
                self._read()
            if self._told in ready:
                data = os.read(self._told, 65536)
                if not data:
                    return
                self._lines += data

    def until(self, what: str, value: object = None, *, reading: bool = True) -> list[Any]:
        """Everything told up to `what`, and with `value` if that is given."""
        found: list[Any] = []
        for name, told in self.told(reading=reading):
            if name == what and value in (None, told):
                return found
            found.append([name, told])
        raise AssertionError(f"it ended ({self.process.wait()}) without {what}: {found}\n{self.raw[-2000:]!r}")

    def _read(self) -> bool:
        try:
            data = os.read(self.controller, 65536)
        except OSError:
            return False
        self.raw += data
        return bool(data)

    def exit_code(self, *, reading: bool = True) -> int:
        for _ in self.told(reading=reading):
            pass
        return self.process.wait(LIMIT)

    def until_drawn(self, text: str) -> None:
        end = time.monotonic() + LIMIT
        while text.encode() not in self.raw:
            assert time.monotonic() < end, f"{text} never came: {self.raw[-2000:]!r}"
            if select.select([self.controller], [], [], 0.05)[0]:
                self._read()

    def drain(self, quiet: float = 0) -> None:
        """What was drawn, until nothing comes for so many seconds."""
        while select.select([self.controller], [], [], quiet)[0] and self._read():
            pass

    def restored(self) -> bool:
        """Modes of the line, and of the screen: main one, cursor shown, no reports."""
        self.drain()
        pairs = [(f"?{mode}l", f"?{mode}h") for mode in (1049, 1004, 2004)] + [
            ("?25h", "?25l"),
            ("?7h", "?7l"),
            ("<u", ">25u"),
        ]
        good = all(
            self.raw.rfind(b"\x1b[" + off.encode()) > self.raw.rfind(b"\x1b[" + on.encode()) for off, on in pairs
        )
        return good and termios.tcgetattr(self.worker) == self.modes


def test_keys_garbage_and_what_comes_after() -> None:
    with Box() as box:
        box.until("ready")
        box.send(
            b"a\xff\x1b[1;99Z\x1b[999~\x1b]11;rgb:0/0/0\x07\x1b[25~\x1b\x1b\x1bx\x00\x1b[<0;1;1M\x1b[200~jane\x07\x1b[201~"
        )
        box.send(b"\x1b[48;5;200")
        told = box.until("key", ["escape", None])  # the first of two in a row
        told += [["key", ["escape", None]], *box.until("paste")]
        assert [value for name, value in told if name == "key"][:3] == [["a", "a"], ["f13", None], ["escape", None]]
        assert not any(value[1] for name, value in told if name == "key" and value[0] != "a")
        box.send(b"\x1b[q\x1b[Aq")
        assert ["key", ["up", None]] in box.until("key", ["q", "q"])
        assert box.exit_code() == 7
        assert box.restored()


def test_an_escape_by_itself_comes_without_another_key() -> None:
    with Box() as box:
        box.until("ready")
        box.send(b"\x1b")
        box.until("key", ["escape", None])
        box.send(b"\x1b[200~never ended")
        box.until("paste", "never ended")
        box.send(b"q")
        assert box.exit_code() == 7


def test_a_flood_of_keys_is_cut_short() -> None:
    with Box() as box:
        box.until("ready")
        os.set_blocking(box.controller, False)
        left = memoryview(b"x" * 100_000)
        while left:
            select.select([], [box.controller], [], LIMIT)
            with contextlib.suppress(BlockingIOError):
                left = left[os.write(box.controller, left) :]
        os.set_blocking(box.controller, True)
        # The throttle may drop the first ones: press until one is seen.
        seen = 0
        for name, value in box.told(every=0.05, otherwise=lambda: box.send(b"q")):
            seen += name == "key" and value[0] == "x"
        assert 500 <= seen < 20_000
        assert box.exit_code() == 7


def test_the_size_is_that_of_the_terminal_even_if_stdout_is_a_log() -> None:
    with Box() as box:
        box.until("ready")
        fcntl.ioctl(box.worker, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 132, 0, 0))
        box.process.send_signal(signal.SIGWINCH)
        box.until("size", [132, 40])


def test_a_hang_up_without_a_signal_ends_it_at_once() -> None:
    with Box() as box:
        box.until("ready")
        os.close(box.worker)
        os.close(box.controller)
        assert box.exit_code(reading=False) == 129


def test_end_of_input_ends_it_at_once() -> None:
    reading, writing = os.pipe()
    with Box(stdin=reading) as box:
        os.close(reading)
        box.until("ready")
        os.write(writing, b"a\x1b[A")
        assert box.until("key", ["up", None]) == [["key", ["a", "a"]]]
        os.close(writing)
        assert box.exit_code() == 129


def test_no_input_at_all() -> None:
    with Path(os.devnull).open() as nothing, Box(stdin=nothing.fileno()) as box:
        assert box.exit_code() == 129


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_signals(number: signal.Signals, code: int) -> None:
    with Box() as box:
        box.until("ready")
        box.process.send_signal(number)
        assert box.exit_code() == code
        assert box.restored()


def test_a_signal_before_the_app_listens_restores_the_terminal_too() -> None:
    with Box("die-early") as box:
        assert box.exit_code() == -signal.SIGTERM
        assert box.restored()


def test_stopped_and_continued_from_outside() -> None:
    with Box() as box:
        box.until("ready")
        box.process.send_signal(signal.SIGSTOP)
        os.waitpid(box.process.pid, os.WUNTRACED)
        box.process.send_signal(signal.SIGCONT)
        # Keys pressed while the terminal changes hands are flushed, as ever: press until one is seen.
        for name, value in box.told():
            if name == "key" and value[0] == "a":
                break
            box.send(b"a")
        box.process.send_signal(signal.SIGTERM)
        assert box.exit_code() == 143
        assert box.restored()


def test_stopped_by_a_shell_and_brought_back_it_paints_what_stood_there() -> None:
    with Box() as box:
        box.until("ready")
        box.until_drawn(STANDING)
        box.drain(0.5)  # what the start itself still paints
        box.process.send_signal(signal.SIGTSTP)
        os.waitid(os.P_PID, box.process.pid, os.WSTOPPED | os.WNOWAIT)
        assert box.restored()
        box.raw = b""
        box.process.send_signal(signal.SIGCONT)
        box.until_drawn(STANDING)
        box.process.send_signal(signal.SIGTERM)
        assert box.exit_code() == 143
        assert box.restored()


def test_output_that_nobody_reads_blocks_neither_the_app_nor_its_end() -> None:
    with Box() as box:
        box.until("ready")
        box.send(b"f")
        box.until("flooded", reading=False)
        box.send(b"t")
        box.until("tick", reading=False)
        box.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert box.exit_code(reading=False) == 143
        assert time.monotonic() - began < 5
        assert box.restored()


def test_a_terminal_that_reads_again_shows_the_newest() -> None:
    with Box() as box:
        box.until("ready")
        box.send(b"f")
        box.until("flooded", reading=False)
        screen = pyte.Screen(80, 24)
        stream = pyte.ByteStream(screen)
        end = time.monotonic() + LIMIT
        done = 0
        while not all(line.startswith("the end") for line in screen.display):
            assert select.select([box.controller], [], [], end - time.monotonic())[0], screen.display
            box._read()
            stream.feed(UNKNOWN_TO_PYTE.sub(b"", box.raw[done:]))
            done = len(box.raw)
        assert len(box.raw) < FRAMES * 24 * 80, "the frames that came too late were dropped"


def test_output_stopped_by_command_is_started_again() -> None:
    with Box() as box:
        box.until("ready")
        termios.tcflow(box.worker, termios.TCOOFF)  # what Scroll Lock does
        box.send(b"f")
        box.until("flooded", reading=False)
        box.process.send_signal(signal.SIGTERM)
        assert box.exit_code() == 143
        assert box.restored()


def test_a_screen_that_has_gone_ends_it_and_the_keyboard_is_restored() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with Box(stderr=writing) as box:
        os.close(writing)
        assert box.exit_code() == 129
        box.drain()
        assert termios.tcgetattr(box.worker) == box.modes
        assert b"\x1b[?25h" in box.raw


def test_the_linux_console_gets_nothing_it_would_print_and_is_cleared() -> None:
    with Box(term="linux") as box:
        box.until("ready")
        box.send(b"q")
        assert box.exit_code() == 7
        box.drain()
        for unwanted in (b"\x1b[>", b"\x1b[<", b"$p", b"\x1b]", b"?2004", b"?1004", b"?1000"):
            assert unwanted not in box.raw, unwanted
        assert box.raw.endswith(b"\x1b[?7h\x1b[?25h\x1b[m\x1b[H\x1b[2J<last>")
        assert box.raw.count(b"<first>") == 1
        assert termios.tcgetattr(box.worker) == box.modes
