"""The terminal under Textual: read without polling and without trust, written without waiting, left as it was found.

A small subclass of Textual's driver for Linux. Of Textual's private parts it uses only its parser for escape sequences
(`tests/tty/test_driver.py` names them all and fails when one has gone).
"""

import asyncio
import atexit
import os
import signal
import sys
import termios
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from kiosk.firstframe.opening import Opening, size_of
from kiosk.remote.console import console_of, delivers, in_front
from kiosk.tty.console import Dress
from kiosk.tty.decoder import Decoder, key_named
from kiosk.tty.intake import Intake
from kiosk.tty.keystrokes import Piece, escape_delay
from kiosk.tty.outgoing import Outgoing
from kiosk.tty.terminal import is_console
from kiosk.tty.writer import CONSOLE_CLEAR, LEAVE, TerminalWriter, write_at_once

if TYPE_CHECKING:
    from kiosk.remote.receiver import Receiver

HANGUP = 129
"""Exit code when the terminal has gone: as if by SIGHUP."""
CLOSE_PATIENCE = 0.5
"""Seconds that a terminal which has stopped reading may hold up the end."""


class KioskDriver(LinuxDriver):
    """Textual's Linux driver with its input, its output and its end made fit for a box that nobody looks after."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        stopped = signal.getsignal(signal.SIGTSTP)
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._opening: Opening | None = getattr(app, "opening", None)
        if self._opening is not None:
            self._opening.stop = signal.getsignal(signal.SIGTSTP)
        if stopped != signal.SIG_DFL:
            signal.signal(signal.SIGTSTP, stopped)  # a locked screen is not suspended, and others not yet
        self._kiosk_app = app
        self._kiosk_loop = asyncio.get_running_loop()
        self._console = is_console(os.environ)
        self._dress: Dress = getattr(app, "dress", Dress())
        self._decoder = Decoder(mouse=mouse)
        self._keys: Mapping[str, str] = getattr(app, "keys", {})
        self._receiver: Receiver | None = None
        self._intake: Intake | None = None
        self._outgoing = Outgoing(console=self._console)
        self._writer: TerminalWriter | None = None

    # -- the terminal taken and given back ---------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal."""
        if self._writer is not None:
            # SIGCONT without a SIGTSTP before it (`kill -STOP`, a debugger, a frozen cgroup): taken a second time,
            # the raw modes of the first would be what is restored at the end.
            self.suspend_application_mode()
        self._intake = Intake(
            self.fileno,
            escape_delay(os.environ),
            answered_before=self._opening is not None and self._opening.live is not None,
            take=self._take,
            lost=self._on_lost,
        )
        stream = sys.__stderr__
        assert stream is not None  # noqa: S101 - for mypy; terminal.py saw to it
        self._writer = TerminalWriter(
            stream.fileno(), stream.encoding, time.monotonic, caught_up=self._on_caught_up, lost=self._on_lost
        )
        atexit.register(self._rescue)
        for number in (signal.SIGTERM, signal.SIGHUP):
            # Until the app listens to them itself.
            if signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, self._die)
        taken = self._opening is not None and self._opening.shown
        if self._opening is not None:
            self._opening.pass_keys_to = self._intake.go_on
        self._outgoing.taken = taken
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if taken and self._opening is not None:
            # What the driver has found were the opening's modes.
            self.attrs_before = self._opening.hand_over()
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, self._die)
        else:
            self.write(self._dress.start)
        self._listen_to_remotes()

    def _listen_to_remotes(self) -> None:
        """Where the operator wants it, and there is a console that could not deliver all of a remote's keys."""
        console = console_of(self.fileno) if getattr(self._kiosk_app, "remote", False) else None
        if console is None:
            return
        from kiosk.remote.receiver import Receiver

        self._receiver = Receiver(
            lambda action: self.process_message(key_named(action.key)),
            left_to_terminal=partial(delivers, self.fileno),
            listening=partial(in_front, console),
        )
        self._receiver.start()

    def disable_input(self) -> None:
        """Stop reading, at once."""
        if self._opening is not None:
            self._opening.drop_keys()
        if self._intake is not None:
            self._intake.end()
        super().disable_input()
        if self._intake is not None:
            self._intake.close()
            self._intake = None

    def resume_application_mode(self) -> None:
        """Take the terminal again, and paint all of it: Textual holds what it painted before for painted."""
        super().resume_application_mode()
        self._later(self._repaint)

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        if self._receiver is not None:
            self._receiver.close()
            self._receiver = None
        if self._writer is not None:
            self._writer.leave()
        self._outgoing.forget()
        super().stop_application_mode()
        if self._console:
            self.write(CONSOLE_CLEAR + self._dress.end)

    def close(self) -> None:
        """See the last bytes off, though not for ever."""
        if self._writer is not None:
            self._writer.close(CLOSE_PATIENCE)
            if self._writer.gone:
                self._rescue()
            self._writer = None
        super().close()
        atexit.unregister(self._rescue)
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) == self._die:
                signal.signal(number, signal.SIG_DFL)

    def _rescue(self) -> None:
        """Give the terminal back without the help of anything that may be broken."""
        if self._opening is not None:
            self._opening.drop_keys()
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        write_at_once(self.fileno, CONSOLE_CLEAR + self._dress.end if self._console else LEAVE)

    def _die(self, number: int, _frame: FrameType | None) -> None:
        self._rescue()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    # -- output ------------------------------------------------------------

    def write(self, data: str) -> None:
        """Have data written; never waits."""
        if self._writer is not None:
            self._writer.write(self._outgoing.of(data))

    def _on_caught_up(self) -> None:
        self._later(self._repaint)

    def _repaint(self) -> None:
        self._kiosk_app.refresh(layout=True)

    def _get_terminal_size(self) -> tuple[int, int]:
        # Textual asks stdout, which in a service is a log.
        with suppress(OSError):
            return size_of(self.fileno)
        return super()._get_terminal_size()

    # -- input -------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Sleep until there is input, hand it on, and end the app when there can be no more."""
        if (intake := self._intake) is not None:
            intake.run()

    def _take(self, piece: Piece) -> None:
        for event in self._decoder.events(piece):
            self.process_message(self._meant(event))

    def send_message(self, message: Message) -> None:
        """Put a message into the app's queue, with no task made for each."""
        self._later(partial(self._kiosk_app.post_message, message))

    def _meant(self, event: Message) -> Message:
        """The key that the operator's settings take this one for."""
        meant = self._keys.get(event.key) if isinstance(event, events.Key) else None
        return key_named(meant) if meant else event

    def _on_lost(self) -> None:
        self._later(self._hang_up)

    def _hang_up(self) -> None:
        # When its turn comes: an app that is to end before its screens are there dies of them.
        self._kiosk_app.call_later(self._end_without_terminal)

    def _end_without_terminal(self) -> None:
        if (tell := getattr(self._kiosk_app, "terminal_lost", None)) is not None:
            tell()
        self._kiosk_app.exit(return_code=HANGUP)

    def _later(self, callback: Callable[[], object]) -> None:
        # From a thread. A loop that has ended meanwhile has nobody to tell.
        with suppress(RuntimeError):
            self._kiosk_loop.call_soon_threadsafe(callback)
