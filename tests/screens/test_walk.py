"""Every control of every state is reached and left by arrows alone, in few presses, and Back is no trap."""

import asyncio
from itertools import product

import pytest
from textual import events
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.widget import Widget

from kiosk.entry.keys import Act
from kiosk.screens.base import FlowScreen
from kiosk.signin.states import Outcome
from kiosk.widgets.choice import Choice
from kiosk.widgets.keyboard import Keyboard
from kiosk.widgets.movement import Direction
from tests.cells import settled
from tests.screens.stage import app_in, still_of
from tests.screens.test_looks import STATES
from tests.widgets.test_atonce import Sent, comes_right

MOST = 6
"""Presses from any control to any other."""
LIMIT = 60.0
"""Seconds for one of them, on any machine."""

WITH_CHOICES = sorted(set(STATES) - {"resting", "signing-out"})


async def steps_from(pilot: Pilot[Outcome], start: Widget, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many presses each control is away from `start`."""
    screen, went = pilot.app.screen, asyncio.Event()
    assert isinstance(screen, FlowScreen)
    go = screen.action_go

    def gone(direction: Direction) -> None:
        go(direction)
        went.set()

    monkeypatch.setattr(screen, "action_go", gone)
    distance, frontier = {start: 0}, [start]
    while frontier:
        here = frontier.pop(0)
        for arrow in ("up", "down", "left", "right"):
            screen.set_focus(here)
            went.clear()
            pilot.app.post_message(events.Key(arrow, None))
            # `pilot.press` goes by the processor, and a starved process looks idle: the focus would not have moved yet.
            await asyncio.wait_for(went.wait(), LIMIT)
            there = screen.focused
            assert there is not None, f"{arrow} on {here.id} lost the focus"
            if there not in distance:
                distance[there] = distance[here] + 1
                frontier.append(there)
    return {str(widget.id): steps for widget, steps in distance.items()}


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
@pytest.mark.parametrize(
    "name", [name for name in WITH_CHOICES if name.startswith(("wa", "we", "ex", "po", "si", "not"))]
)
async def test_every_control_is_few_presses_from_every_other(
    name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_in(STATES[name])
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        controls = [choice for choice in app.screen.query(Choice) if choice.display]
        if not controls:
            return
        reached = {str(start.id): await steps_from(pilot, start, monkeypatch) for start in controls}
        for start, end in product(controls, controls):
            assert reached[str(start.id)].get(str(end.id), 99) <= MOST, f"{start.id} to {end.id}"


@pytest.mark.parametrize("name", WITH_CHOICES)
async def test_there_is_a_way_out_without_a_back_key(name: str) -> None:
    """67 of 148 shipped remote tables have no Back key."""
    app = app_in(STATES[name])
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = {choice.id for choice in app.screen.query(Choice) if choice.display}
        keys = {key.act for board in app.screen.query(Keyboard) for row in board.board.rows for key in row}
        assert shown & {"cancel", "leave", "continue", "change"} or Act.LEAVE in keys


async def test_the_terminals_cursor_follows_the_focus() -> None:
    app = app_in(STATES["waiting"])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right")
        await settled(pilot)
        focused = app.screen.focused
        assert isinstance(focused, Choice)
        assert focused.id == "again"
        assert app.cursor_position == focused.label_offset


@pytest.mark.parametrize("name", ["waiting", "welcome", "problem", "sending"])
async def test_the_terminal_is_told_where_its_cursor_belongs(name: str) -> None:
    """With the frame that shows the focus, and not with the next one: on many screens none comes."""
    app = app_in(STATES[name])
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        sent = Sent(app)
        for key in ("right", "left", "down", "x", "up"):
            await pilot.press(key)
            await comes_right(pilot, sent)
        still_of(app).become(STATES["expired" if name == "problem" else "problem"])
        await comes_right(pilot, sent)
        await pilot.press("x")
        await comes_right(pilot, sent)
        sent.becomes(100, 30)
        await pilot.resize_terminal(100, 30)
        await comes_right(pilot, sent)


async def test_the_cursors_frame_shows_all_else_that_waits() -> None:
    app = app_in(STATES["welcome"])
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        sent, screen = Sent(app), app.screen
        assert isinstance(screen, FlowScreen)
        for choice in screen.query(Choice):
            choice.label = choice.label.swapcase()
        while not screen._dirty_widgets:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)
        app.cursor_position = Offset(0, 0)
        screen._correct_cursor()
        await comes_right(pilot, sent)
