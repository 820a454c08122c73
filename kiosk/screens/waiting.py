"""The mail is out: the countdown, what goes on, and the ways on."""

import math

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Static

from kiosk.language import gettext as _
from kiosk.language import ngettext
from kiosk.screens.base import Desk, FlowScreen
from kiosk.signin.intents import Cancel, ChangeAddress, Extend, Intent, PingNow, SendAgain
from kiosk.signin.states import Waiting
from kiosk.smartlogin.models import IdentifierKind
from kiosk.text import clean
from kiosk.widgets.bignumber import BigNumber
from kiosk.widgets.choice import Choice
from kiosk.widgets.choices import Choices
from kiosk.widgets.column import Column
from kiosk.widgets.countdown import Countdown
from kiosk.widgets.qr import Qr
from kiosk.words import number_words, problem_words

WARNING = 20
"""Seconds before the end from which on the screen asks whether more time is needed (WCAG 2.2.1 asks for 20)."""

REVEALED = 5.0
"""Seconds that the address stays in full view."""

NARROWEST_TEXT = 40
"""Cells that the text needs beside a QR code."""

WIDEST_CHOICES = 72
"""Cells that a row of choices needs."""


class WaitingScreen(FlowScreen[Waiting]):
    """Draws `Waiting`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._drawn: Waiting | None = None
        self._tick: Timer | None = None
        self._revealed_until = 0.0
        self._warned = False

    def compose(self) -> ComposeResult:
        """Where the link went, how long there is, what goes on, what can be done."""
        yield from self.frame(_("Check your email"))
        with Horizontal(id="body"):
            with Column(id="text", spare=("patience", "how", "big-number")):
                yield Static("", id="sent", markup=False)
                yield Static(_("Open it on any device: this screen continues by itself."), id="how", markup=False)
                yield Static("", id="number", markup=False)
                yield BigNumber(id="big-number")
                yield Countdown(self.desk.clock.now, id="countdown")
                yield Static("", id="status", markup=False)
                with Choices(id="choices"):
                    yield Choice(_("I opened it"), id="opened")
                    yield Choice(_("Send again"), id="again")
                    yield Choice(_("More time"), id="more")
                with Choices(id="further-choices"):
                    yield Choice(_("Show address"), id="reveal")
                    yield Choice(_("Change address"), id="change")
                    yield Choice(_("Cancel"), id="cancel")
                yield Static(
                    _("It can take a minute. Not there? Look in the spam folder."), id="patience", markup=False
                )
                yield Static("", id="mailbox", markup=False)
            with Vertical(id="aside"):
                if self.desk.help_url:
                    yield Qr(self.desk.help_url, half_blocks=self.desk.half_blocks, id="qr")
                    yield Static(self.desk.help_url, id="qr-url", markup=False)
        yield Static(_("▲▼◀▶ move   OK press   Back change address"), id="hint", markup=False)

    @property
    def countdown(self) -> Countdown:
        """How long there is."""
        return self.part("#countdown", Countdown)

    def on_mount(self) -> None:
        """Tick once a second; only while this screen is the one that is shown."""
        self._tick = self.set_interval(1, self._redraw)
        self.say("#mailbox", self._mailbox_words())

    def on_screen_suspend(self) -> None:
        """Nobody looks."""
        if self._tick is not None:
            self._tick.pause()

    def wipe(self) -> None:
        """Whom the mail was for; who waits next begins afresh."""
        self._drawn = None
        self._warned = False
        self._revealed_until = 0.0
        self.say("#sent", "")
        self.say("#number", "")
        self.part("#big-number", BigNumber).show("")

    def on_screen_resume(self) -> None:
        """Somebody looks again."""
        if self._tick is not None:
            self._tick.resume()

    def on_resize(self) -> None:
        """The free room is another."""
        self._place_aside()

    def _place_aside(self) -> None:
        """A QR code is shown whole or not at all, and not in the way of a number that is asked for."""
        aside = self.part("#aside", Vertical)
        if not self.desk.help_url:
            aside.display = False
            return
        room, space = self.part("#qr", Qr).room, self.content_size
        text_width = space.width - room.width - 3
        free = text_width >= NARROWEST_TEXT and space.height - 4 > room.height
        aside.display = free and not (self._drawn is not None and self._drawn.numbers)
        self.set_class(aside.display and text_width < WIDEST_CHOICES, "-beside")

    def draw(self, state: Waiting) -> None:
        """Show where the waiting stands."""
        arrived = self._drawn is None or self._drawn.identifier != state.identifier
        self._drawn = state
        self.countdown.count_to(state.deadline)
        self.say("#number", number_words(state.numbers) if state.numbers else "")
        self.part("#big-number", BigNumber).show(state.numbers[0] if state.numbers else "")
        self.set_class(state.trouble is not None or state.refused is not None, "-trouble")
        self._place_aside()
        if arrived:
            self._revealed_until = 0.0
        if arrived or self.focused is None:
            self.set_focus(self.part("#opened", Choice))
        self._redraw()

    def action_back(self) -> None:
        """Back to the address."""
        self.desk.send(ChangeAddress())

    def _redraw(self) -> None:
        if (state := self._drawn) is None:
            return
        now = self.desk.clock.now()
        self.countdown.tick()
        self.say("#sent", _sent_words(state, revealed=now < self._revealed_until))
        self._warn(warned=self.countdown.left <= WARNING)
        self.say("#status", self._status_words(state))
        cooling = math.ceil(state.resend_at - now)
        if state.resending:
            self.label("#again", _("Sending..."))
        elif cooling > 0:
            self.label("#again", _("Send again (in {seconds} s)").format(seconds=cooling))
        else:
            self.label("#again", _("Send again"))

    def _warn(self, *, warned: bool) -> None:
        """Towards the end the focus goes where one press wins more time."""
        if warned and not self._warned:
            self.set_focus(self.part("#more", Choice))
        self._warned = warned
        self.set_class(warned, "-warning")

    def _status_words(self, state: Waiting) -> str:
        if state.resending:
            return _("Sending another link...")
        if state.trouble is not None:
            seconds = max(1, math.ceil(state.trouble.retry_at - self.desk.clock.now()))
            again = ngettext("Trying again in {seconds} s.", "Trying again in {seconds} s.", seconds)
            trouble = f"{problem_words(state.trouble.problem).headline} {again.format(seconds=seconds)}"
            return f"{trouble} {_hurry_words()}" if self._warned else trouble
        if self._warned:
            return _hurry_words()
        if state.refused is not None:
            return str(problem_words(state.refused))
        if state.resent:
            return _("Another link is on its way. Whichever you open signs you in.")
        return _("Waiting for you to open the link")

    def _mailbox_words(self) -> str:
        if not self.desk.mailbox_url:
            return ""
        return _("Demo: no mail leaves this machine. Read it at {url}").format(url=self.desk.mailbox_url)

    @on(Choice.Pressed, "#reveal")
    def _reveal(self) -> None:
        self._revealed_until = self.desk.clock.now() + REVEALED
        self._redraw()

    @on(Choice.Pressed)
    def _pressed(self, event: Choice.Pressed) -> None:
        intents: dict[str | None, Intent] = {
            "opened": PingNow(),
            "again": SendAgain(),
            "more": Extend(),
            "change": ChangeAddress(),
            "cancel": Cancel(),
        }
        if intent := intents.get(event.choice.id):
            self.desk.send(intent)


def _hurry_words() -> str:
    return _("Not much time left. Press OK for more.")


def _sent_words(state: Waiting, *, revealed: bool) -> str:
    address = clean(state.identifier.value if revealed else state.identifier.masked)
    if state.identifier.kind is IdentifierKind.EMAIL:
        return _("We sent a link to {address}.").format(address=address)
    return _("We sent a link to the email of {username}.").format(username=address)
