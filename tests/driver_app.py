"""A small app on our driver, for tests in a real pseudo-terminal: it tells what reaches it through a pipe."""

import asyncio
import json
import os
import signal
import sys
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from kiosk.tty.console import Dress
from kiosk.tty.driver import KioskDriver

FRAMES = 80
"""More than may wait for the terminal."""
STANDING = "as it stood"
"""What is on the screen before anything is painted over it."""


class Telling(App[None], inherit_bindings=False):
    """`q` ends it, `f` floods the terminal, `t` proves that the event loop runs."""

    BINDINGS: ClassVar[list[BindingType]] = [("q", "leave"), ("f", "flood"), ("t", "tick")]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, told: int, *, die_early: bool) -> None:
        super().__init__(driver_class=KioskDriver)
        self.dress = Dress("<first>", "<last>")
        self._told = told
        self._die_early = die_early
        self._frames = 0

    def compose(self) -> ComposeResult:
        if self._die_early:
            os.kill(os.getpid(), signal.SIGTERM)
        yield Static(STANDING, id="text", markup=False)

    def on_mount(self) -> None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.exit, None, 128 + number)

    def on_ready(self) -> None:
        self.tell("ready", "")

    def tell(self, what: str, value: object) -> None:
        os.write(self._told, json.dumps([what, value]).encode() + b"\n")

    def on_key(self, event: events.Key) -> None:
        self.tell("key", [event.key, event.character if event.is_printable else None])

    def on_paste(self, event: events.Paste) -> None:
        self.tell("paste", event.text)

    def on_app_blur(self) -> None:
        self.tell("blur", "")

    def on_resize(self, event: events.Resize) -> None:
        self.tell("size", [event.size.width, event.size.height])

    def action_leave(self) -> None:
        self.exit(return_code=7)

    def action_tick(self) -> None:
        self.tell("tick", "")

    def action_flood(self) -> None:
        """Paint the whole screen over and over, and a last time so that it can be told apart."""
        self._frames += 1
        fill = "the end" if self._frames == FRAMES else f"{self._frames:03d}"
        self.query_one("#text", Static).update("\n".join([f"{fill:<80}"] * 24))
        if self._frames == FRAMES:
            self.tell("flooded", "")
        else:
            self.set_timer(0.02, self.action_flood)  # one frame of Textual's each


if __name__ == "__main__":
    app = Telling(int(sys.argv[1]), die_early="die-early" in sys.argv)
    app.run(mouse="mouse" in sys.argv)
    sys.exit(70 if app.return_code is None else app.return_code)
