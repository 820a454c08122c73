"""The app with a sign-in that stands still in one state, for looking at and for pressing keys."""

import asyncio
from collections.abc import Callable
from typing import cast

from kiosk.app import KioskApp
from kiosk.entry.habits import Habits
from kiosk.handover.program import Program
from kiosk.lockdown.maintenance import Maintenance
from kiosk.looks import Look, look_for
from kiosk.screens.base import Desk
from kiosk.signin.flow import SignIn
from kiosk.signin.intents import Intent
from kiosk.signin.states import Outcome, State
from kiosk.smartlogin.models import Identifier, IdentifierKind, Profile, Session, Token
from tests.clock import FakeClock

JANE = Identifier(IdentifierKind.EMAIL, "jane.doe@example.com")


class Still:
    """Shows one state for ever, and remembers what was wanted."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.intents: list[Intent] = []
        self.listeners: list[Callable[[State], None]] = []
        self.session: Session | None = Session(Token("token-of-jane"), Profile())

    def subscribe(self, listener: Callable[[State], None]) -> None:
        self.listeners.append(listener)

    def send(self, intent: Intent) -> None:
        self.intents.append(intent)

    def become(self, state: State) -> None:
        self.state = state
        for listener in self.listeners:
            listener(state)

    async def run(self) -> Outcome:
        await asyncio.Event().wait()
        raise AssertionError


def app_in(
    state: State,
    *,
    device: str = "Lobby TV",
    site: str = "",
    mailbox: str = "",
    theme: str = "dark",
    help_url: str = "",
    look: Look | None = None,
    logo: str = "",
    locked: bool = False,
    maintenance: Maintenance | None = None,
    clock: FakeClock | None = None,
    remember: Callable[[Habits], None] | None = None,
    program: Program | None = None,
) -> KioskApp:
    """The real app and its real screens, showing `state`."""
    still = Still(state)
    desk = Desk(
        still.send,
        clock or FakeClock(),
        site_name=site,
        device_name=device,
        mailbox_url=mailbox,
        help_url=help_url,
        half_blocks=look is None or look.glyphs.half_blocks,
        logo=logo,
        locked=locked,
        maintenance=maintenance,
        goes_on=program is not None or not locked,
        patience=0,
        remember=remember,
    )
    app = KioskApp(cast(SignIn, still), desk, look or look_for(theme, 1 << 24, console=False), program)
    app.still = still  # type: ignore[attr-defined]
    return app


def still_of(app: KioskApp) -> Still:
    """What stands behind the app."""
    return cast(Still, app.still)  # type: ignore[attr-defined]
