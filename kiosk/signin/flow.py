"""The sign-in: one object that screens, lines of text and tests drive alike.

    Entering ─Submit─► Sending ─mailed─► Waiting ─clicked─► Welcome ─Continue─► Finished
       ▲  ▲               │                 │  │               │
       │  └──refused──────┘     expired,    │  └─policy─► PolicyDue ─► Welcome
       │                        spent,      ▼
       └──ChangeAddress, Cancel─locked── Ended ─SendAgain─► Sending
       └──SignOut, session ended──────────────────────── Welcome ◄─► HandedOver

Each state has one step, a coroutine that shows it, acts, waits, and returns the state that follows.
"""

from collections.abc import Callable

from kiosk.signin.ending import ended, not_set_up, policy_due, resting
from kiosk.signin.entering import entering, sending
from kiosk.signin.handing import handed_over
from kiosk.signin.intents import Intent
from kiosk.signin.stage import Parts, Stage
from kiosk.signin.states import (
    Ended,
    Entering,
    Finished,
    HandedOver,
    NotSetUp,
    Outcome,
    PolicyDue,
    Resting,
    Sending,
    SigningOut,
    State,
    Waiting,
    Welcome,
)
from kiosk.signin.waiting import waiting
from kiosk.signin.welcoming import signing_out, welcoming
from kiosk.smartlogin.models import Session


class SignIn:
    """The flow of one screen's sign-ins, from the first look into the keyring until somebody goes on or leaves."""

    def __init__(self, parts: Parts) -> None:
        self._stage = Stage(parts)

    @property
    def state(self) -> State:
        """What to draw."""
        return self._stage.state

    @property
    def session(self) -> Session | None:
        """For whom the sign-in was done: the program that gets the terminal, the app that pushed the screen."""
        return self._stage.session

    def subscribe(self, listener: Callable[[State], None]) -> None:
        """Have `listener` called, in the loop that runs the flow, with every state that follows."""
        self._stage.listeners.append(listener)

    def send(self, intent: Intent) -> None:
        """What the person wants. An intent that makes no sense in the present state does nothing."""
        self._stage.put(intent)

    async def run(self) -> Outcome:
        """Live through the flow; returns how it ended."""
        state: State = self._stage.state
        try:
            while not isinstance(state, Finished):
                state = await self._step(state)
            self._stage.attempt = None
            self._stage.show(state)
            return state.outcome
        finally:
            await self._stage.close()

    async def _step(self, state: State) -> State:
        stage = self._stage
        match state:
            case Entering():
                return await entering(stage, state)
            case Sending():
                return await sending(stage, state)
            case Waiting():
                return await waiting(stage, state)
            case Ended():
                return await ended(stage, state)
            case PolicyDue():
                return await policy_due(stage, state)
            case Welcome():
                return await welcoming(stage, state)
            case HandedOver():
                return await handed_over(stage, state)
            case SigningOut():
                return await signing_out(stage, state)
            case Resting():
                return await resting(stage, state)
            case NotSetUp():
                return await not_set_up(stage, state)
            case Finished():
                return state
