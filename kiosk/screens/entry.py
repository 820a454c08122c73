"""Who signs in? The person types an e-mail or username."""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from kiosk.entry.board import Board, Wish
from kiosk.language import gettext as _
from kiosk.screens.base import Desk, FlowScreen
from kiosk.signin.intents import Cancel, Leave, Submit
from kiosk.signin.states import Entering, Problem, Sending
from kiosk.smartlogin.refusals import IdentifierMissing
from kiosk.text import clean
from kiosk.vaultwords import vault_words
from kiosk.widgets.boardhints import board_hints
from kiosk.widgets.choice import Choice
from kiosk.widgets.field import Field, Shown
from kiosk.widgets.hints import Hints
from kiosk.widgets.keyboard import Keyboard
from kiosk.words import code_words, notice_words, problem_words


class EntryScreen(FlowScreen[Entering | Sending]):
    """Draws `Entering` and `Sending`."""

    AUTO_FOCUS: ClassVar[str] = "#keyboard"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._drawn: Entering | Sending | None = None
        self._habits = desk.habits
        self._looking = desk.patience <= 0
        """The search for a kept session has taken long enough to be spoken of."""

    def compose(self) -> ComposeResult:
        """Title, message, field, keyboard; the way out while the link is being sent."""
        site = clean(self.desk.site_name)
        yield from self.frame(_("Sign in to {site}").format(site=site) if site else _("Sign in"))
        with Vertical(id="body"):
            yield Static("", id="message", markup=False)
            yield Field(_("Email or username"), id="field")
            yield Keyboard(
                self.desk.clock.now,
                self.desk.domains,
                layout=self.desk.layout,
                leaves=not self.desk.locked,
                id="keyboard",
            )
        with Horizontal(id="choices"):
            yield Choice(_("Cancel"), id="cancel")
        yield Hints(id="hint")

    @property
    def field(self) -> Field:
        """What is typed."""
        return self.part("#field", Field)

    @property
    def keyboard(self) -> Keyboard:
        """What types it."""
        return self.part("#keyboard", Keyboard)

    @property
    def hints(self) -> Hints:
        """What the keys do."""
        return self.part("#hint", Hints)

    def answer(self, key: str) -> bool:
        """An arrow moves the focus of the board."""
        return self.focused is self.keyboard and self.keyboard.answer(key)

    def draw(self, state: Entering | Sending) -> None:
        """Show what there is to type, or that it is on its way."""
        sending = isinstance(state, Sending)
        typed = state.identifier.value if isinstance(state, Sending) else state.typed
        # After a refusal the board is as it was left: mending begins where one was.
        if self._drawn is None or (not isinstance(self._drawn, Entering) and self.keyboard.board.line.text != typed):
            self.keyboard.begin(typed)
        self._drawn = state
        if isinstance(state, Entering) and state.restoring and not self._looking:
            self.set_timer(self.desk.patience, self._speak_of_looking)
        self.field.disabled = self.keyboard.disabled = sending
        self.part("#choices", Horizontal).display = sending
        self.set_class(sending, "-sending")
        self.offer(*(["cancel"] if sending else []))
        self.set_focus(self.part("#cancel", Choice) if sending else self.keyboard)
        self._describe(self.keyboard.board)

    def _speak_of_looking(self) -> None:
        self._looking = True
        self._describe(self.keyboard.board)

    @property
    def vacant(self) -> bool:
        """Nothing is typed."""
        return not self.keyboard.board.line.text

    def go_on_from(self, board: Board) -> None:
        """At once, and not by messages: the next frame shows all of it."""
        if isinstance(self._drawn, Entering):
            self.keyboard.go_on_from(board)
            self._describe(self.keyboard.board)

    def wipe(self) -> None:
        """Whoever comes next begins with an empty field."""
        self._drawn = None
        self.keyboard.begin()

    def action_back(self) -> None:
        """Delete a character; on an empty field, leave."""
        if isinstance(self._drawn, Sending):
            self.desk.send(Cancel())
        else:
            self.keyboard.back()

    async def on_key(self, event: events.Key) -> None:
        """A keyboard types, wherever the focus is."""
        if self.focused is None and not isinstance(self._drawn, Sending):
            self.set_focus(self.keyboard)
            await self.keyboard.on_key(event)

    def _lead_cursor(self) -> None:
        if self.focused is not self.keyboard:
            super()._lead_cursor()
        elif self.keyboard.board.typing:
            self.app.cursor_position = self.field.caret_offset
        else:
            self.keyboard.lead_cursor()

    @on(Keyboard.Changed)
    def _changed(self, event: Keyboard.Changed) -> None:
        self._describe(event.board)
        if event.board.typing:
            self._lead_cursor()

    def _describe(self, board: Board) -> None:
        """Show what is typed, what there is to say about it, and what the keys do."""
        self.field.shown = Shown(board.line, board.tap is not None)
        self.field.set_class(board.typing, "-typing")
        self.set_class(board.question is not None, "-question")
        if self._drawn is not None:
            problem = _problem(self._drawn, board)
            self.set_class(problem is not None, "-problem")
            self.say("#message", _question(board) or _message(self._drawn, problem, looking=self._looking) or _prompt())
        self.hints.hints = board_hints(board)

    @on(Keyboard.Wished)
    def _wished(self, event: Keyboard.Wished) -> None:
        if event.wish is Wish.CONTINUE:
            self._remember(self.keyboard.board)
            self.desk.send(Submit(self.keyboard.board.line.text))
        else:
            self.desk.send(Leave())

    def _remember(self, board: Board) -> None:
        if self.desk.remember is None:
            return
        domain = board.line.text.strip().rpartition("@")[2].lower()
        self._habits = self._habits.using(board.layout.name, domain, board.domains)
        self.keyboard.prefer(domain)
        self.desk.remember(self._habits)

    @on(Choice.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.desk.send(Cancel())


def _prompt() -> str:
    return _("Type your email or username. We will send you a link.")


def _question(board: Board) -> str:
    if board.question is None:
        return ""
    return _("Did you mean {domain}?").format(domain=f"@{board.question}")


def _problem(state: Entering | Sending, board: Board) -> Problem | None:
    """What is wrong. That nothing was typed is, until something is."""
    problem, typed = (None, "") if isinstance(state, Sending) else (state.problem, state.typed)
    if problem is not None and problem.kind is IdentifierMissing and board.line.text not in {"", typed}:
        return None
    return problem


def _message(state: Entering | Sending, problem: Problem | None, *, looking: bool) -> str:
    if isinstance(state, Sending):
        return _("Sending the link...")
    if problem is not None:
        code = code_words(problem)
        return f"{problem_words(problem)} {f'({code})' if code else ''}".rstrip()
    lines = []
    if state.notice is not None:
        lines.append(str(notice_words(state.notice)))
    if state.vault_problem is not None:
        lines.append(
            _("{problem} An earlier sign-in could not be read.").format(problem=vault_words(state.vault_problem))
        )
    if state.restoring and looking:
        lines.append(_("Looking for your last sign-in..."))
    return "\n".join(lines)
