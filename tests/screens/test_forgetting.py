"""Forgetting costs nobody anything: each screen paints as it did before, and soon."""

import gc
from typing import Any, cast

from rich.cells import cached_cell_len
from textual.pilot import Pilot

from kiosk.app import KioskApp
from kiosk.forgetting import _CACHE, _LIBRARIES, _caches, forget
from kiosk.screens.entry import EntryScreen
from kiosk.signin.intents import Intent, Touch
from kiosk.signin.states import Entering, Resting, State, Waiting
from kiosk.widgets.bignumber import BigNumber
from tests.clock import START
from tests.screens.stage import JANE, Still, app_in

STATES: tuple[State, ...] = (
    Entering(),
    Waiting(JANE, START + 900, START + 30, numbers=("47",)),
    Resting(),
)


def painted(app: KioskApp) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


async def settle(pilot: Pilot[Any]) -> None:
    """Until all is laid out."""
    for _ in range(5):
        await pilot.pause()


async def test_screens_paint_the_same_after_it() -> None:
    app = app_in(STATES[0])
    still = cast(Still, app._sign_in)
    async with app.run_test(size=(80, 24)) as pilot:
        first: dict[State, list[str]] = {}
        for again in (False, True):
            for state in STATES:
                still.become(state)
                await settle(pilot)
                if again:
                    forget(app)
                    assert painted(app) == first[state], "repainted from nothing"
                    app.screen.refresh()
                    await settle(pilot)
                    assert painted(app) == first[state]
                else:
                    first[state] = painted(app)


async def test_a_hidden_screen_has_no_digits_left() -> None:
    app = app_in(STATES[1])
    still = cast(Still, app._sign_in)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        number = app.screen.query_one(BigNumber)
        assert "██" in str(number.render())
        still.become(Entering())
        await pilot.pause()
        assert not str(number.render()).strip()


async def test_all_caches_are_found() -> None:
    app = app_in(STATES[1])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        there = {each for each in gc.get_objects() if isinstance(each, _CACHE)}
        theirs = {each for each in there if each.__module__.partition(".")[0] in _LIBRARIES}
        assert theirs <= set(_caches())
        assert cached_cell_len in theirs
        forget(app)
        assert not cached_cell_len.cache_info().currsize


async def test_the_key_that_wakes_a_resting_screen_does_nothing_else() -> None:
    """Found by `tests/forgetting`: OK typed the letter that has the focus, once the entry had come."""
    app = app_in(Resting())
    still = cast(Still, app._sign_in)

    def wake(intent: Intent) -> None:
        if isinstance(intent, Touch):
            still.become(Entering())

    app._sign_in.send = wake  # type: ignore[method-assign]
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("enter", "down", "x", "f1"):
            still.become(Resting())
            await settle(pilot)
            await pilot.press(key)
            await settle(pilot)
            assert isinstance(app.screen, EntryScreen)
            board = app.screen.keyboard.board
            assert (board.line.text, board.key.text) == ("", "k"), key
