"""Signed in."""

import math

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer
from textual.widgets import Static

from kiosk.language import gettext as _
from kiosk.language import ngettext
from kiosk.screens.base import Desk, FlowScreen
from kiosk.signin.intents import Continue, SignOut
from kiosk.signin.states import SigningOut, Welcome
from kiosk.text import clean
from kiosk.vaultwords import vault_words
from kiosk.widgets.choice import Choice
from kiosk.widgets.choices import Choices
from kiosk.widgets.column import Column
from kiosk.words import program_words

WARNING = 20
"""Seconds before a shared screen signs out from which on it says so in a louder voice."""

SETTLING = 0.7
"""Seconds after it came in which it takes no press: who presses then meant the screen before."""


class WelcomeScreen(FlowScreen[Welcome | SigningOut]):
    """Draws `Welcome` and `SigningOut`."""

    def compose(self) -> ComposeResult:
        """The greeting, what there is to know, and the choices."""
        yield from self.frame(_("Welcome"))
        with Column(id="body"):
            yield Static("", id="greeting", markup=False)
            yield Static("", id="where", markup=False)
            yield Static("", id="note", markup=False)
            yield Static("", id="leaving", markup=False)
            with Choices(id="choices"):
                yield Choice(_("Continue"), id="continue")
                yield Choice(_("Sign out"), id="signout")
        yield Static(_("◀▶ move   OK press"), id="hint", markup=False)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._drawn: Welcome | SigningOut | None = None
        self._listens_at = 0.0
        self._tick: Timer | None = None

    def on_mount(self) -> None:
        """Tick once a second, where there is anything to count."""
        self._tick = self.set_interval(1, self._count, pause=True)

    def on_screen_suspend(self) -> None:
        """Nobody looks."""
        if self._tick is not None:
            self._tick.pause()

    @property
    def vacant(self) -> bool:
        """Somebody is signed in, and may be reading."""
        return False

    def wipe(self) -> None:
        """Who was here."""
        self._drawn = None
        self.say("#greeting", "")

    def draw(self, state: Welcome | SigningOut) -> None:
        """Greet, or say goodbye."""
        if self._drawn is None:
            self._listens_at = self.desk.clock.now() + SETTLING
        self._drawn = state
        if self._tick is not None and _counts(state):
            self._tick.resume()
        self._count()
        if isinstance(state, SigningOut):
            self.say("#where", _("Signing out..."))
            self.say("#note", "")
            self.offer()
            return
        name = clean(state.name)
        self.say("#greeting", _("Welcome, {name}").format(name=name) if name else _("Welcome"))
        device = clean(self.desk.device_name)
        self.say(
            "#where",
            _("You are signed in on {device}.").format(device=device)
            if device
            else _("You are signed in on this screen."),
        )
        self.say("#note", _note(state))
        self.offer(*(["continue"] if self.desk.goes_on else []), "signout")

    def _count(self) -> None:
        state = self._drawn
        if not isinstance(state, Welcome):
            self.say("#leaving", "")
            return
        held = self._left(state.held_until)
        self.label("#continue", _("Continue (in {seconds} s)").format(seconds=held) if held else _("Continue"))
        starting, leaving = self._left(state.start_at), self._left(state.sign_out_at)
        self.set_class(leaving is not None and leaving <= WARNING and starting is None, "-warning")
        stay = _("Press any key to stay.")
        if starting is not None:
            said = ngettext("Starting in {seconds} s. {stay}", "Starting in {seconds} s. {stay}", starting)
            self.say("#leaving", said.format(seconds=starting, stay=stay))
        elif leaving is not None:
            said = ngettext("Signing out in {seconds} s. {stay}", "Signing out in {seconds} s. {stay}", leaving)
            self.say("#leaving", said.format(seconds=leaving, stay=stay))
        else:
            self.say("#leaving", "")

    def _left(self, moment: float | None) -> int | None:
        """Whole seconds until then."""
        return None if moment is None else max(0, math.ceil(moment - self.desk.clock.now()))

    def action_back(self) -> None:
        """Nothing: there is nowhere to go back to, and Back must not sign anybody out."""

    @on(Choice.Pressed, "#continue")
    def _continue(self) -> None:
        if self.desk.clock.now() < self._listens_at:
            return
        self.desk.send(Continue())

    @on(Choice.Pressed, "#signout")
    def _sign_out(self) -> None:
        if self.desk.clock.now() < self._listens_at:
            return
        self.desk.send(SignOut())


def _counts(state: Welcome | SigningOut) -> bool:
    """Whether anything of it changes by the second."""
    return isinstance(state, Welcome) and any((state.sign_out_at, state.start_at, state.held_until))


def _note(state: Welcome) -> str:
    lines = []
    if state.program is not None and state.program.failed:
        lines.append(program_words(state.program))
    if not state.checked:
        lines.append(_("This could not be checked with the sign-in service yet; it will be."))
    if state.vault_problem is not None:
        lines.append(
            _("{problem} This sign-in lasts until the app ends.").format(problem=vault_words(state.vault_problem))
        )
    return "\n".join(lines)
