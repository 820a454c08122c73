"""The mail is out: the countdown, what goes on, and the ways on."""

import math
from gettext import gettext as _
from gettext import ngettext

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Static

from kiosk.screens.base import Desk, FlowScreen
from kiosk.signin.intents import Cancel, ChangeAddress, SendAgain
from kiosk.signin.states import Waiting
from kiosk.smartlogin.models import IdentifierKind
from kiosk.text import clean
from kiosk.widgets.choice import Choice
from kiosk.widgets.countdown import Countdown
from kiosk.words import problem_words


class WaitingScreen(FlowScreen[Waiting]):
    """Draws `Waiting`."""

    countdown = getters.query_one("#countdown", Countdown)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._drawn: Waiting | None = None
        self._tick: Timer | None = None

    def compose(self) -> ComposeResult:
        """Where the link went, how long there is, what goes on, what can be done."""
        yield from self.frame(_("Check your email"))
        with Vertical(id="body"):
            yield Static("", id="sent", markup=False)
            yield Countdown(self.desk.clock.now, id="countdown")
            yield Static("", id="status", markup=False)
            with Horizontal(id="choices"):
                yield Choice(_("Send again"), id="again")
                yield Choice(_("Change address"), id="change")
                yield Choice(_("Cancel"), id="cancel")
            yield Static(_("It can take a minute. Not there? Look in the spam folder."), id="patience", markup=False)
            yield Static("", id="mailbox", markup=False)
        yield Static(_("◀▶ move   OK press   Back change address"), id="hint", markup=False)

    def on_mount(self) -> None:
        """Tick once a second; only while this screen is the one that is shown."""
        self._tick = self.set_interval(1, self._redraw)
        self.say("#mailbox", self._mailbox_words())

    def on_screen_suspend(self) -> None:
        """Nobody looks."""
        if self._tick is not None:
            self._tick.pause()

    def on_screen_resume(self) -> None:
        """Somebody looks again."""
        if self._tick is not None:
            self._tick.resume()

    def draw(self, state: Waiting) -> None:
        """Show where the waiting stands."""
        arrived = self._drawn is None or self._drawn.identifier != state.identifier
        self._drawn = state
        self.countdown.count_to(state.deadline)
        self.say("#sent", _sent_words(state))
        self.set_class(state.trouble is not None or state.refused is not None, "-trouble")
        if arrived or self.focused is None:
            self.set_focus(self.query_one("#again"))
        self._redraw()

    def action_back(self) -> None:
        """Back to the address."""
        self.desk.send(ChangeAddress())

    def _redraw(self) -> None:
        if (state := self._drawn) is None:
            return
        self.countdown.refresh()
        self.say("#status", self._status_words(state))
        cooling = math.ceil(state.resend_at - self.desk.clock.now())
        if state.resending:
            self.label("#again", _("Sending..."))
        elif cooling > 0:
            self.label("#again", _("Send again (in {seconds} s)").format(seconds=cooling))
        else:
            self.label("#again", _("Send again"))

    def _status_words(self, state: Waiting) -> str:
        if state.resending:
            return _("Sending another link...")
        if state.trouble is not None:
            seconds = max(1, math.ceil(state.trouble.retry_at - self.desk.clock.now()))
            again = ngettext("Trying again in {seconds} s.", "Trying again in {seconds} s.", seconds)
            return f"{problem_words(state.trouble.problem).headline} {again.format(seconds=seconds)}"
        if state.refused is not None:
            return str(problem_words(state.refused))
        if state.resent:
            return _("Another link is on its way. Whichever you open signs you in.")
        return _("Waiting for you to open the link")

    def _mailbox_words(self) -> str:
        if not self.desk.mailbox_url:
            return ""
        return _("Demo: no mail leaves this machine. Read it at {url}").format(url=self.desk.mailbox_url)

    @on(Choice.Pressed, "#again")
    def _again(self) -> None:
        self.desk.send(SendAgain())

    @on(Choice.Pressed, "#change")
    def _change(self) -> None:
        self.desk.send(ChangeAddress())

    @on(Choice.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.desk.send(Cancel())


def _sent_words(state: Waiting) -> str:
    masked = clean(state.identifier.masked)
    if state.identifier.kind is IdentifierKind.EMAIL:
        sent = _("We sent a link to {address}.").format(address=masked)
    else:
        sent = _("We sent a link to the email of {username}.").format(username=masked)
    return f"{sent} {_('Open it on any device: this screen continues by itself.')}"
