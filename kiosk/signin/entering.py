"""From the first moment to the mail: look for a kept session, let the person type, ask for the login."""

from kiosk.entry.address import read_identifier
from kiosk.signin.intents import Cancel, ChangeAddress, Leave, Restart, Submit, Touch
from kiosk.signin.keeping import Restored, restore
from kiosk.signin.refusing import after_error
from kiosk.signin.stage import Stage
from kiosk.signin.states import (
    Entering,
    Finished,
    Notice,
    NotSetUp,
    Outcome,
    Problem,
    Resting,
    Sending,
    State,
    Waiting,
    Welcome,
)
from kiosk.smartlogin.attempt import Attempt
from kiosk.smartlogin.errors import SmartLoginError
from kiosk.smartlogin.refusals import GuidUsed, IdentifierRefused, Refusal
from kiosk.values import replace


async def entering(stage: Stage, state: Entering) -> State:
    """Wait for an identifier that can be sent. A kept session that turns up meanwhile wins over the empty field."""
    if stage.parts.connect is None:
        return NotSetUp()
    if state.problem is None:
        stage.attempt = None
    if state.restoring and stage.search is None:
        stage.search = stage.start(restore(stage))
    rest_at = stage.idle_at()
    while True:
        if stage.search is not None and stage.search.done():
            found, stage.search, rest_at = stage.search.result(), None, stage.idle_at()
            after = _restored(stage, found, state)
            if not isinstance(after, Entering):
                return after
            state = after
        stage.show(state)
        match await stage.next(until=None if stage.search else rest_at):
            case Submit() as submit:
                try:
                    return Sending(read_identifier(submit.typed))
                except IdentifierRefused as refused:
                    problem, refusals = Problem.of(refused), state.refusals + 1
                    state = replace(state, typed=submit.typed, problem=problem, refusals=refusals, notice=None)
            case Touch():
                rest_at = stage.idle_at()
            case Leave():
                return Finished(Outcome.GIVEN_UP)
            case Restart() if stage.search is None:
                return Finished(Outcome.RESTART)
            case None:
                return Resting()


def _restored(stage: Stage, found: Restored, state: Entering) -> State:
    if found.attempt is not None and not stage.pending.begun:
        attempt = stage.attempt = found.attempt
        return Waiting(attempt.identifier, attempt.deadline, attempt.resend_at)
    if found.session is None:
        notice = Notice.SESSION_ENDED if found.ended else state.notice
        return replace(state, restoring=False, notice=notice, vault_problem=found.vault_problem)
    stage.session = found.session
    return Welcome(found.session.profile.greeting, checked=found.checked)


async def sending(stage: Stage, state: Sending) -> State:
    """Ask for the login; the answer decides between the waiting and the entry."""
    stage.show(state)
    parts = stage.parts
    # A request whose answer was lost may have sent its mail: the same person's next try keeps its GUID in the round.
    attempt = stage.attempt
    if attempt is None or attempt.identifier != state.identifier:
        attempt = stage.attempt = Attempt(state.identifier, parts.clock.now(), parts.window, parts.new_guid)
    request = stage.start(request_login(stage, attempt))
    while not request.done():
        match await stage.next():
            case ChangeAddress():
                request.cancel()
                return Entering(typed=state.identifier.value)
            case Cancel():
                request.cancel()
                return Entering()
    try:
        request.result()
    except SmartLoginError as error:
        if isinstance(error, Refusal):
            stage.attempt = None
        return after_error(stage, state.identifier, error)
    return Waiting(state.identifier, attempt.deadline, attempt.resend_at)


async def request_login(stage: Stage, attempt: Attempt) -> None:
    """One request for a mail, under a new GUID; once more under another if the service has seen it (1136).

    Raises:
        SmartLoginError: no mail is on its way, or nobody knows. The GUID leaves the round only where
            the service refused it: a request whose answer was lost may still have sent its mail.
    """
    client = await stage.client()
    for last in (False, True):
        guid = attempt.fresh_guid(stage.parts.clock.now())
        # Before the request: from then on there may be a mail, and a click on it that a power cut must not lose.
        stage.pending.mirror(attempt)
        await stage.pending.written()
        try:
            await client.request_login(attempt.identifier, guid)
        except GuidUsed:
            attempt.drop(guid)
            if last:
                raise
        except Refusal:
            attempt.drop(guid)
            raise
        else:
            attempt.mailed(stage.parts.clock.now())
            return
