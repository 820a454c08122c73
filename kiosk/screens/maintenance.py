"""The operator's PIN, asked for on a locked screen; what was there before comes back by itself."""

import math
from collections.abc import Callable

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Static

from kiosk.language import gettext as _
from kiosk.language import ngettext
from kiosk.lockdown.maintenance import Maintenance
from kiosk.lockdown.pin import MOST, is_pin
from kiosk.screens.base import Desk, FlowScreen
from kiosk.signin.states import State
from kiosk.widgets.choice import Choice
from kiosk.widgets.column import Column

PATIENCE = 20.0
"""Seconds without a key after which it closes."""


class MaintenanceScreen(FlowScreen[State]):
    """Asks for digits with a pad that arrows and OK can use. It draws no state of the sign-in.

    Args:
        desk: As for every screen.
        maintenance: Knows the PIN.
        closed: Called with whether the PIN was right.
    """

    def __init__(self, desk: Desk, maintenance: Maintenance, closed: Callable[[bool], None]) -> None:
        super().__init__(desk)
        self._maintenance = maintenance
        self._tell_end = closed
        self._digits = bytearray()
        self._checking = False
        self._quiet_since = 0.0
        self._free_at = 0.0
        self._tick: Timer | None = None

    def compose(self) -> ComposeResult:
        """What is asked, what was typed as dots, and the pad."""
        yield from self.frame(_("Maintenance"))
        with Column(id="body"):
            yield Static("", id="message", markup=False)
            yield Static("", id="dots", markup=False)
            for row in ("123", "456", "789"):
                with Horizontal(classes="pad"):
                    for digit in row:
                        yield Choice(digit, id=f"digit-{digit}")
            with Horizontal(classes="pad"):
                yield Choice(_("del"), id="delete")
                yield Choice("0", id="digit-0")
                yield Choice(_("Continue"), id="continue")
            yield Choice(_("Back"), id="close")
        yield Static(_("◀▶ move   OK press"), id="hint", markup=False)

    def on_mount(self) -> None:
        """Count, while it is shown."""
        self._tick = self.set_interval(0.5, self._count, pause=True)

    async def on_screen_resume(self) -> None:
        """Begin with nothing typed."""
        self._quiet_since = self.desk.clock.now()
        self.set_focus(self.part("#digit-5", Choice))
        if self._tick is not None:
            self._tick.resume()
        self._say(_("PIN of the people who run this screen:"))
        self._show_dots()
        await self._look_at_the_tries()

    def on_screen_suspend(self) -> None:
        """Nobody looks."""
        if self._tick is not None:
            self._tick.pause()

    def wipe(self) -> None:
        """Nothing of the PIN stays, not even how long it was."""
        self._digits[:] = bytes(len(self._digits))
        self._digits.clear()
        self._show_dots()

    def draw(self, state: State) -> None:
        """The sign-in goes on behind it."""

    def action_back(self) -> None:
        """Delete a digit; on an empty line, back to where one was."""
        self._quiet_since = self.desk.clock.now()
        if self._digits:
            self._delete()
        elif not self._checking:
            self._tell_end(False)  # noqa: FBT003 - the PIN was not right

    def on_key(self, event: events.Key) -> None:
        """Number keys type digits."""
        self._quiet_since = self.desk.clock.now()
        if event.character is not None and event.character in "0123456789":
            event.stop()
            self._type(event.character)
        elif event.key == "backspace":
            event.stop()
            self.action_back()

    @on(Choice.Pressed)
    async def _pressed(self, event: Choice.Pressed) -> None:
        self._quiet_since = self.desk.clock.now()
        name = str(event.choice.id)
        if name == "close":
            if not self._checking:
                self._tell_end(False)  # noqa: FBT003
        elif name == "delete":
            self._delete()
        elif name == "continue":
            self._submit()
        else:
            self._type(name[-1])

    def _type(self, digit: str) -> None:
        if not self._checking and not self._waits() and len(self._digits) < MOST:
            self._digits.append(ord(digit))
            self._show_dots()

    def _delete(self) -> None:
        if self._digits and not self._checking:
            self._digits[-1] = 0
            del self._digits[-1]
            self._show_dots()

    def _submit(self) -> None:
        if self._checking or self._waits() or not is_pin(self._digits):
            return
        self._checking = True
        self._say(_("Checking..."))
        self.run_worker(self._check(self._digits[:]), name="pin", group="pin", description="the PIN")
        self.wipe()

    async def _check(self, pin: bytearray) -> None:
        try:
            right = await self._maintenance.admits(pin)
        finally:
            self._checking = False
            pin[:] = bytes(len(pin))
        if right:
            self._tell_end(right)
            return
        self._say(_("This PIN is wrong."))
        await self._look_at_the_tries()

    async def _look_at_the_tries(self) -> None:
        wait = await self._maintenance.wait()
        self._free_at = self.desk.clock.now() + wait
        self._count()

    def _waits(self) -> bool:
        return self.desk.clock.now() < self._free_at

    def _count(self) -> None:
        now = self.desk.clock.now()
        if not self._checking and now - self._quiet_since >= PATIENCE:
            self._tell_end(False)  # noqa: FBT003
        elif self._waits():
            left = math.ceil(self._free_at - now)
            words = ngettext(
                "Too many wrong PINs. Try again in {seconds} s.", "Too many wrong PINs. Try again in {seconds} s.", left
            )
            self._say(words.format(seconds=left))
        elif self._free_at:
            self._free_at = 0.0
            if self.part("#message", Static).content != _("This PIN is wrong."):
                self._say(_("PIN of the people who run this screen:"))

    def _say(self, text: str) -> None:
        self.say("#message", text)

    def _show_dots(self) -> None:
        self.part("#dots", Static).update(" ".join("•" * len(self._digits)) or "_")
