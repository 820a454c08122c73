"""SIGUSR1 asks for a restart; it comes when nobody is busy."""

import signal
from pathlib import Path

import pytest

from kiosk.signin.intents import Restart, Touch
from kiosk.signin.states import Entering, Outcome, Resting, Waiting
from tests.clock import until
from tests.signin.world import world
from tests.terminal import Terminal


async def test_never_while_somebody_waits_and_at_once_while_resting() -> None:
    async with world(idle=300.0) as it:
        await it.wait()
        await it.want(Restart())
        assert isinstance(it.state, Waiting)
    async with world(idle=300.0) as it:
        await until(lambda: isinstance(it.state, Entering) and not it.state.restoring)
        await it.clock.advance(301)
        await it.see(Resting)
        await it.want(Restart())
        assert await it.outcome() is Outcome.RESTART


async def test_a_box_that_is_not_set_up_restarts() -> None:
    async with world(set_up=False) as it:
        await it.want(Touch())
        await it.want(Restart())
        assert await it.outcome() is Outcome.RESTART


@pytest.mark.parametrize("typed", ["", "jane"])
def test_the_real_app_waits_until_the_field_is_empty(tmp_path: Path, typed: str) -> None:
    with Terminal(["demo"], tmp_path) as it:
        it.see("Type your email or username")
        if typed:
            it.press(typed)
            it.see(typed)
        it.process.send_signal(signal.SIGUSR1)
        if typed:
            for _ in range(60):
                it.read(0.1)
            assert it.process.poll() is None
            it.press(*["backspace"] * len(typed))
        assert it.exit_code(20) == 75
        assert it.restored()
