"""A terminal for end-to-end tests: the real program behind a pseudo-terminal, its screen as text."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<=>][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*\$p|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP.*?\x1b\\"
)
"""Sequences that pyte 0.8 would print instead of swallowing."""


class Terminal:
    """Runs one command and looks at it as a person would."""

    def __init__(
        self,
        command: Sequence[str],
        home: Path,
        *,
        columns: int = 80,
        rows: int = 24,
        reports: tuple[int, int] | None = None,
        environ: Mapping[str, str] | None = None,
        module: str = "kiosk",
        program: Path | None = None,
        argv: Sequence[str] = (),
    ) -> None:
        """Start the command.

        Args:
            command: What is said to it.
            home: Its home.
            columns: How wide the terminal is.
            rows: How high.
            reports: Columns and rows that it says it has; None: those.
            environ: More of its environment.
            module: Run by Python, if it is neither of the next two.
            program: A script of Python's.
            argv: The program and what comes before `command`.
        """
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._controller, worker = pty.openpty()
        width, height = reports or (columns, rows)
        fcntl.ioctl(worker, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.modes = termios.tcgetattr(worker)
        self._worker = worker
        keep = {name: os.environ[name] for name in ("PATH", "DBUS_SESSION_BUS_ADDRESS") if name in os.environ}
        self.process = subprocess.Popen(
            [*(argv or [sys.executable, *([str(program)] if program else ["-m", module])]), *command],
            stdin=worker,
            stdout=worker,
            stderr=worker,
            env={**keep, "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8", **(environ or {})},
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _tb: TracebackType | None
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        os.close(self._controller)
        os.close(self._worker)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def press(self, *keys: str) -> None:
        """Send keys: text as it is, or by name."""
        names = {
            "enter": "\r", "escape": "\x1b", "backspace": "\x7f",
            "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
        }  # fmt: skip
        for key in keys:
            os.write(self._controller, names.get(key, key).encode())

    def read(self, seconds: float = 0.05) -> bool:
        """Take in what the program has written; False when nothing came."""
        if not select.select([self._controller], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._controller, 65536)
        except OSError:
            return False
        self.raw += data
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", data))
        return bool(data)

    def rest(self, seconds: float) -> None:
        """Look on for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read()

    def until(self, wanted: bytes, limit: float = 20.0) -> None:
        """Read until these bytes have come."""
        end = time.monotonic() + limit
        while wanted not in self.raw:
            assert time.monotonic() < end, f"{wanted!r} never came; on the screen:\n{self.text}"
            assert self.process.poll() is None or self.read(0), f"it ended ({self.process.returncode}):\n{self.text}"
            self.read()

    def draws(self, lines: Sequence[str], limit: float = 20.0) -> bool:
        """Whether these lines, and nothing else, come to stand on the screen."""
        end = time.monotonic() + limit
        while list(lines) != self.screen.display and time.monotonic() < end and self.process.poll() is None:
            self.read()
        return list(lines) == self.screen.display

    def see(self, wanted: str, limit: float = 20.0) -> str:
        """The screen's text, as soon as `wanted` stands on it."""
        end = time.monotonic() + limit
        while wanted not in self.text:
            assert time.monotonic() < end, f"{wanted!r} never came; on the screen:\n{self.text}"
            assert self.process.poll() is None or self.read(0), f"it ended ({self.process.returncode}):\n{self.text}"
            self.read()
        return self.text

    def exit_code(self, limit: float = 10.0) -> int:
        """How it ended."""
        end = time.monotonic() + limit
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it goes on:\n{self.text}"
            self.read()
        while self.read(0):
            pass
        return self.process.returncode

    def hang_up(self) -> None:
        """What a closed terminal window sends."""
        self.process.send_signal(signal.SIGHUP)

    def restored(self) -> bool:
        """The terminal is as it was: modes, main screen, cursor, mouse."""
        shown = self.raw.rfind(b"\x1b[?25h") > self.raw.rfind(b"\x1b[?25l")
        main_screen = self.raw.rfind(b"\x1b[?1049l") > self.raw.rfind(b"\x1b[?1049h")
        return termios.tcgetattr(self._worker)[:4] == self.modes[:4] and shown and main_screen
