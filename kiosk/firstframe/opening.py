"""The terminal taken before Textual is there: the remembered frame on it, and keys kept for whoever reads them.

From here on the terminal echoes nothing, and what is pressed waits in its queue until it is read: on the frame itself
(kiosk/firstframe/live.py), then by Textual's driver. If that never comes (a setting that is wrong, a signal, a bug),
the terminal is given back as it was.
"""

import os
import signal
import termios

from kiosk.firstframe import memory

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` costs more than all that is done here
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from kiosk.entry.board import Board
    from kiosk.firstframe.live import Live
    from kiosk.tty.keystrokes import Keystrokes, Piece

_COMMANDS = frozenset({"run", "demo"})
_OUTPUT = 2
"""Textual draws on stderr."""

_BEGIN = b"\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2026h"
_END = b"\x1b[?2026l"
_LEAVE = b"\x1b[?7h\x1b[m\x1b[?1049l\x1b[?25h"
_LEAVE_CONSOLE = b"\x1b[?7h\x1b[m\x1b[H\x1b[2J\x1b[?25h\x1b]R\x1b\\"

_DEADLY = (signal.SIGTERM, signal.SIGHUP)


class Opening:
    """The start of the full-screen app, from the first line of ours until Textual's driver has the terminal."""

    def __init__(
        self,
        file: str = "",
        circumstances: bytes = b"",
        arguments: list[str] | None = None,
        size: tuple[int, int] = (0, 0),
    ) -> None:
        self.file = file
        """Where frames are kept; empty: nowhere."""
        self.known = False
        """The frame of this start was there already."""
        self.circumstances = circumstances
        self.arguments = arguments or []
        self.size = size
        self.shown = False
        """A frame is on the terminal, and the terminal is ours."""
        self.plan = b""
        """What is needed for keys to be answered on that frame (kiosk/firstframe/plan.py); empty: they cannot be."""
        self.live: Live | None = None
        """What answers them."""
        self.pass_keys_to: Callable[[Keystrokes, list[Piece]], None] | None = None
        """Who reads keys after that."""
        self.stop: Callable[[int, FrameType | None], Any] | int | None = signal.SIG_DFL
        """What a SIGTSTP does once keys are passed on: who has the terminal then knows how to give it back."""
        self._stop_wished = False
        self._before: list[Any] | None = None
        self._console = False

    def show(self, frame: bytes, plan: bytes = b"", *, console: bool) -> None:
        """Take the terminal and put the frame on it; leave both alone where that cannot be."""
        try:
            if in_background():
                return  # whoever sets modes from there is stopped
            before = termios.tcgetattr(0)
            terminal = open_terminal()
        except (OSError, termios.error):
            return
        self._before, self._console, self.shown = before, console, True
        for number in _DEADLY:
            signal.signal(number, self._die)
        signal.signal(signal.SIGTSTP, self._put_off)
        try:
            termios.tcsetattr(0, termios.TCSANOW, _raw(termios.tcgetattr(0)))
            # Never waiting: a terminal that has stopped reading gets what it takes, and the rest from Textual.
            begin = b"\x1b[?25l\x1b[?7l" if console else _BEGIN
            rest = memoryview(begin + frame + (b"" if console else _END))
            while rest:
                rest = rest[os.write(terminal, rest) :]
            self.plan = plan
        except (OSError, termios.error):
            pass
        finally:
            os.close(terminal)

    def hand_over(self) -> "list[Any] | None":
        """Textual's driver takes over: the modes that it restores in the end. It paints over the same cells."""
        self.shown = False
        for number in _DEADLY:
            if signal.getsignal(number) == self._die:
                signal.signal(number, signal.SIG_DFL)
        before, self._before = self._before, None
        return before

    def pass_keys_on(self) -> "Board | None":
        """No more keys are answered here; returns what those that were have made of the entry, if there were any."""
        live, self.live = self.live, None
        board = None
        if live is not None:
            board, keystrokes, pieces = live.end()
            if self.pass_keys_to is not None:
                self.pass_keys_to(keystrokes, pieces)
        self._let_stop()
        return board

    def drop_keys(self) -> None:
        """No more keys are answered here, and what was typed is gone. Signal handlers call it, too."""
        live, self.live = self.live, None
        if live is not None:
            live.end()

    def close(self) -> None:
        """Give the terminal back, if it is still ours."""
        self.drop_keys()
        if self.shown:
            self._restore()
            self.hand_over()
        self._let_stop()

    def _restore(self) -> None:
        if self._before is not None:
            try:
                termios.tcsetattr(0, termios.TCSANOW, self._before)
                terminal = open_terminal()
            except (OSError, termios.error):
                return
            try:
                os.write(terminal, _LEAVE_CONSOLE if self._console else _LEAVE)
            except OSError:
                pass
            finally:
                os.close(terminal)

    def _put_off(self, _number: int, _frame: object) -> None:
        self._stop_wished = True

    def _let_stop(self) -> None:
        if signal.getsignal(signal.SIGTSTP) == self._put_off:  # else it was locked meanwhile
            signal.signal(signal.SIGTSTP, self.stop)
            if self._stop_wished:
                os.kill(os.getpid(), signal.SIGTSTP)

    def _die(self, number: int, _frame: object) -> None:
        self.drop_keys()
        self._restore()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def open_with_frame(arguments: list[str]) -> Opening:
    """Show what the last start has left, if this command is one that shows it and nothing has changed."""
    command = arguments[0] if arguments else "run"
    if command.startswith("-"):
        command = "run" if command not in {"-h", "--help"} else ""
    file = memory.place(os.environ)
    if command not in _COMMANDS or file is None or "TEXTUAL_DRIVER" in os.environ:
        return Opening()
    try:
        size = size_of(0)
        if not os.isatty(_OUTPUT):
            return Opening()
        now = memory.circumstances(arguments, os.environ, size, _OUTPUT)
    except OSError:
        return Opening()
    found = memory.recall(file, now)
    opening = Opening(file, now, arguments, size)
    if found:
        opening.known = True
        opening.show(*found, console=os.environ.get("TERM", "").lower().startswith("linux"))
    return opening


def open_terminal(descriptor: int = _OUTPUT) -> int:
    """A descriptor of our own to write to: that it never waits is a property which others who have it would share.

    Args:
        descriptor: The terminal, whatever it was opened for.

    Raises:
        OSError: there is none.
    """
    return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)


def size_of(descriptor: int) -> tuple[int, int]:
    """Columns and lines of a terminal.

    Serial lines report none; there it is what `COLUMNS` and `LINES` say, else 80 and 24.

    Raises:
        OSError: there is none.
    """
    columns, lines = os.get_terminal_size(descriptor)
    return columns or _named("COLUMNS") or 80, lines or _named("LINES") or 24


def _named(variable: str) -> int:
    value = os.environ.get(variable, "")
    return int(value) if value.isdecimal() and len(value) < 5 else 0


def in_background() -> bool:
    """Whether the terminal is somebody else's at the moment."""
    try:
        return os.tcgetpgrp(0) != os.getpgrp()
    except OSError:  # not our controlling terminal, which knows no background
        return False


def _raw(modes: "list[Any]") -> "list[Any]":
    """The modes that Textual sets: no echo, no lines, no signals, no translation of what is pressed."""
    modes[0] = modes[0] & ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    modes[3] = modes[3] & ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    return modes
