"""From settings to the running app, and from how it ended to an exit code."""

from kiosk.app import KioskApp
from kiosk.clock import SystemClock
from kiosk.exits import CONFIGURATION, INTERNAL, exit_code
from kiosk.screens.base import Desk
from kiosk.settings import Settings
from kiosk.terminal import complain
from kiosk.wiring import sign_in_for


def show(settings: Settings, mailbox_url: str = "") -> int:
    """Run the app until somebody goes on, leaves, or a signal ends it; returns the exit code."""
    sign_in = sign_in_for(settings)
    desk = Desk(
        send=sign_in.send,
        clock=SystemClock(),
        site_name=settings.text("site_name"),
        device_name=settings.text("device_name"),
        mailbox_url=mailbox_url,
    )
    app = KioskApp(sign_in, desk, settings.text("theme"))
    outcome = app.run(mouse=False)
    if app.return_code:
        return app.return_code
    if outcome is None:
        return INTERNAL  # Textual's own panics set no code
    code = exit_code(outcome)
    if code == CONFIGURATION:
        complain("this box is not set up: api_key (kiosk.toml, KIOSK_API_KEY) names the Smart Login site")
    return code
