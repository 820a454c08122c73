"""The operator's program has the terminal: care for the session meanwhile, and see what is left when it comes back."""

from kiosk.signin.caring import Care, News
from kiosk.signin.intents import ProgramEnded
from kiosk.signin.keeping import forget, gone
from kiosk.signin.stage import Stage
from kiosk.signin.states import Entering, HandedOver, Notice, State, Welcome
from kiosk.values import replace

TOO_SOON = 10.0
"""Seconds: a program that fails sooner has not got anywhere."""

LONGEST_HOLD = 60.0
"""Seconds that a program which fails again and again is held back at the most; at first it is 2, then double."""


async def handed_over(stage: Stage, state: HandedOver) -> State:
    """Wait for the program's end."""
    began = stage.parts.clock.now()
    care, over = Care(stage, checked=state.checked), False
    try:
        while True:
            stage.show(state)
            event = await stage.next(until=None if over else care.due)
            if isinstance(event, ProgramEnded):
                break
            if event is None:
                care.begin()
            match care.news(event):
                case News.GOOD:
                    problem, renewals = care.vault_problem, state.renewals + 1
                    state = replace(state, checked=True, vault_problem=problem, renewals=renewals)
                case News.UNSURE:
                    state = replace(state, checked=False)
                case News.ENDED:
                    over = True  # the program finds out by itself; whoever watches it is not torn out of it
    finally:
        care.close()
    if over:
        return Entering(notice=Notice.SESSION_ENDED, vault_problem=await forget(stage))
    if stage.kept and await gone(stage):
        # `kiosk logout`, by the program or beside it, has told the service as well.
        stage.session = None
        return Entering(notice=Notice.SIGNED_OUT)
    return _back(stage, state, event, began)


def _back(stage: Stage, state: HandedOver, ended: ProgramEnded, began: float) -> Welcome:
    assert stage.session is not None, "nobody hands over without a session"  # noqa: S101
    now = stage.parts.clock.now()
    failures = state.failures + 1 if ended.failed and now - began < TOO_SOON else 0
    return Welcome(
        stage.session.profile.greeting,
        checked=state.checked,
        vault_problem=state.vault_problem,
        held_until=now + min(2.0 ** min(failures, 10), LONGEST_HOLD) if failures else None,
        program=ended,
        failures=failures,
    )
