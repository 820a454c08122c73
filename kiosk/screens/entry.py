"""Who signs in? The person types an e-mail or username."""

from gettext import gettext as _
from typing import ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from kiosk.screens.base import Desk, FlowScreen
from kiosk.signin.intents import Cancel, Leave, Submit
from kiosk.signin.states import Entering, Sending
from kiosk.text import clean
from kiosk.widgets.choice import Choice
from kiosk.widgets.field import Field
from kiosk.words import code_words, notice_words, problem_words, vault_words


class EntryScreen(FlowScreen[Entering | Sending]):
    """Draws `Entering` and `Sending`."""

    AUTO_FOCUS: ClassVar[str] = "#field"

    field = getters.query_one("#field", Field)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._drawn: Entering | Sending | None = None

    def compose(self) -> ComposeResult:
        """Title, field, message, choices."""
        site = clean(self.desk.site_name)
        yield from self.frame(_("Sign in to {site}").format(site=site) if site else _("Sign in"))
        with Vertical(id="body"):
            yield Static(_("Type your email or username. We will send you a link."), id="prompt", markup=False)
            yield Field(_("Email or username"), id="field")
            yield Static("", id="message", markup=False)
            with Horizontal(id="choices"):
                yield Choice(_("Continue"), id="continue")
                yield Choice(_("Leave"), id="leave")
                yield Choice(_("Cancel"), id="cancel")
        yield Static(_("▲▼ move   OK press   Back delete, then leave"), id="hint", markup=False)

    def draw(self, state: Entering | Sending) -> None:
        """Show what there is to type, or that it is on its way."""
        sending = isinstance(state, Sending)
        self.field.disabled = sending
        if isinstance(state, Entering):
            if not isinstance(self._drawn, Entering):
                self.field.value = state.typed
                self.field.action_end()
            self.offer("continue", "leave")
            if state != self._drawn and not (isinstance(self._drawn, Entering) and self._drawn.restoring):
                self.set_focus(self.field)
        else:
            self.offer("cancel")
        self.set_class(isinstance(state, Entering) and state.problem is not None, "-problem")
        self.say("#message", _message(state))
        self._drawn = state

    def action_back(self) -> None:
        """Delete a character; on an empty field, leave."""
        if isinstance(self._drawn, Sending):
            self.desk.send(Cancel())
        elif self.field.value:
            self.field.action_delete_left()
        else:
            self.desk.send(Leave())

    def on_key(self, event: events.Key) -> None:
        """A keyboard types into the field, wherever the focus is."""
        if self.focused is self.field or isinstance(self._drawn, Sending):
            return
        if event.is_printable and event.character and event.key != "space":
            self.set_focus(self.field)
            self.field.type_in(event.character)
            event.stop()
        elif event.key == "backspace":
            # Deletes, and never leaves: a key held down to clear the line must not end the app.
            self.field.action_delete_left()
            event.stop()

    @on(Field.Submitted, "#field")
    @on(Choice.Pressed, "#continue")
    def _submit(self) -> None:
        self.desk.send(Submit(self.field.value))

    @on(Choice.Pressed, "#leave")
    def _leave(self) -> None:
        self.desk.send(Leave())

    @on(Choice.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.desk.send(Cancel())


def _message(state: Entering | Sending) -> str:
    if isinstance(state, Sending):
        return _("Sending the link...")
    if state.problem is not None:
        code = code_words(state.problem)
        return f"{problem_words(state.problem)} {f'({code})' if code else ''}".rstrip()
    lines = []
    if state.notice is not None:
        lines.append(str(notice_words(state.notice)))
    if state.vault_problem is not None:
        lines.append(
            _("{problem} An earlier sign-in could not be read.").format(problem=vault_words(state.vault_problem))
        )
    if state.restoring:
        lines.append(_("Looking for your last sign-in..."))
    return "\n".join(lines)
