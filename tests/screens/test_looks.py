"""What each state looks like: pictures that a person has looked at."""

from collections.abc import Callable

import pytest

from kiosk.signin.intents import ProgramEnded
from kiosk.signin.states import (
    Ended,
    Entering,
    Notice,
    NotSetUp,
    PolicyDue,
    Problem,
    Resting,
    Sending,
    SigningOut,
    State,
    Trouble,
    Waiting,
    Welcome,
)
from kiosk.smartlogin import errors, refusals
from kiosk.vault.problems import VaultProblem
from tests.clock import START
from tests.screens.stage import JANE, app_in

Compare = Callable[..., bool]

WAITING = Waiting(JANE, deadline=START + 872, resend_at=START + 23)

STATES: dict[str, State] = {
    "entering": Entering(),
    "restoring": Entering(restoring=True),
    "problem": Entering(typed="jane.doe@", problem=Problem(refusals.IdentifierMalformed)),
    "unknown": Entering(typed="jane.doe@example.com", problem=Problem(refusals.IdentifierUnknown, 1023)),
    "mail-limit": Entering(typed="jane.doe@example.com", problem=Problem(refusals.LimitReached, 1122, 770.0)),
    "signed-out": Entering(notice=Notice.SIGNED_OUT),
    "session-ended": Entering(notice=Notice.SESSION_ENDED, vault_problem=VaultProblem.LOCKED),
    "sending": Sending(JANE),
    "waiting": WAITING,
    "waiting-resend": Waiting(JANE, START + 872, START),
    "waiting-offline": Waiting(
        JANE, START + 872, START + 23, trouble=Trouble(Problem(errors.Unreachable), START + 4.2)
    ),
    "waiting-resent": Waiting(JANE, START + 900, START + 60, resent=True),
    "waiting-limit": Waiting(JANE, START + 400, START + 30, refused=Problem(refusals.LimitReached, 1122)),
    "expired": Ended(JANE, Problem(refusals.LinkExpired)),
    "spent": Ended(JANE, Problem(refusals.LinkSpent, 1137)),
    "locked": Ended(JANE, Problem(refusals.AccountLocked, 1132)),
    "policy": PolicyDue(JANE),
    "waiting-warning": Waiting(JANE, START + 18, START),
    "waiting-number": Waiting(JANE, START + 872, START + 23, numbers=("42",)),
    "welcome": Welcome("Jane"),
    "welcome-shared": Welcome("Jane", sign_out_at=START + 60),
    "welcome-leaving": Welcome("Jane", sign_out_at=START + 14.5),
    "welcome-starting": Welcome("Jane", start_at=START + 3),
    "welcome-held": Welcome("Jane", start_at=START + 8, held_until=START + 8, program=ProgramEnded(3), failures=3),
    "resting": Resting(),
    "welcome-unchecked": Welcome("Jane", checked=False),
    "welcome-not-kept": Welcome("Jane", vault_problem=VaultProblem.MISSING),
    "signing-out": SigningOut(),
    "not-set-up": NotSetUp(),
    "site-refused": NotSetUp(Problem(refusals.SiteRefused, 1135)),
}


@pytest.mark.parametrize("name", STATES)
def test_every_state(name: str, snap_compare: Compare) -> None:
    assert snap_compare(app_in(STATES[name]), terminal_size=(80, 24))


@pytest.mark.parametrize(
    "name", ["entering", "problem", "waiting", "waiting-offline", "expired", "welcome", "not-set-up"]
)
def test_small(name: str, snap_compare: Compare) -> None:
    assert snap_compare(app_in(STATES[name]), terminal_size=(40, 12))


@pytest.mark.parametrize("name", ["entering", "waiting", "welcome"])
def test_large(name: str, snap_compare: Compare) -> None:
    assert snap_compare(app_in(STATES[name]), terminal_size=(160, 45))


@pytest.mark.parametrize("name", ["problem", "waiting-offline", "welcome", "locked"])
def test_light(name: str, snap_compare: Compare) -> None:
    assert snap_compare(app_in(STATES[name], theme="light"), terminal_size=(80, 24))


def test_the_demo_says_where_the_mail_is(snap_compare: Compare) -> None:
    app = app_in(WAITING, mailbox="http://127.0.0.1:8787/mailbox", device="the demo screen")
    assert snap_compare(app, terminal_size=(80, 24))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
def test_a_qr_code_beside_the_text(size: tuple[int, int], snap_compare: Compare) -> None:
    assert snap_compare(app_in(WAITING, help_url="https://help.example"), terminal_size=size)


def test_a_name_from_outside_stays_in_its_place(snap_compare: Compare) -> None:
    app = app_in(Welcome("[red]\x1b[2J\u202e" + "Jane " * 100), device="[/x] [@click=app.quit]quit[/]" * 5)
    assert snap_compare(app, terminal_size=(80, 24))
