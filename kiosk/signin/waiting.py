"""From the mail to the session: ping until the link is clicked, or until there is nothing left to wait for."""

import asyncio

from kiosk.signin.entering import request_login
from kiosk.signin.intents import Cancel, ChangeAddress, Extend, Intent, PingNow, SendAgain, Touch
from kiosk.signin.keeping import end_token, keep
from kiosk.signin.refusing import after_error
from kiosk.signin.stage import Stage
from kiosk.signin.states import Ended, Entering, Problem, State, Trouble, Waiting, Welcome
from kiosk.smartlogin.attempt import LOST_PAUSE, RESEND_PAUSES, Attempt, Ruling
from kiosk.smartlogin.errors import RateLimited, SmartLoginError, TransportError
from kiosk.smartlogin.holding import Holding
from kiosk.smartlogin.models import Session, Token
from kiosk.smartlogin.pace import LONGEST_PAUSE, SHORTEST_GAP, Pace
from kiosk.smartlogin.refusals import LinkExpired, NotClickedYet, PrivacyPolicyDue, Refusal
from kiosk.values import replace


async def waiting(stage: Stage, state: Waiting) -> State:
    """Wait for the click."""
    assert stage.attempt is not None, "nobody waits without an attempt"  # noqa: S101
    return await _Vigil(stage, stage.attempt, state).keep()


