"""Which screen draws which state, and how each is made."""

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from kiosk.screens.base import Desk
from kiosk.screens.entry import EntryScreen
from kiosk.signin.states import (
    Ended,
    Entering,
    Finished,
    HandedOver,
    NotSetUp,
    PolicyDue,
    Resting,
    Sending,
    SigningOut,
    State,
    Waiting,
    Welcome,
)


def screen_name(state: State) -> str:
    """Which screen draws a state."""
    match state:
        case Entering() | Sending() | Finished():
            return "entry"
        case Waiting():
            return "waiting"
        case Ended() | PolicyDue():
            return "ended"
        case Welcome() | SigningOut() | HandedOver():
            return "welcome"
        case NotSetUp():
            return "trouble"
        case Resting():
            return "resting"


def screen_makers(desk: Desk) -> dict[str, Callable[[], Screen[Any]]]:
    """How each mode's screen is made; those of later states are imported when they are first shown."""

    def waiting() -> Screen[Any]:
        from kiosk.screens.waiting import WaitingScreen

        return WaitingScreen(desk)

    def ended() -> Screen[Any]:
        from kiosk.screens.ended import EndedScreen

        return EndedScreen(desk)

    def welcome() -> Screen[Any]:
        from kiosk.screens.welcome import WelcomeScreen

        return WelcomeScreen(desk)

    def trouble() -> Screen[Any]:
        from kiosk.screens.trouble import TroubleScreen

        return TroubleScreen(desk)

    def resting() -> Screen[Any]:
        from kiosk.screens.resting import RestingScreen

        return RestingScreen(desk)

    return {
        "entry": lambda: EntryScreen(desk),
        "waiting": waiting,
        "ended": ended,
        "welcome": welcome,
        "trouble": trouble,
        "resting": resting,
    }
