"""The terminal lent to a program, and taken back as it was."""

import os
import signal
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress


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
        self._hand(group)
        # One that was faster than this, and asked for the terminal, was stopped for it.
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGCONT)
        try:
            yield
        finally:
            self._hand(os.getpgrp())
            if modes is not None:
                with suppress(termios.error):
                    termios.tcsetattr(self._terminal, termios.TCSANOW, modes)

    def _hand(self, group: int) -> None:
        # Who takes it from the background is stopped by SIGTTOU, unless it looks away.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        try:
            with suppress(OSError):
                os.tcsetpgrp(self._terminal, group)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
