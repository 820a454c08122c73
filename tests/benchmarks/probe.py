"""A program on a pseudo-terminal, watched from outside: when what is on the screen, and what it costs meanwhile.

Output is stamped as it is read and drawn afterwards, so that the emulation is in no figure.
"""

import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from fcntl import ioctl
from pathlib import Path
from typing import NamedTuple, Self

import pyte

from tests.benchmarks.footprint import footprint
from tests.terminal import UNKNOWN_TO_PYTE

LIMIT = 30.0


class Costs(NamedTuple):
    """What has been spent so far."""

    cpu: float
    """Seconds, of the whole process."""
    wakeups: int
    written: int
    """Bytes to the terminal."""
    at: float


class Probe:
    """One run of one program."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], size: tuple[int, int] = (80, 24)) -> None:
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self.written = 0
        self.started = time.monotonic()
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            os.execve(command[0], list(command), dict(environ))  # noqa: S606
        self._ended: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._ended is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._terminal)

    def press(self, keys: str) -> float:
        """Send keys; returns when."""
        now = time.monotonic()
        os.write(self._terminal, keys.encode())
        return now

    def read(self, seconds: float) -> tuple[float, bytes] | None:
        """The next output and when it came."""
        if not select.select([self._terminal], [], [], seconds)[0]:
            return None
        try:
            data = os.read(self._terminal, 65536)
        except OSError:
            return None
        now = time.monotonic()
        self.written += len(data)
        return now, data

    def see(self, pattern: str, quiet: float = 0.0) -> float:
        """When what is on the screen first matched; drawn only after `quiet` seconds without output."""
        end = time.monotonic() + LIMIT
        waiting: list[tuple[float, bytes]] = []
        while time.monotonic() < end:
            if (came := self.read(quiet or 0.25)) is not None:
                waiting.append(came)
                if quiet:
                    continue
            for stamp, data in waiting:
                self._draw(data)
                if re.search(pattern, self.text):
                    for _, rest in waiting[waiting.index((stamp, data)) + 1 :]:
                        self._draw(rest)
                    return stamp
            waiting.clear()
        raise TimeoutError(f"{pattern!r} never came; on the screen:\n{self.text}")

    def settle(self, seconds: float) -> None:
        """Read for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if (came := self.read(left)) is not None:
                self._draw(came[1])

    def answer(self, keys: str) -> tuple[float, int]:
        """Seconds from a key to the first output after it, and how many bytes that was."""
        before, pressed = self.written, self.press(keys)
        came = self.read(LIMIT)
        assert came is not None, "no answer to a key"
        while (more := self.read(0.03)) is not None:
            self._draw(more[1])
        return came[0] - pressed, self.written - before

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self._screen.display)

    def _draw(self, data: bytes) -> None:
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", data))

    def costs(self) -> Costs:
        """What has been spent so far."""
        wakeups = 0
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            lines = (thread / "status").read_text().splitlines()
            wakeups += int(next(line.split()[1] for line in lines if line.startswith("voluntary_ctxt")))
        clock = (~self.pid << 3) | 2  # the CPU clock of another process: clock_getcpuclockid(3)
        return Costs(time.clock_gettime(clock), wakeups, self.written, time.monotonic())

    def memory(self) -> float:
        """Proportional set size, in MiB."""
        return footprint(self.pid).pss / (1 << 20)

    def end(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Seconds from a signal to the end."""
        began = time.monotonic()
        os.kill(self.pid, number)
        return self._gone(began)

    def quit(self, keys: str) -> float:
        """Seconds from a key to the end."""
        return self._gone(self.press(keys))

    def _gone(self, began: float) -> float:
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            assert time.monotonic() < began + LIMIT, "it does not end"
            self.read(0.0005)
        self._ended = 1
        return time.monotonic() - began
