"""What follows an attempt that brought no session, and what the operator has to do first."""

import asyncio

from kiosk.signin.intents import AcceptPolicy, Cancel, ChangeAddress, Leave, Restart, SendAgain, Touch, TryAgain
from kiosk.signin.keeping import end_token, keep
from kiosk.signin.stage import Stage
from kiosk.signin.states import (
    Ended,
    Entering,
    Finished,
    NotSetUp,
    Outcome,
    PolicyDue,
    Problem,
    Resting,
    Sending,
    State,
    Welcome,
)
from kiosk.smartlogin.errors import RateLimited, ServiceTrouble, SmartLoginError, TransportError
from kiosk.smartlogin.models import Profile, Session
from kiosk.smartlogin.refusals import LinkExpired
from kiosk.values import replace


async def ended(stage: Stage, state: Ended) -> State:
    """The attempt is over; a new link is one press away."""
    stage.attempt = None
    stage.show(state)
    rest_at = stage.idle_at()
    while True:
        match await stage.next(until=rest_at):
            case Touch():
                rest_at = stage.idle_at()
            case None:
                return Resting()
            case SendAgain():
                return Sending(state.identifier)
            case ChangeAddress():
                return Entering(typed=state.identifier.value)
            case Cancel():
                return Entering()
            case Leave():
                return Finished(Outcome.TIMED_OUT if state.problem.kind is LinkExpired else Outcome.GIVEN_UP)
            case Restart():
                return Finished(Outcome.RESTART)


async def resting(stage: Stage, state: Resting) -> State:
    """Nobody is here; the first key wakes the screen and does nothing else."""
    stage.show(state)
    while True:
        match await stage.next():
            case Touch():
                return Entering()
            case Restart():
                return Finished(Outcome.RESTART)


async def policy_due(stage: Stage, state: PolicyDue) -> State:
    """The privacy policy stands between the person and the welcome: accept it, or leave it."""
    session = stage.session
    assert session is not None, "the token that can accept came with the refusal"  # noqa: S101
    accepting: asyncio.Task[Profile] | None = None
    rest_at = stage.idle_at()
    while True:
        stage.show(state)
        event = await stage.next(until=None if accepting else rest_at)
        if event is accepting and accepting is not None:
            try:
                session = replace(session, profile=accepting.result())
            except (TransportError, ServiceTrouble, RateLimited) as error:
                accepting, state = None, replace(state, accepting=False, problem=Problem.of(error))
            except SmartLoginError as error:
                return _let_go(stage, session, Ended(state.identifier, Problem.of(error)))
            else:
                return Welcome(session.profile.greeting, vault_problem=await keep(stage, session))
        elif isinstance(event, AcceptPolicy) and accepting is None:
            accepting = stage.start(_accept(stage, session))
            state = replace(state, accepting=True, problem=None)
        elif isinstance(event, Touch):
            rest_at = stage.idle_at()
        elif (after := _policy_left(state, event)) is not None:
            if accepting is not None:
                accepting.cancel()
            return _let_go(stage, session, after)


def _policy_left(state: PolicyDue, event: object) -> State | None:
    match event:
        case ChangeAddress():
            return Entering(typed=state.identifier.value)
        case Cancel():
            return Entering()
        case Leave():
            return Finished(Outcome.GIVEN_UP)
        case Restart():
            return Finished(Outcome.RESTART)
        case None:
            return Resting()
    return None


def _let_go(stage: Stage, session: Session, after: State) -> State:
    """The token that could have accepted is for nobody who comes by later."""
    stage.session = None
    end_token(stage, session.token)
    return after


async def _accept(stage: Stage, session: Session) -> Profile:
    client = await stage.client()
    return await client.accept_privacy_policy(session.token.access_token)


async def not_set_up(stage: Stage, state: NotSetUp) -> State:
    """Nobody can sign in here before the operator has done something."""
    stage.attempt = None
    stage.show(state)
    while True:
        match await stage.next():
            case TryAgain() if stage.parts.connect is not None:
                return Entering()
            case Leave():
                return Finished(Outcome.NOT_SET_UP)
            case Restart():
                return Finished(Outcome.RESTART)