class _Vigil:
    """One stay in the waiting: never two pings in flight, never one after the last word."""

    def __init__(self, stage: Stage, attempt: Attempt, state: Waiting) -> None:
        self._stage = stage
        self._clock = stage.parts.clock
        self._attempt = attempt
        self._state = state
        self._pace = Pace(self._clock.now(), stage.parts.dice)
        self._holding = Holding()
        self._ping: asyncio.Task[Session] | None = None
        self._pinged = ""
        self._also: tuple[str, ...] = ()
        self._pinged_at = self._clock.now()
        self._lost = False
        """The last ping's answer was lost: perhaps it brought the session, and its GUID can fetch it again."""
        self._put_off = False
        """The last ping got a 429: too busy to say, which is no answer to whether the link was clicked."""
        self._resend: asyncio.Task[None] | None = None

    async def keep(self) -> State:
        """Wait until something else begins."""
        after: State | None = None
        try:
            while after is None:
                self._stage.show(self._state)
                if self._ping is None and self._clock.now() >= self._ping_due():
                    self._send_ping()
                event = await self._stage.next(until=None if self._ping else self._wake_at())
                if event is None:
                    after = self._expired()
                elif event is self._ping:
                    after = await self._on_ping(self._ping)
                elif event is self._resend:
                    self._on_resend(self._resend)
                elif not isinstance(event, asyncio.Task):
                    after = self._on_intent(event)
        finally:
            self._let_go(ended=after is not None)
        return after

    def _ping_due(self) -> float:
        # A click in the last second counts: one ping always goes out at the deadline itself.
        last_call = max(self._attempt.deadline, self._pace.earliest)
        return min(self._pace.due, last_call) if self._pinged_at < self._attempt.deadline else self._pace.due

    def _wake_at(self) -> float | None:
        if not self._silenced():
            return self._ping_due()
        return self._attempt.deadline if self._resend is None else None

    def _silenced(self) -> bool:
        """The service asked for a pause that goes far beyond the deadline."""
        return self._pace.earliest > self._attempt.deadline + LONGEST_PAUSE

    def _send_ping(self) -> None:
        self._pinged_at = self._clock.now()
        if not self._lost:
            self._pinged = self._attempt.next_guid(self._pinged_at)
        self._pace.sent(self._pinged_at)
        seconds = self._holding.ask(self._pinged_at, self._attempt.deadline)
        self._also = self._attempt.others(self._pinged) if self._holding.known else ()
        self._ping = self._stage.start(_ask(self._stage, self._pinged, seconds, self._also))

    def _ping_anew(self) -> None:
        """End a ping that is held, for another one now: it knows nothing of what has just happened."""
        if self._ping is not None and self._holding.holds:
            self._ping.cancel()  # it comes out of `next` as such; never are two in flight

    async def _on_ping(self, ping: asyncio.Task[Session]) -> State | None:
        self._ping = None
        if ping.cancelled():
            self._lost = True  # a session that was on its way is fetched by the same GUID
            self._pace.at_once(self._clock.now())
            return None
        try:
            session = ping.result()
        except SmartLoginError as error:
            return self._on_error(error)
        vault_problem = await keep(self._stage, session)
        return Welcome(session.profile.greeting, vault_problem=vault_problem)

    def _on_error(self, error: SmartLoginError) -> State | None:
        now = self._clock.now()
        ruling = self._attempt.rule(self._pinged, error, now)
        if ruling is Ruling.OVER:
            return after_error(self._stage, self._state.identifier, error)
        if ruling is Ruling.RETRY:
            self._lost = isinstance(error, TransportError)
            if not isinstance(error, RateLimited) and self._holding.failed(now):
                self._lost, self._put_off = True, False
                self._pace.at_once(now)
                return self._expired()
            self._put_off = isinstance(error, RateLimited)
            if self._put_off:
                self._pace.limited(now, error.retry_after)
            else:
                self._pace.failed(now)
            self._state = replace(self._state, trouble=Trouble(Problem.of(error), self._pace.due))
        else:
            self._lost = self._put_off = False
            self._pace.answered(error.retry_after)
            if isinstance(error, NotClickedYet):
                if self._holding.answered(now, error.wait):
                    self._pace.at_once(now)
                self._attempt.saw_number(self._pinged, error.number)
            self._state = replace(
                self._state, trouble=None, numbers=self._attempt.numbers, refused=self._still_refused()
            )
        return self._expired()

    def _still_refused(self) -> Problem | None:
        """Why another mail could not be sent, now that the service answers: that it could not be reached is over."""
        refused = self._state.refused
        lost = refused is not None and issubclass(refused.kind, TransportError)
        return None if lost and self._state.trouble is not None else refused

    def _expired(self) -> State | None:
        """The end, once a ping at the deadline found nothing, or none may be sent for long after it."""
        deadline = self._attempt.deadline
        silent_end = self._silenced() and self._clock.now() >= deadline
        heard = self._pinged_at >= deadline and not (self._put_off and self._pace.due <= deadline + LONGEST_PAUSE)
        if self._resend is None and self._ping is None and (heard or silent_end):
            return Ended(self._state.identifier, Problem(LinkExpired))
        return None

    def _on_resend(self, resend: asyncio.Task[None]) -> None:
        self._resend = None
        refused = None
        try:
            resend.result()
            self._pace.mailed(self._clock.now())
            self._ping_anew()
        except SmartLoginError as error:
            refused = Problem.of(error)
            pause = RESEND_PAUSES[0] if isinstance(error, Refusal) else LOST_PAUSE
            self._attempt.not_mailed(self._clock.now(), max(pause, error.retry_after or 0.0))
        self._state = replace(
            self._state,
            deadline=self._attempt.deadline,
            resend_at=self._attempt.resend_at,
            resending=False,
            resent=refused is None,
            refused=refused,
        )

    def _on_intent(self, intent: Intent) -> State | None:
        match intent:
            case SendAgain() if self._resend is None and self._clock.now() >= self._attempt.resend_at:
                self._resend = self._stage.start(request_login(self._stage, self._attempt))
                self._state = replace(self._state, resending=True, resent=False, refused=None)
            case PingNow():
                self._pace.hurry(self._clock.now())
                self._ping_anew()
            case Touch():
                self._pace.touched(self._clock.now())
                if self._holding.overdue(self._clock.now()):
                    self._ping_anew()
            case Extend():
                self._attempt.extend()
                self._state = replace(self._state, deadline=self._attempt.deadline)
            case ChangeAddress():
                return Entering(typed=self._state.identifier.value)
            case Cancel():
                return Entering()
        return None

    def _let_go(self, *, ended: bool) -> None:
        if self._resend is not None:
            self._resend.cancel()
        if self._ping is None:
            return
        if self._holding.holds or not ended:
            self._ping.cancel()
        # Where a signal cuts the waiting short, the next run takes it up: what this ping may bring is not given back.
        if ended:
            self._stage.start(_give_back(self._stage, self._ping, self._pinged, self._also), finish=True)


async def _ask(stage: Stage, guid: str, seconds: float = 0.0, also: tuple[str, ...] = ()) -> Session:
    client = await stage.client()
    return await (client.hold(guid, seconds, also) if seconds else client.ping(guid, also))


async def _give_back(stage: Stage, ping: asyncio.Task[Session], guid: str, also: tuple[str, ...]) -> None:
    """End the session that a ping brings after nobody waits for it any more: nobody would ever sign it out.

    One that was held is not waited for; whether a session was on its way all the same, a last one tells.
    """
    await asyncio.wait({ping})
    if ping.cancelled():
        await stage.parts.clock.sleep(SHORTEST_GAP)
    try:
        session = await _ask(stage, guid, also=also) if ping.cancelled() else ping.result()
        token: Token | None = session.token
    except PrivacyPolicyDue as due:
        token = due.token  # good for more than to accept the policy
    except SmartLoginError:
        return
    if token is not None:
        end_token(stage, token)
