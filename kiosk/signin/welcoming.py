"""Signed in: care for the session while the welcome stands, and end it on request."""

import asyncio
from dataclasses import replace

from kiosk.signin.intents import Continue, SignOut, Touch
from kiosk.signin.keeping import care_due, end_token, forget, slide, tell_ended
from kiosk.signin.stage import Stage
from kiosk.signin.states import Entering, Finished, Notice, Outcome, SigningOut, State, Welcome
from kiosk.smartlogin.errors import AccountRefused, SiteRefused, SmartLoginError, TokenRefused
from kiosk.smartlogin.models import Token
from kiosk.vault.problems import VaultProblem

PATIENCE = 5.0
"""Seconds that a sign-out waits for the service before it goes on without it."""


async def welcoming(stage: Stage, state: Welcome) -> State:
    """The session is there; keep it alive until the person goes on or signs out."""
    stage.attempt = None
    sliding: asyncio.Task[VaultProblem | None] | None = None
    due = care_due(stage, checked=state.checked)
    sign_out_at = _sign_out_at(stage)
    try:
        while True:
            state = replace(state, sign_out_at=sign_out_at)
            stage.show(state)
            event = await stage.next(until=_earliest(None if sliding else due, sign_out_at))
            if isinstance(event, Continue):
                return Finished(Outcome.SIGNED_IN)
            if isinstance(event, SignOut) or (sign_out_at is not None and stage.parts.clock.now() >= sign_out_at):
                return SigningOut()
            if isinstance(event, Touch):
                sign_out_at = _sign_out_at(stage)
            elif event is None and sliding is None and stage.session is not None:
                sliding = stage.start(slide(stage, stage.session))
            elif event is sliding and sliding is not None:
                try:
                    state = replace(state, checked=True, vault_problem=sliding.result())
                    due = care_due(stage, checked=True)
                except (TokenRefused, AccountRefused):
                    return Entering(notice=Notice.SESSION_ENDED, vault_problem=await forget(stage))
                except SmartLoginError as error:
                    state = replace(state, checked=False)
                    # A site that refuses to answer will not change its mind within seconds.
                    due = care_due(stage, checked=isinstance(error, SiteRefused))
                sliding = None
    finally:
        if sliding is not None:
            sliding.cancel()


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
