"""From settings to the running app, and from how it ended to an exit code."""

import gc
import os
import sys
from functools import partial
from pathlib import Path

from kiosk.app import KioskApp
from kiosk.clock import SystemClock
from kiosk.entry.domains import Domains
from kiosk.entry.habits import Habits, read_habits, write_habits
from kiosk.exits import CONFIGURATION, INTERNAL, exit_code
from kiosk.firstframe.memory import renew
from kiosk.firstframe.opening import Opening
from kiosk.firstframe.recording import record
from kiosk.language import fall_back
from kiosk.language import gettext as _
from kiosk.looks import Brand, Look, look_for
from kiosk.remote.keys import translation
from kiosk.reporting.front import Front
from kiosk.screens.base import Desk
from kiosk.settings.loading import Settings
from kiosk.signin.states import Outcome, State
from kiosk.tty.console import blank_seconds, dress
from kiosk.tty.driver import KioskDriver
from kiosk.tty.glyphs import glyphs_of
from kiosk.tty.terminal import colours, complain, in_browser, is_console
from kiosk.values import replace
from kiosk.wiring import alone, entry_name, habits_file_for, maintenance_for, program_for, sign_in_for


def show(settings: Settings, mailbox_url: str = "", opening: Opening | None = None) -> int:
    """Run the app until somebody goes on, leaves, or a signal ends it; returns the exit code."""
    browser = in_browser(os.environ)
    if browser:
        settings = alone(settings)
    look = _look(settings)
    fall_back(look.glyphs.draws)
    program = program_for(settings, os.environ)
    front = Front(settings, os.environ, os.getpid(), "" if browser else entry_name(settings))
    sign_in = sign_in_for(settings, onlooker=front.on_call)
    habits_file = None if browser else habits_file_for(settings, os.environ)
    habits = read_habits(habits_file) if habits_file else Habits()
    layout = (settings.sources["layout"] == "default" and habits.layout) or settings.text("layout")
    desk = Desk(
        send=sign_in.send,
        clock=SystemClock(),
        site_name=settings.text("site_name"),
        device_name=settings.text("device_name"),
        mailbox_url=mailbox_url,
        help_url=settings.text("help_url"),
        half_blocks=look.glyphs.half_blocks,
        logo=settings.text("brand_logo"),
        layout=layout,
        domains=Domains.of(settings.text("domains").replace(",", " ").split(), habits.domains),
        habits=habits,
        locked=settings.on("locked"),
        maintenance=maintenance_for(settings, os.environ) if settings.on("locked") else None,
        goes_on=program is not None or not settings.on("locked"),
        remember=partial(_remember, habits_file, layout, opening) if habits_file else None,
    )
    app = KioskApp(sign_in, desk, look, program)
    if is_console(os.environ):
        app.dress = dress(look.palette, blank_seconds())
    if not browser:
        app.driver_class = KioskDriver
        app.opening = opening
        app.keys, app.remote = translation(settings.text("keys")), settings.on("remote")
    app.painted = partial(_settle, app, None if browser else opening, habits_file)
    app.tell = front.on_news
    app.first_frame = lambda: front.begin(sign_in, app.set_interval)
    outcome = app.run(mouse=browser)
    code = _code(app, outcome)
    front.end(code, app.crash)
    if code == CONFIGURATION:
        complain(_("this box is not set up: api_key (kiosk.toml, KIOSK_API_KEY) names the Smart Login site"))
    return code


def _code(app: KioskApp, outcome: Outcome | None) -> int:
    if app.return_code:
        return app.return_code
    return INTERNAL if outcome is None else exit_code(outcome)  # Textual's own panics set no code


def _remember(file: Path, layout: str, opening: Opening | None, habits: Habits) -> None:
    """Keep the habits. The first frame shows of them no more than the layout, and stays good if that does."""
    write_habits(file, habits)
    if opening is not None and opening.file and habits.layout == layout:
        renew(opening.file, opening.circumstances, str(file))


def _settle(app: KioskApp, opening: Opening | None, habits_file: Path | None, state: State) -> None:
    """After the first frame: keep it for the next start, and let what is there now stay."""
    if opening is not None:
        record(app, opening, state, before=app.dress.start, habits=habits_file)
    # What was imported lives as long as the app: the collector need never look at it again.
    gc.freeze()
    gc.enable()


def _look(settings: Settings) -> Look:
    """What this terminal is dressed in."""
    console = is_console(os.environ)
    look = look_for(
        settings.text("theme"),
        colours(os.environ),
        console=console,
        no_color="NO_COLOR" in os.environ,
        brand=Brand(settings.text("brand_color"), settings.text("brand_accent")),
    )
    stream = sys.__stderr__
    if stream is None or in_browser(os.environ):
        return look
    return replace(look, glyphs=glyphs_of(stream.fileno(), stream.encoding, console=console))
