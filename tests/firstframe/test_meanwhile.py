"""What may happen while keys are answered on the remembered frame, with Textual held up for as long as it takes."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.firstframe.test_first_frame import BASE, TEXTUAL, early, first_start
from tests.terminal import Terminal

HELD_UP = """
import os, sys, time
class HeldUp:
    def find_spec(self, name, path=None, target=None):
        if name == "textual":
            open(os.environ["GATE"] + ".reached", "w").close()
        while name == "textual" and not os.path.exists(os.environ["GATE"]):
            time.sleep(0.02)
if "GATE" in os.environ:
    sys.meta_path.insert(0, HeldUp())
"""


class Start(Terminal):
    """A start whose frame is up, and whose Textual comes when it is let."""

    def __init__(self, folder: Path) -> None:
        self._gate = folder / "gate"
        self._gate.unlink(missing_ok=True)
        (folder / "sitecustomize.py").write_text(HELD_UP)
        path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
        super().__init__(["run"], folder, environ={**BASE, "GATE": str(self._gate), "PYTHONPATH": path})

    def until_held_up(self, limit: float = 20.0) -> None:
        """Until it would import Textual."""
        end = time.monotonic() + limit
        while not self._gate.with_name("gate.reached").exists():
            assert time.monotonic() < end, self.text
            self.read()

    def let_textual_come(self) -> None:
        """Let the start go on."""
        self._gate.touch()

    def gone(self) -> None:
        """Nobody holds the terminal any more."""
        os.close(self._controller)
        self._controller = os.open(os.devnull, os.O_RDWR)

    def until_stopped(self, limit: float = 20.0) -> None:
        """Until it has stopped itself."""
        end = time.monotonic() + limit
        while os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is None:
            assert time.monotonic() < end, self.text
            self.read()


@contextmanager
def a_start(folder: Path) -> Iterator[Start]:
    first_start(folder, {})
    with Start(folder) as it:
        yield it


def test_a_terminal_that_goes_meanwhile_is_the_end_and_no_bug(tmp_path: Path) -> None:
    with a_start(tmp_path) as it:
        early(it, tmp_path, "jane")
        it.see("jane ")
        it.until_held_up()
        it.gone()
        it.let_textual_come()
        assert it.process.wait(20) == 129


def test_a_wish_to_stop_waits_for_textual_and_costs_no_key(tmp_path: Path) -> None:
    with a_start(tmp_path) as it:
        early(it, tmp_path, "jane")
        it.see("jane ")
        it.process.send_signal(signal.SIGTSTP)
        it.press(".doe")
        it.see("jane.doe ")
        assert TEXTUAL not in it.raw
        it.let_textual_come()
        it.until_stopped()
        while it.read(0.2):
            pass
        assert it.restored()
        it.raw = b""
        it.process.send_signal(signal.SIGCONT)
        it.until(TEXTUAL)
        it.see("jane.doe ")
        it.press("#")
        it.see("jane.doe#")
        it.process.send_signal(signal.SIGTERM)
        assert it.exit_code() == 143
        assert it.restored()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_in_the_middle_of_imports(number: signal.Signals, tmp_path: Path) -> None:
    with a_start(tmp_path) as it:
        early(it, tmp_path, "jane")
        it.see("jane ")
        it.until_held_up()
        it.process.send_signal(number)
        assert it.exit_code() in {-number, 128 + number}
        assert it.restored()


def test_a_thousand_keys_at_once_are_no_persons_and_the_next_one_counts(tmp_path: Path) -> None:
    with a_start(tmp_path) as it:
        early(it, tmp_path, "j" * 1000)
        it.see("jjjj")
        it.press("backspace", "?")
        it.let_textual_come()
        it.until(TEXTUAL)
        it.see("j?")


def test_a_terminal_that_takes_nothing_meanwhile_loses_no_key(tmp_path: Path) -> None:
    with a_start(tmp_path) as it:
        early(it, tmp_path, "j")
        it.see("j ")
        it.until_held_up()
        for key in "jane.doe" * 12:  # each is a frame, of which there is room for some
            it.press(key)
            time.sleep(0.005)
        it.press("#")
        it.let_textual_come()
        time.sleep(0.5)
        it.until(TEXTUAL)
        it.see("jane.doe#")
        it.process.send_signal(signal.SIGTERM)
        assert it.exit_code() == 143
        assert it.restored()
