"""The app and the operator's program: one run of it for each hand-over, whatever is drawn meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from kiosk.app import KioskApp
from kiosk.handover.program import Program
from kiosk.lockdown.keys import KeySequence
from kiosk.lockdown.maintenance import Maintenance
from kiosk.lockdown.tries import Tries
from kiosk.settings.table import MAINTENANCE_KEYS
from kiosk.signin.intents import ProgramEnded
from kiosk.signin.states import HandedOver, Welcome
from tests.cells import settled
from tests.clock import FakeClock, until
from tests.screens.stage import app_in, still_of


class Scripted:
    """A program that ends when the test says so."""

    def __init__(self) -> None:
        self.runs = 0
        self.tokens: list[str] = []
        self.running = False
        self.end = asyncio.Event()

    async def run(self, token: str, _terminal: int) -> ProgramEnded:
        await asyncio.sleep(0)  # before it has the terminal
        self.runs += 1
        self.tokens.append(token)
        self.running = True
        await self.end.wait()
        self.end.clear()
        self.running = False
        return ProgramEnded(0)

    def renew(self, token: str) -> None:
        self.tokens.append(token)


@asynccontextmanager
async def handing(
    monkeypatch: pytest.MonkeyPatch, maintenance: Maintenance | None = None, clock: FakeClock | None = None
) -> AsyncIterator[tuple[KioskApp, Scripted]]:
    """The app on a welcome, with a program."""
    monkeypatch.setattr(HeadlessDriver, "can_suspend", True)
    program = Scripted()
    locked = maintenance is not None
    app = app_in(Welcome("Jane"), locked=locked, maintenance=maintenance, clock=clock, program=cast(Program, program))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        yield app, program
        program.end.set()
        await settled(pilot)


async def test_what_is_drawn_after_the_programs_end_does_not_start_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sign-in still looks into the keyring, and a renewal that came with the end is drawn meanwhile."""
    async with handing(monkeypatch) as (app, program):
        still = still_of(app)
        still.become(HandedOver())
        await until(lambda: program.running)
        program.end.set()
        await until(lambda: ProgramEnded(0) in still.intents)
        still.become(HandedOver(renewals=1))
        still.become(HandedOver(renewals=2))
        await asyncio.sleep(0.1)
        assert program.runs == 1
        still.become(Welcome("Jane", program=ProgramEnded(0)))
        still.become(HandedOver())
        await until(lambda: program.runs == 2)


async def test_two_states_at_once_start_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with handing(monkeypatch) as (app, program):
        still_of(app).become(HandedOver(checked=False))
        still_of(app).become(HandedOver())
        await until(lambda: program.running)
        await asyncio.sleep(0.1)
        assert program.runs == 1
        still_of(app).become(HandedOver(renewals=1))
        await until(lambda: len(program.tokens) == 2)


async def test_no_other_screen_lies_under_the_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It came while the operator was asked for the PIN; behind it nothing goes on counting, or shows at its end."""
    clock = FakeClock()
    sequence = KeySequence(MAINTENANCE_KEYS, clock.now)
    way_out = Maintenance(sequence, Tries(tmp_path / "maintenance.json", clock.now, "one"), "")
    async with handing(monkeypatch, way_out, clock) as (app, program):
        for key in MAINTENANCE_KEYS.split():
            app.simulate_key(key)
        await until(lambda: app.current_mode == "maintenance")
        still_of(app).become(HandedOver())
        await asyncio.sleep(0.1)
        assert not program.runs
        app.simulate_key("escape")
        await until(lambda: program.running)
        assert app.current_mode == "welcome"
