"""Nobody can sign in here before the operator has done something: what, and where."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from kiosk.language import gettext as _
from kiosk.screens.base import FlowScreen
from kiosk.signin.intents import Leave, TryAgain
from kiosk.signin.states import NotSetUp
from kiosk.widgets.choice import Choice
from kiosk.widgets.choices import Choices
from kiosk.widgets.column import Column
from kiosk.words import code_words, problem_words


class TroubleScreen(FlowScreen[NotSetUp]):
    """Draws `NotSetUp`."""

    def compose(self) -> ComposeResult:
        """What is missing, how to set it, and the choices."""
        yield from self.frame(_("Sign in"))
        with Column(id="body"):
            yield Static(_("This box is not set up yet."), id="headline", markup=False)
            yield Static("", id="advice", markup=False)
            yield Static(
                _("`kiosk config show` lists every setting and where it comes from."), id="where", markup=False
            )
            with Choices(id="choices"):
                yield Choice(_("Try again"), id="retry")
                yield Choice(_("Leave"), id="leave")
            yield Static("", id="code", markup=False)
        yield Static(_("◀▶ move   OK press"), id="hint", markup=False)

    def draw(self, state: NotSetUp) -> None:
        """Show what the operator has to do."""
        leave = () if self.desk.locked else ("leave",)
        if state.problem is None:
            advice = _("Set the API key of your Smart Login site: `api_key` in kiosk.toml, or KIOSK_API_KEY.")
            self.offer(*leave)
        else:
            advice = str(problem_words(state.problem))
            self.offer("retry", *leave)
        self.say("#advice", advice)
        self.set_class(self.focused is None, "-nothing")
        self.say("#code", "" if state.problem is None else code_words(state.problem))

    def action_back(self) -> None:
        """Leave; the sign-in of a locked screen refuses."""
        self.desk.send(Leave())

    @on(Choice.Pressed, "#retry")
    def _retry(self) -> None:
        self.desk.send(TryAgain())

    @on(Choice.Pressed, "#leave")
    def _leave(self) -> None:
        self.desk.send(Leave())
