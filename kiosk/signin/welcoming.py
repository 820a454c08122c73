"""Signed in: care for the session while the welcome stands, and end it on request."""

from kiosk.signin.caring import Care, News
from kiosk.signin.intents import Continue, Restart, SignOut, Touch
from kiosk.signin.keeping import end_token, forget, owe, tell_ended
from kiosk.signin.stage import Stage
from kiosk.signin.states import Entering, Finished, HandedOver, Notice, Outcome, SigningOut, State, Welcome
from kiosk.smartlogin.models import Token
from kiosk.values import replace

PATIENCE = 5.0
"""Seconds that a sign-out waits for the service before it goes on without it."""


async def welcoming(stage: Stage, state: Welcome) -> State:
    """The session is there; keep it alive until the person goes on or signs out."""
    stage.attempt = None
    care, now = Care(stage, checked=state.checked), stage.parts.clock.now
    sign_out_at, start_at = _sign_out_at(stage), _start_at(stage, state)
    try:
        while True:
            state = replace(state, sign_out_at=sign_out_at, start_at=start_at)
            stage.show(state)
            event = await stage.next(until=_earliest(care.due, sign_out_at, start_at))
            if isinstance(event, Continue) and not stage.parts.hands_over:
                return Finished(Outcome.SIGNED_IN)
            if isinstance(event, Restart) and stage.kept and not stage.parts.shared and state.vault_problem is None:
                return Finished(Outcome.RESTART)  # the session is in the keyring, and found again
            if isinstance(event, SignOut) or (sign_out_at is not None and now() >= sign_out_at):
                return SigningOut()
            if isinstance(event, Touch):
                sign_out_at, start_at = _sign_out_at(stage), None
            elif _starts(event, state, now()):
                return HandedOver(state.checked, state.vault_problem, state.failures)
            elif event is None:
                care.begin()
            match care.news(event):
                case News.GOOD:
                    state = replace(state, checked=True, vault_problem=care.vault_problem)
                case News.UNSURE:
                    state = replace(state, checked=False)
                case News.ENDED:
                    return Entering(notice=Notice.SESSION_ENDED, vault_problem=await forget(stage))
    finally:
        care.close()


def _start_at(stage: Stage, state: Welcome) -> float | None:
    """When the program starts by itself: soon after the sign-in, and once more after it failed."""
    after = stage.parts.start_after
    if not stage.parts.hands_over or after is None or (state.program is not None and not state.program.failed):
        return None
    return max(stage.parts.clock.now() + after, state.held_until or 0.0)


def _starts(event: object, state: Welcome, now: float) -> bool:
    """Whether it is time for the program: somebody wants it and it is not held back, or nobody has put it off."""
    if isinstance(event, Continue):
        return state.held_until is None or now >= state.held_until
    return event is None and state.start_at is not None and now >= state.start_at


def _sign_out_at(stage: Stage) -> float | None:
    return stage.parts.clock.now() + stage.parts.sign_out_after if stage.parts.shared else None


def _earliest(*moments: float | None) -> float | None:
    return min((moment for moment in moments if moment is not None), default=None)


async def signing_out(stage: Stage, state: SigningOut) -> State:
    """Out of the keyring first, then out of the service: what is in this room comes first."""
    stage.show(state)
    session = stage.session
    vault_problem = await forget(stage)
    told = session is None or await _tell(stage, session.token)
    if vault_problem is not None:
        return Entering(notice=Notice.STILL_KEPT, vault_problem=vault_problem)
    return Entering(notice=Notice.SIGNED_OUT if told else Notice.SIGNED_OUT_HERE)


async def _tell(stage: Stage, token: Token) -> bool:
    """End the token at the service; one that does not answer in time is told in the background."""
    owe(stage, token)
    telling = stage.start(tell_ended(stage, token))
    enough = stage.parts.clock.now() + PATIENCE
    while not telling.done():
        if await stage.next(until=enough) is None:
            telling.cancel()
            break
    if not telling.cancelled() and telling.done() and telling.result():
        return True
    end_token(stage, token)
    return False
