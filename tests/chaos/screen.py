"""A device whose flow is driven by the real app: what it draws is held against the state."""

import asyncio
from dataclasses import dataclass, field

from kiosk.app import KioskApp
from kiosk.looks import look_for
from kiosk.screens.base import Desk, FlowScreen
from kiosk.screens.cast import screen_name
from kiosk.signin.states import Ended, Entering, Problem, Waiting
from kiosk.words import problem_words
from tests.chaos.device import Device

SETTLED = 0.3
"""Seconds in which a state is on the screen."""


@dataclass
class Seen:
    """What was looked at."""

    looks: int = 0
    problems: int = 0
    """Looks at a screen that had a problem to tell."""
    wrong: list[str] = field(default_factory=list)


async def drive(device: Device, seen: Seen) -> None:
    """Run the device's flow in a headless app until it has ended, and look at its screen all the while."""
    desk = Desk(device.sign_in.send, device.clock, site_name="Example TV", device_name="Lobby TV")
    app = KioskApp(device.sign_in, desk, look_for("dark", 1 << 24, console=False))
    async with app.run_test(size=(80, 24)):
        while app.is_running and not app._exit:
            await _look(app, device, seen)
            await asyncio.sleep(1)
    if app._exception is not None or app.return_code:
        seen.wrong.append(f"the app ended with {app.return_code}: {app._exception!r}")


async def _look(app: KioskApp, device: Device, seen: Seen) -> None:
    state = device.state
    await asyncio.sleep(SETTLED)
    if device.state is not state or app._exit:
        return
    seen.looks += 1
    text = "".join("".join(strip.text for strip in app.screen._compositor.render_strips()).split())
    if not isinstance(app.screen, FlowScreen) or app.current_mode != screen_name(state):
        seen.wrong.append(f"{type(state).__name__} is shown by {app.screen}")
    problem: Problem | None = None
    match state:
        case Waiting(trouble=trouble) if trouble is not None:
            problem = trouble.problem
        case Entering(problem=found) if found is not None:
            problem = found
        case Ended(problem=found):
            problem = found
    if problem is not None:
        seen.problems += 1
        headline = problem_words(problem).headline
        if "".join(headline.split()) not in text:
            seen.wrong.append(f"{headline!r} is not on the screen")
