"""SIGUSR1 asks for a restart; it comes when nobody is busy."""

import signal
from pathlib import Path

import pytest

from kiosk.app import KioskApp
from kiosk.news import News
from kiosk.restarting import LEFT
from kiosk.signin.intents import Restart, SendAgain, Touch
from kiosk.signin.states import Ended, Entering, Outcome, PolicyDue, Problem, Resting, State, Waiting, Welcome
from kiosk.smartlogin import refusals
from tests.cells import settled
from tests.clock import FakeClock, until
from tests.peer import refusal
from tests.screens.stage import JANE, app_in, still_of
from tests.signin.world import KEPT, world
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


async def test_a_home_screen_on_its_welcome_restarts_into_it_again() -> None:
    async with world(kept=KEPT) as it:
        await it.see(Welcome)
        await until(lambda: it.sign_in._stage.search is None)
        await it.want(Restart())
        assert await it.outcome() is Outcome.RESTART
        assert await it.vault.load() == KEPT
        assert not it.peer.asked("invalidate")


async def test_a_session_that_only_this_run_has_is_not_given_up_for_new_settings() -> None:
    for parts in ({"no_keyring": True}, {"shared": True}):
        async with world(**parts) as it:  # type: ignore[arg-type]
            await it.wait()
            await it.click()
            await it.want(Restart())
            assert isinstance(it.state, Welcome)


async def test_an_ended_attempt_is_left_for_new_settings() -> None:
    async with world() as it:
        await it.wait()
        it.peer.will("ping", refusal(1137))
        await it.clock.advance(5)
        await it.see(Ended)
        await it.want(SendAgain())
        await it.see(Waiting)
        it.peer.will("ping", refusal(1137))
        await it.clock.advance(5)
        await it.see(Ended)
        await it.want(Restart())
        assert await it.outcome() is Outcome.RESTART


def wishes(app: KioskApp) -> int:
    return still_of(app).intents.count(Restart())


async def later(app: KioskApp, seconds: float) -> None:
    clock = app.screen.desk.clock  # type: ignore[attr-defined]
    assert isinstance(clock, FakeClock)
    await clock.advance(seconds)
    app._restarting.restart_if_quiet()


@pytest.mark.parametrize(
    "state",
    [Entering(typed="jane"), Welcome("Jane"), Ended(JANE, Problem(refusals.LinkExpired)), PolicyDue(JANE)],
    ids=lambda state: type(state).__name__,
)
async def test_what_somebody_has_begun_holds_it_up_for_a_minute_without_a_key(state: State) -> None:
    app = app_in(state)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app._wish_restart()
        await later(app, LEFT - 1)
        assert wishes(app) == 0
        await pilot.press("left")
        await later(app, LEFT - 1)
        assert wishes(app) == 0
        await later(app, 2)
        assert wishes(app) == 1


@pytest.mark.parametrize("state", [Entering(), Resting()], ids=lambda state: type(state).__name__)
async def test_an_empty_screen_needs_two_quiet_seconds(state: State) -> None:
    app = app_in(state)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        told: list[object] = []
        app.tell = told.append
        app._wish_restart()
        app._wish_restart()
        assert told == [News.RESTART_WISHED]
        await pilot.press("left")
        await later(app, 1.5)
        assert wishes(app) == 0
        await later(app, 0.6)
        assert wishes(app) == 1


def test_a_wish_that_comes_too_early_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, threading\n"
        "if os.environ.get('EARLY'):\n"
        "    def wish():\n"
        "        import time\n"
        "        main = threading.main_thread()\n"
        "        while signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL:\n"
        "            time.sleep(0.001)\n"
        "        os.kill(os.getpid(), signal.SIGUSR1)\n"
        "    threading.Thread(target=wish, daemon=True).start()\n"
    )
    environ = {"EARLY": "1", "PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}"}
    with Terminal(["demo"], tmp_path, environ=environ) as it:
        it.see("Type your email or username")


def test_the_sign_in_by_lines_is_deaf_to_it(tmp_path: Path) -> None:
    with Terminal(["login", "--api-key", "k", "--api-url", "http://127.0.0.1:9"], tmp_path) as it:
        it.see("username")
        it.process.send_signal(signal.SIGUSR1)
        it.press("jane\r")
        it.see("No connection to the sign-in service", limit=30)
        assert it.process.poll() is None
