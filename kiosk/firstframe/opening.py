"""The terminal taken before Textual is there: the remembered frame on it, and keys kept for whoever reads them.

From here on nothing is echoed, and what is pressed waits in the terminal's queue until Textual's driver reads it. If it
never comes (a setting that is wrong, a signal, a bug), the terminal is given back as it was.
"""

import os
import signal
import termios

from kiosk.firstframe import memory

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` costs more than all that is done here
    from typing import Any

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
        self._before: list[Any] | None = None
        self._console = False

    def show(self, frame: bytes, *, console: bool) -> None:
        """Take the terminal and put the frame on it; leave both alone where that cannot be."""
        try:
            if _in_background():
                return  # whoever sets modes from there is stopped
            before = termios.tcgetattr(0)
            terminal = os.open(os.ttyname(_OUTPUT), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except (OSError, termios.error):
            return
        self._before, self._console, self.shown = before, console, True
        for number in _DEADLY:
            signal.signal(number, self._die)
        try:
            termios.tcsetattr(0, termios.TCSANOW, _raw(termios.tcgetattr(0)))
            # Never waiting: a terminal that has stopped reading gets what it takes, and the rest from Textual.
            begin = b"\x1b[?25l\x1b[?7l" if console else _BEGIN
            rest = memoryview(begin + frame + (b"" if console else _END))
            while rest:
                rest = rest[os.write(terminal, rest) :]
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

    def close(self) -> None:
        """Give the terminal back, if it is still ours."""
        if self.shown:
            self._restore()
            self.hand_over()

    def _restore(self) -> None:
        if self._before is not None:
            try:
                termios.tcsetattr(0, termios.TCSANOW, self._before)
                terminal = os.open(os.ttyname(_OUTPUT), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
            except (OSError, termios.error):
                return
            try:
                os.write(terminal, _LEAVE_CONSOLE if self._console else _LEAVE)
            except OSError:
                pass
            finally:
                os.close(terminal)

    def _die(self, number: int, _frame: object) -> None:
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
        size = os.get_terminal_size(0)
        if not (os.isatty(_OUTPUT) and size.columns and size.lines):
            return Opening()
        now = memory.circumstances(arguments, os.environ, (size.columns, size.lines), _OUTPUT)
    except OSError:
        return Opening()
    frame = memory.recall(file, now)
    opening = Opening(file, now, arguments, (size.columns, size.lines))
    if frame:
        opening.known = True
        opening.show(frame, console=os.environ.get("TERM", "").lower().startswith("linux"))
    return opening


def _in_background() -> bool:
    try:
        return os.tcgetpgrp(0) != os.getpgrp()
    except OSError:  # not our controlling terminal, which knows no background
        return False


def _raw(modes: "list[Any]") -> "list[Any]":
    """The modes that Textual sets: no echo, no lines, no signals, no translation of what is pressed."""
    modes[0] = modes[0] & ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    modes[3] = modes[3] & ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    return modes
