"""What the sign-in is doing: one immutable value, drawn by whoever shows it (screens, or lines of text).

Times are seconds of the clock that the sign-in was given.
"""

from enum import Enum, auto
from typing import Self

from kiosk.signin.intents import ProgramEnded
from kiosk.smartlogin.errors import SmartLoginError
from kiosk.smartlogin.models import Identifier
from kiosk.values import Value, hidden
from kiosk.vault.problems import VaultProblem


class Problem(Value):
    """What went wrong, as a value: an exception would keep whole frames, and their secrets, alive."""

    kind: type[SmartLoginError]
    code: int | None = None
    """LoginRadius' error code or the HTTP status, for the support call."""
    wait: float | None = None
    """Seconds that the service asks to wait, where it says."""

    @classmethod
    def of(cls, error: SmartLoginError) -> Self:
        """The problem that an error is."""
        return cls(type(error), error.code, error.retry_after)


class Notice(Enum):
    """What the entry has to tell, other than a problem with what was typed."""

    SIGNED_OUT = auto()
    SIGNED_OUT_HERE = auto()
    """The service could not be told; it will be, as soon as it answers."""
    STILL_KEPT = auto()
    """Signed out, but the keyring would not let go of the session."""
    SESSION_ENDED = auto()
    """The kept session is not good any more."""


class Entering(Value):
    """The person types an e-mail or username."""

    typed: str = hidden(default="")
    problem: Problem | None = None
    refusals: int = 0
    """How often in a row: the same answer twice is news twice."""
    notice: Notice | None = None
    vault_problem: VaultProblem | None = None
    """Why a kept session could not be read."""
    restoring: bool = False
    """A kept session is being looked for meanwhile."""


class Sending(Value):
    """The service is being asked to mail a login link."""

    identifier: Identifier


class Trouble(Value):
    """What disturbs the waiting, and when it is tried again."""

    problem: Problem
    retry_at: float


class Waiting(Value):
    """The mail is out; the pings go on until the link is clicked."""

    identifier: Identifier
    deadline: float
    resend_at: float
    trouble: Trouble | None = None
    resending: bool = False
    resent: bool = False
    """Another mail has gone out since."""
    refused: Problem | None = None
    """Why another mail could not be sent."""
    numbers: tuple[str, ...] = hidden(default=())
    """What the hosted page asks the person to pick, the newest mail's first; empty where it asks for nothing."""


class Ended(Value):
    """The attempt is over without a session: expired, spent, or refused."""

    identifier: Identifier
    problem: Problem


class PolicyDue(Value):
    """The site's privacy policy must be accepted before the person is in (LoginRadius code 1194)."""

    identifier: Identifier
    accepting: bool = False
    problem: Problem | None = None


class Welcome(Value):
    """Signed in."""

    name: str = hidden()
    checked: bool = True
    """False: a kept session that the service could not confirm yet."""
    vault_problem: VaultProblem | None = None
    """Why the session lasts for this run only."""
    sign_out_at: float | None = None
    """On a shared screen: when nobody's key has come until then, the session ends."""
    start_at: float | None = None
    """When the operator's program is started, if no key comes before."""
    held_until: float | None = None
    """Until when the program is not started, even on request: it ended too soon, too often."""
    program: ProgramEnded | None = None
    """How the program ended that came back."""
    failures: int = 0
    """How often in a row it failed too soon."""


class HandedOver(Value):
    """The operator's program has the terminal; the session is cared for meanwhile."""

    checked: bool = True
    vault_problem: VaultProblem | None = None
    failures: int = 0
    """As in `Welcome`, until this run says otherwise."""
    renewals: int = 0
    """How often the session was renewed since: its token may be another one."""


class Resting(Value):
    """Nobody has been here for a while; any key brings the entry back. Nothing of anybody is left."""


class SigningOut(Value):
    """The session is being ended, here and at the service."""


class NotSetUp(Value):
    """The operator has to do something first."""

    problem: Problem | None = None
    """What the service said; None when no API key is set at all."""
    checking: bool = False


class Outcome(Enum):
    """How the sign-in ended."""

    SIGNED_IN = auto()
    GIVEN_UP = auto()
    TIMED_OUT = auto()
    NOT_SET_UP = auto()
    RESTART = auto()
    """To begin again with new settings."""


class Finished(Value):
    """Nothing further will happen."""

    outcome: Outcome


State = (
    Entering | Sending | Waiting | Ended | PolicyDue | Welcome | HandedOver | SigningOut | Resting | NotSetUp | Finished
)


def nobody(state: State) -> bool:
    """Whether a state has nothing of anybody: whoever was here before is gone."""
    return isinstance(state, Resting) or (isinstance(state, Entering) and not state.typed)
