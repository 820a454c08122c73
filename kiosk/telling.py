"""How `kiosk login` tells of each state: as a line for people, or as a JSON event for programs."""

import json
from enum import StrEnum
from typing import Protocol

from kiosk.language import gettext as _
from kiosk.signin.states import (
    Ended,
    Entering,
    Finished,
    HandedOver,
    NotSetUp,
    PolicyDue,
    Problem,
    Resting,
    Sending,
    SigningOut,
    State,
    Waiting,
    Welcome,
)
from kiosk.text import clean
from kiosk.vaultwords import vault_words
from kiosk.words import notice_words, number_words, problem_words


class Question(StrEnum):
    """What a line is wanted for."""

    IDENTIFIER = "identifier"
    POLICY = "policy"


class Voice(Protocol):
    """Tells states and asks questions."""

    def tell(self, state: State) -> None:
        """Say what there is to say of a state."""
        ...

    def ask(self, question: Question) -> None:
        """Ask for a line."""
        ...


class Lines:
    """One announced line a state: screen readers and serial lines follow it."""

    def __init__(self) -> None:
        self._said: State | None = None

    def tell(self, state: State) -> None:
        """Say it, where it differs from what was said."""
        if (line := _line(state, self._said)) is not None:
            print(line, flush=True)
        self._said = state

    def ask(self, question: Question) -> None:
        """Prompt for it."""
        if question is Question.IDENTIFIER:
            print(_("Email or username:"), flush=True)
        else:
            print(_("Type yes to accept it, or anything else to stop:"), flush=True)


class Events:
    """One JSON object a line. No address, no GUID, no token: `kiosk token` gives that to whom it belongs."""

    def tell(self, state: State) -> None:
        """One event a state."""
        print(json.dumps({"event": _event_name(state), **_details(state)}), flush=True)

    def ask(self, question: Question) -> None:
        """Say what a line is wanted for."""
        print(json.dumps({"event": "input", "wanted": question.value}), flush=True)


def _event_name(state: State) -> str:
    return {"NotSetUp": "not-set-up", "PolicyDue": "policy-due", "SigningOut": "signing-out"}.get(
        type(state).__name__, type(state).__name__.lower()
    )


def _details(state: State) -> dict[str, object]:
    match state:
        case Entering():
            notice = state.notice.name.lower().replace("_", "-") if state.notice else None
            return {"restoring": state.restoring, "problem": _problem(state.problem), "notice": notice}
        case Waiting():
            trouble = state.trouble.problem if state.trouble else state.refused
            return {"problem": _problem(trouble), "numbers": list(state.numbers), "resent": state.resent}
        case Ended() | NotSetUp() | PolicyDue():
            return {"problem": _problem(state.problem)}
        case Welcome():
            return {"checked": state.checked, "keyring_problem": state.vault_problem}
        case Finished():
            return {"outcome": state.outcome.name.lower().replace("_", "-")}
        case Sending() | SigningOut() | Resting() | HandedOver():
            return {}


def _problem(problem: Problem | None) -> dict[str, object] | None:
    if problem is None:
        return None
    return {"kind": problem.kind.__name__, "code": problem.code, "words": str(problem_words(problem))}


def _line(state: State, before: State | None) -> str | None:
    """What to say of a state, where it differs from what was said."""
    match state:
        case Entering():
            return _entering(state)
        case Sending():
            return _("Sending the link...")
        case Waiting():
            return _waiting(state, before if isinstance(before, Waiting) else None)
        case PolicyDue(problem=None):
            return _("The privacy policy has to be accepted first.")
        case PolicyDue() | Ended():
            return str(problem_words(state.problem)) if state.problem else None
        case NotSetUp():
            return str(problem_words(state.problem)) if state.problem else _("This box is not set up yet.")
        case Welcome():
            return _welcome(state)
        case SigningOut() | Resting() | Finished() | HandedOver():
            return None


def _entering(state: Entering) -> str | None:
    if state.problem is not None:
        return str(problem_words(state.problem))
    if state.notice is not None:
        return str(notice_words(state.notice))
    if state.vault_problem is not None:
        return str(vault_words(state.vault_problem))
    return None


def _waiting(state: Waiting, before: Waiting | None) -> str | None:
    if before is None:
        sent = _("We sent a link to {address}. Open it on any device.").format(address=clean(state.identifier.masked))
        told = _("Type again for another link, change for another address, cancel to stop.")
        return f"{sent}\n{told}"
    if state.numbers != before.numbers and state.numbers:
        return number_words(state.numbers)
    if state.refused != before.refused and state.refused is not None:
        return str(problem_words(state.refused))
    if state.resent and not before.resent:
        return _("Another link is on its way. Whichever you open signs you in.")
    if state.trouble != before.trouble:
        if state.trouble is None:
            return _("Waiting for you to open the link")
        if before.trouble is None or before.trouble.problem != state.trouble.problem:
            return str(problem_words(state.trouble.problem))
    return None


def _welcome(state: Welcome) -> str:
    name = clean(state.name)
    lines = [_("Welcome, {name}").format(name=name) if name else _("Welcome")]
    if state.vault_problem is not None:
        kept = _("{problem} This sign-in lasts until the app ends.")
        lines.append(kept.format(problem=vault_words(state.vault_problem)))
    return "\n".join(lines)
