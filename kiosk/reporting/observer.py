"""Looks on: from states and calls to records, figures and a line for systemd."""

from collections.abc import Callable

from kiosk.clock import Clock
from kiosk.reporting.figures import Figures
from kiosk.reporting.records import Event, Level, Plain, Record, foreign_logger, plain, record
from kiosk.signin.states import (
    Entering,
    Notice,
    NotSetUp,
    Outcome,
    PolicyDue,
    Problem,
    Sending,
    SigningOut,
    State,
    Trouble,
    Waiting,
    Welcome,
)
from kiosk.smartlogin.errors import RateLimited, ServiceTrouble, TransportError
from kiosk.smartlogin.observing import Call
from kiosk.smartlogin.refusals import NotClickedYet
from kiosk.values import fields
from kiosk.vault.problems import VaultProblem

_DOING = {
    "Entering": "Ready for a sign-in",
    "Sending": "Asking for a login mail",
    "Waiting": "Waiting for the login link to be opened",
    "Ended": "An attempt ended without a session",
    "PolicyDue": "Waiting for the privacy policy to be accepted",
    "Welcome": "Signed in",
    "SigningOut": "Signing out",
    "Resting": "Resting",
    "NotSetUp": "Not set up",
    "HandedOver": "The program runs",
    "Finished": "Finished",
}


class Observer:
    """Turns what it sees into records and figures."""

    def __init__(self, tell: Callable[[Record], None], figures: Figures, clock: Clock) -> None:
        self._tell = tell
        self._figures = figures
        self._clock = clock
        self._before: type[State] | None = None
        self._since = clock.now()
        self._said: dict[str, Plain] = {}
        self._ends: dict[str, tuple[object, object]] = {}

    @property
    def since(self) -> float:
        """Since when it is in this state: seconds of the clock."""
        return self._since

    @property
    def status(self) -> str:
        """What is going on, in a few words."""
        line = _DOING.get(str(self._said.get("state")), "Starting")
        problem, code, keyring = (self._said.get(name) for name in ("problem", "code", "keyring"))
        line += f": {problem}" if problem else ""
        line += f" ({code})" if code is not None else ""
        return line + (f"; keyring: {keyring}" if keyring else "")

    def on_state(self, state: State) -> None:
        """A state follows."""
        seen = facts_of(state)
        said = plain(**seen)
        if said == self._said:
            return
        now = self._clock.now()
        extra = {"before": self._before, "after_seconds": now - self._since}
        self._tell(record(Event.STATE, _state_level(state, seen), self._clock.wall(), **seen, **extra))
        self._count(state, said)
        if type(state) is not self._before:
            self._before, self._since = type(state), now
        self._said = said

    def on_call(self, call: Call) -> None:
        """A call has ended."""
        news = self._ends.get(call.name) != (call.kind, call.code)
        self._ends[call.name] = (call.kind, call.code)
        level = _call_level(call) if news else Level.DEBUG  # the same again, every few seconds, is no news
        entry = record(
            Event.CALL,
            level,
            self._clock.wall(),
            call=call.name,
            seconds=call.seconds,
            problem=call.kind,
            code=call.code,
        )
        self._tell(entry)
        figures, facts = self._figures, entry.facts
        if "call" in facts:
            figures.calls[str(facts["call"]), str(facts.get("problem", "ok"))] += 1
        figures.mails += call.name == "request_login" and call.kind is None
        if call.name == "ping" and not (call.kind and issubclass(call.kind, TransportError)):
            figures.pinged(call.seconds)

    def on_foreign(self, *, logger: object, severity: object, error: object) -> None:
        """A library, or the interpreter, had something to say."""
        level = Level.WARNING if severity in {"WARNING", "INFO", "DEBUG"} else Level.ERROR
        if severity in {"INFO", "DEBUG"} or (severity == "WARNING" and foreign_logger(logger) == "py"):
            level = Level.DEBUG
        facts = {"logger": logger, "severity": severity, "error": error, "frames": error}
        self._tell(record(Event.FOREIGN, level, self._clock.wall(), **facts))

    def _count(self, state: State, said: dict[str, Plain]) -> None:
        figures, before = self._figures, self._before
        if type(state) is not before:
            figures.state, figures.since = type(state).__name__, self._clock.wall().timestamp()
            figures.attempts += isinstance(state, Sending)
            figures.sign_ins += isinstance(state, Welcome) and before in {Waiting, PolicyDue}
            figures.restored += isinstance(state, Welcome) and before is Entering
            figures.sign_outs += isinstance(state, SigningOut)
        for name, counts in (("problem", figures.failures), ("keyring", figures.keyring)):
            if (what := said.get(name)) and what != self._said.get(name):
                counts[str(what)] += 1


def facts_of(state: State) -> dict[str, object]:
    """What a state shows of itself, by the kinds of its values: texts, numbers and moments are none of them."""
    facts: dict[str, object] = {"state": type(state)}
    flags = []
    for field in fields(type(state)):
        match getattr(state, field):
            case Trouble(problem=problem) | (Problem() as problem):
                facts |= {"problem": problem.kind, "code": problem.code}
            case VaultProblem() as keyring:
                facts["keyring"] = keyring
            case Notice() as notice:
                facts["notice"] = notice
            case Outcome() as outcome:
                facts["outcome"] = outcome
            case True:
                flags.append(field)
    return facts | {"flags": flags}


def _state_level(state: State, facts: dict[str, object]) -> Level:
    if isinstance(state, NotSetUp):
        return Level.ERROR
    return Level.WARNING if "problem" in facts or "keyring" in facts else Level.INFO


def _call_level(call: Call) -> Level:
    if call.kind is NotClickedYet:
        return Level.DEBUG
    lame = call.kind is not None and issubclass(call.kind, TransportError | ServiceTrouble | RateLimited)
    return Level.WARNING if lame else Level.INFO
