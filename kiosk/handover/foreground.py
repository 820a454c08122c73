"""The terminal lent to a program, and taken back as it was."""

import fcntl
import os
import signal
import struct
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CONSOLE_MODES = {0x4B44: 0x4B45, 0x4B3B: 0x4B3A}
"""How a Linux console is asked for the mode of its keyboard and that of its screen, and how they are set: KDGKBMODE,
KDSKBMODE, KDGETMODE and KDSETMODE of linux/kd.h. A player that draws without a window system turns both off, and the
kernel leaves them so when it is killed: a dark screen that takes no key.
"""
_INT = struct.Struct("i")


class Foreground:
    """Who of a terminal's process groups reads from it, and in which modes it is."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal

    @contextmanager
    def given_to(self, group: int) -> Iterator[None]:
        """Lend the terminal to a process group; where it is not our controlling one, there is nothing to lend."""
        modes = None
        with suppress(termios.error):
            modes = termios.tcgetattr(self._terminal)
        console = self._console()
        self._hand(group)
        # One that was faster than this, and asked for the terminal, was stopped for it.
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGCONT)
        try:
            yield
        finally:
            self._hand(os.getpgrp())
            for request, mode in console.items():
                with suppress(OSError):
                    fcntl.ioctl(self._terminal, request, mode)
            if modes is not None:
                with suppress(termios.error):
                    termios.tcsetattr(self._terminal, termios.TCSANOW, modes)

    def _console(self) -> dict[int, int]:
        """What sets the console's modes as they are now; empty for every other terminal."""
        found = {}
        for ask, put in _CONSOLE_MODES.items():
            with suppress(OSError):
                (found[put],) = _INT.unpack(fcntl.ioctl(self._terminal, ask, bytes(_INT.size)))
        return found

    def _hand(self, group: int) -> None:
        # Who takes it from the background is stopped by SIGTTOU, unless it looks away.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        try:
            with suppress(OSError):
                os.tcsetpgrp(self._terminal, group)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
