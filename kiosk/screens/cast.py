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


def screen_makers(
    desk: Desk, end_maintenance: Callable[[bool], None] | None = None
) -> dict[str, Callable[[], Screen[Any]]]:
    """How each mode's screen is made; those of later states are imported when they are first shown.

    Args:
        desk: What they are given.
        end_maintenance: Told whether the operator's PIN was right; needed where the desk knows of one.
    """

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

    def maintenance() -> Screen[Any]:
        from kiosk.screens.maintenance import MaintenanceScreen

        assert desk.maintenance is not None  # noqa: S101 - the sequence that leads here is a part of it
        assert end_maintenance is not None  # noqa: S101
        return MaintenanceScreen(desk, desk.maintenance, end_maintenance)

    return {
        "maintenance": maintenance,
        "entry": lambda: EntryScreen(desk),
        "waiting": waiting,
        "ended": ended,
        "welcome": welcome,
        "trouble": trouble,
        "resting": resting,
    }
