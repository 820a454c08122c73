"""Frames to a terminal: small ones at once, none of them waited for, all in order."""

import os
import pty
import select
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from kiosk.tty import writer as writing
from kiosk.tty.writer import CHUNK, TerminalWriter

LIMIT = 15.0


class Line:
    """A terminal with its writer."""

    def __init__(self) -> None:
        self.controller, self.worker = pty.openpty()
        tty.setraw(self.worker)
        self.caught_up, self.lost = threading.Event(), threading.Event()
        self.writer = TerminalWriter(
            self.worker, "utf-8", time.monotonic, caught_up=self.caught_up.set, lost=self.lost.set
        )

    def read(self, enough: int) -> bytes:
        """What has come, once it is so much."""
        data = b""
        while len(data) < enough:
            assert select.select([self.controller], [], [], LIMIT)[0], f"{len(data)} of {enough}"
            data += os.read(self.controller, 65536)
        return data

    def rest(self) -> bytes:
        """What comes until nothing comes for a while."""
        data = b""
        while select.select([self.controller], [], [], 0.3)[0]:
            data += os.read(self.controller, 65536)
        return data


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.writer.close(0.1)
    os.close(line.controller)
    os.close(line.worker)


class Watched:
    """`os.write`: which threads called it; it writes no more than `most` bytes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.threads: list[str] = []
        self.most = 1 << 20
        self._write = os.write
        monkeypatch.setattr("kiosk.tty.writer.os.write", self)

    def __call__(self, descriptor: int, data: bytes) -> int:
        self.threads.append(threading.current_thread().name)
        return self._write(descriptor, data[: self.most])


def test_a_small_frame_is_written_by_who_brings_it_and_a_large_one_by_the_thread(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched, here = Watched(monkeypatch), threading.current_thread().name
    line.writer.write("small")
    assert watched.threads == [here]
    assert line.read(5) == b"small"
    line.writer.write("x" * (CHUNK + 1))
    line.read(CHUNK + 1)
    assert here not in watched.threads[1:]


def test_what_the_terminal_has_no_room_for_comes_in_order(line: Line) -> None:
    words = [f"<{number:05}>" for number in range(5_000)]
    began = time.monotonic()
    for word in words:
        line.writer.write(word)
    assert time.monotonic() - began < LIMIT / 3, "it waited for the terminal"
    assert line.read(35_000) == "".join(words).encode()


def test_after_lost_frames_all_is_painted_anew(line: Line) -> None:
    words = [f"<{number:05}>" for number in range(30_000)]
    for word in words:
        line.writer.write(word)
    kept = line.rest()
    assert "".join(words).encode().startswith(kept)
    assert 35_000 < len(kept) < 200_000
    assert line.caught_up.wait(LIMIT)
    line.writer.write("new")
    assert line.read(3) == b"new"


def test_a_signal_handlers_words_come_after_the_frame_that_it_interrupts(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(Watched):
        def __call__(self, descriptor: int, data: bytes) -> int:
            written = super().__call__(descriptor, data)
            if self.most == 2:
                self.most = 1 << 20
                line.writer.write("second")
            return written

    Interrupted(monkeypatch).most = 2
    line.writer.write("first ")
    assert line.read(12) == b"first second"


def test_at_whatever_moment_the_handler_comes_no_frame_is_cut_in_two(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    Watched(monkeypatch).most = 2
    for moment in range(1_000):
        with coming_at(moment, lambda: line.writer.write("second")) as come:
            line.writer.write("first")
        if not come:
            assert moment > 50
            break
        assert line.read(11) in {b"firstsecond", b"secondfirst"}, moment
    line.read(5)


def test_a_handler_that_closes_the_writer_costs_frames_and_nothing_else() -> None:
    for moment in range(1_000):
        controller, worker = pty.openpty()
        writer = TerminalWriter(worker, "utf-8", time.monotonic, caught_up=lambda: None, lost=lambda: None)
        with coming_at(moment, partial(writer.close, 0.01)) as come:
            writer.write("frame")
        writer.close(0.01)
        os.close(controller)
        os.close(worker)
        if not come:
            break


@contextmanager
def coming_at(moment: int, handler: Callable[[], None]) -> Iterator[list[int]]:
    """A signal handler that comes before one step of the writer's; what is yielded is empty if that is never taken."""
    steps, come = 0, list[int]()

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal steps
        if frame.f_code.co_filename != writing.__file__:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            if steps == moment:
                come.append(frame.f_lineno)
                handler()
            steps += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield come
    finally:
        sys.settrace(before)


def test_what_is_no_terminal_is_written_to_all_the_same_and_its_end_is_told() -> None:
    reading, writing = os.pipe()
    lost = threading.Event()
    writer = TerminalWriter(writing, "ascii", time.monotonic, caught_up=lambda: None, lost=lost.set)
    writer.write("ä")
    assert os.read(reading, 10) == b"?"
    os.close(reading)
    writer.write("more")
    assert lost.wait(LIMIT)
    assert writer.gone
    writer.close(0.1)
    os.close(writing)


def test_a_terminal_that_has_gone_is_told(line: Line) -> None:
    gone, line.controller = line.controller, os.open(os.devnull, os.O_RDONLY)
    os.close(gone)
    line.writer.write("for nobody")
    assert line.lost.wait(LIMIT)


def test_no_descriptor_stays_behind() -> None:
    descriptors = Path("/proc/self/fd")
    before = set(descriptors.iterdir())
    for _ in range(3):
        line = Line()
        line.writer.write("a")
        line.writer.close(0.1)
        os.close(line.controller)
        os.close(line.worker)
    assert set(descriptors.iterdir()) == before


def test_the_thread_holds_nothing_of_a_frame_that_it_has_written(line: Line) -> None:
    """It may sleep for days: smaller frames pass it by."""
    frame = "jane" * CHUNK
    line.writer.write(frame)
    line.read(len(frame))
    end = time.monotonic() + LIMIT
    while "jane" in repr(_held(line.writer._thread)):
        assert time.monotonic() < end
        time.sleep(0.01)


def _held(thread: threading.Thread) -> list[object]:
    """All that the functions hold that a thread is in."""
    assert thread.ident is not None
    frame: FrameType | None = sys._current_frames()[thread.ident]
    held: list[object] = []
    while frame is not None:
        held += [bytes(each) if isinstance(each, memoryview) else each for each in frame.f_locals.values()]
        frame = frame.f_back
    return held
