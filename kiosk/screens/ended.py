"""The attempt brought no session, or not yet: why, and the way on."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from kiosk.language import gettext as _
from kiosk.screens.base import FlowScreen
from kiosk.signin.intents import AcceptPolicy, Cancel, ChangeAddress, Intent, SendAgain
from kiosk.signin.states import Ended, PolicyDue
from kiosk.text import clean
from kiosk.widgets.choice import Choice
from kiosk.widgets.choices import Choices
from kiosk.widgets.column import Column
from kiosk.words import code_words, problem_words


class EndedScreen(FlowScreen[Ended | PolicyDue]):
    """Draws `Ended` and `PolicyDue`."""

    def compose(self) -> ComposeResult:
        """What happened, what to do, and the choices."""
        yield from self.frame(_("Sign in"))
        with Column(id="body"):
            yield Static("", id="headline", markup=False)
            yield Static("", id="advice", markup=False)
            yield Static("", id="who", markup=False)
            with Choices(id="choices"):
                yield Choice(_("Send a new link"), id="again")
                yield Choice(_("Accept and continue"), id="accept")
                yield Choice(_("Change address"), id="change")
                yield Choice(_("Cancel"), id="cancel")
            yield Static("", id="code", markup=False)
        yield Static(_("◀▶ move   OK press   Back change address"), id="hint", markup=False)

    def draw(self, state: Ended | PolicyDue) -> None:
        """Show why it ended, or what is still asked."""
        if isinstance(state, Ended):
            words = problem_words(state.problem)
            headline, advice, code = words.headline, words.advice, code_words(state.problem)
            self.offer("again", "change", "cancel")
        else:
            headline = _("The privacy policy has to be accepted first.")
            advice, code = _policy_advice(state), ""
            self.offer("accept", "change", "cancel")
        self.say("#headline", headline)
        self.say("#advice", advice)
        self.say("#who", _("For {address}").format(address=clean(state.identifier.masked)))
        self.say("#code", code)

    @property
    def vacant(self) -> bool:
        """Somebody may be reading, and thinking it over."""
        return False

    def wipe(self) -> None:
        """Whose attempt it was."""
        self.say("#who", "")

    def action_back(self) -> None:
        """Back to the address."""
        self.desk.send(ChangeAddress())

    @on(Choice.Pressed)
    def _pressed(self, event: Choice.Pressed) -> None:
        intents: dict[str, Intent] = {
            "again": SendAgain(),
            "accept": AcceptPolicy(),
            "change": ChangeAddress(),
            "cancel": Cancel(),
        }
        self.desk.send(intents[str(event.choice.id)])


def _policy_advice(state: PolicyDue) -> str:
    if state.accepting:
        return _("Telling the service...")
    if state.problem is not None:
        return str(problem_words(state.problem))
    return _("You find it where you opened your account. Accept it here to go on.")
