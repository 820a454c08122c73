"""The first frame as the app has painted it, kept for the next start."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from kiosk.app import KioskApp
from kiosk.firstframe import memory
from kiosk.firstframe.opening import Opening
from kiosk.firstframe.plan import written
from kiosk.firstframe.planning import plan_of
from kiosk.folders import base_directory
from kiosk.language import LOCALE
from kiosk.paths import SHEETS
from kiosk.screens.entry import EntryScreen
from kiosk.settings.loading import SYSTEM_FILE
from kiosk.signin.states import Entering, State

_FRAMEWORK = ("textual", "rich")


def record(app: KioskApp, opening: Opening, state: State, *, before: str = "", habits: Path | None = None) -> None:
    """Keep what is on the screen, if it is the entry as everybody finds it.

    Args:
        app: The app, with its first frame painted.
        opening: How this start began; it knows where frames are kept.
        state: What the frame shows.
        before: What the terminal is sent before the frame.
        habits: The file of the entry's habits.
    """
    screen = app.screen
    if (
        not opening.file
        or opening.known
        or not isinstance(screen, EntryScreen)
        or state not in (Entering(), Entering(restoring=True))
    ):
        return
    board = screen.keyboard.board
    if board.line.text or board.typing or tuple(app.size) != opening.size:
        return
    # Private, and the only place where the cells stand as they are sent; the tests' pictures are taken from it too.
    strips = screen._compositor.render_strips()
    lines = "".join(f"\x1b[{number};1H{strip.render(app.console)}" for number, strip in enumerate(strips, 1))
    encoding = sys.__stderr__.encoding if sys.__stderr__ else "utf-8"
    frame = (before + lines).encode(encoding, "replace")
    plan = plan_of(app, screen, encoding, habits)
    files = sorted(set(_files(opening.arguments, habits)))
    memory.remember(opening.file, opening.circumstances, files, frame, written(plan) if plan else b"")


def _files(arguments: list[str], habits: Path | None) -> Iterator[str]:
    """All that has a say in how the frame looks."""
    places = [SYSTEM_FILE, *_named(arguments)]
    if home := base_directory(os.environ, "XDG_CONFIG_HOME", ".config"):
        places.append(home / "kiosk" / "kiosk.toml")
    for place in places:
        drop_ins = place.with_suffix(".d")
        yield from (str(path.absolute()) for path in (place, drop_ins, *drop_ins.glob("*.toml")))
    if habits is not None:
        yield str(habits)
    yield from map(str, (*SHEETS, LOCALE, *LOCALE.glob("*/LC_MESSAGES/*.mo")))
    for name, module in tuple(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and (name.partition(".")[0] == "kiosk" or name in _FRAMEWORK):
            yield str(Path(file).absolute())


def _named(arguments: list[str]) -> Iterator[Path]:
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--config":
            yield Path(value or arguments[min(place + 1, len(arguments) - 1)])
    if named := os.environ.get("KIOSK_CONFIG"):
        yield Path(named)
