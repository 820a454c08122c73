"""A locked app: nothing at the screen ends it, suspends it, or has it write, start or copy anything."""

import itertools
import os
import signal
import subprocess
import webbrowser
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.keys import Keys

from kiosk.settings.loading import SettingsError, load_settings
from kiosk.signin.intents import Continue, Leave
from kiosk.signin.states import Entering, HandedOver, NotSetUp, Welcome
from kiosk.widgets.choice import Choice
from kiosk.widgets.keyboard import Keyboard
from tests.cells import settled
from tests.screens.stage import app_in, still_of
from tests.screens.test_looks import STATES, Compare
from tests.signin.world import world
from tests.terminal import Terminal

MODIFIERS = ("ctrl", "alt", "shift", "super", "ctrl+shift", "ctrl+alt", "meta", "hyper")
NAMES = sorted({str(key.value) for key in Keys} | {*"abcdefghijklmnopqrstuvwxyz0123456789", "question_mark", "slash"})
ALL_KEYS = (*NAMES, *(f"{modifier}+{name}" for modifier, name in itertools.product(MODIFIERS, NAMES)))
BOX = {"KIOSK_API_KEY": "key", "KIOSK_API_URL": "http://127.0.0.1:9", "KIOSK_KEYRING": "off"}


@pytest.mark.parametrize("word", ["true", "Yes", "on", "1"])
def test_locked_by_variable(word: str) -> None:
    assert load_settings({}, {"KIOSK_LOCKED": word}, None).on("locked")


def test_the_flag_can_only_lock() -> None:
    assert not load_settings({}, {}, None).on("locked")
    assert load_settings({"locked": "true"}, {"KIOSK_LOCKED": "no"}, None).on("locked")
    with pytest.raises(SettingsError, match="must be true or false"):
        load_settings({}, {"KIOSK_LOCKED": "maybe"}, None)


async def test_the_flow_itself_refuses_to_end() -> None:
    async with world(locked=True) as it:
        await it.want(Leave())
        await it.see(Entering)
        await it.wait()
        await it.click()
        await it.want(Continue())
        await it.want(Leave())
        assert isinstance(it.state, Welcome)
        assert it.flow is not None
        assert not it.flow.done()


async def test_it_goes_on_to_the_operators_program_alone() -> None:
    async with world(locked=True, hands_over=True) as it:
        await it.wait()
        await it.click()
        await it.want(Leave())
        await it.want(Continue())
        assert isinstance(it.state, HandedOver)


@pytest.mark.parametrize("name", STATES)
async def test_no_way_out_is_offered_or_spoken_of(name: str) -> None:
    app = app_in(STATES[name], locked=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = {choice.id for choice in app.screen.query(Choice) if choice.display}
        assert not shown & {"leave", "continue"}
        drawn = "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())
        assert "eave" not in drawn
        assert shown or app.screen.query(Keyboard) or name in {"resting", "signing-out", "not-set-up"}


@pytest.mark.parametrize("name", STATES)
async def test_every_key_that_textual_knows(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every modifier, on every state."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("HOME", str(home))

    def forbidden(*_args: Any, **_options: Any) -> Any:
        raise AssertionError("something was started")

    for holder, door in ((subprocess, "Popen"), (os, "system"), (os, "posix_spawn"), (webbrowser, "open")):
        monkeypatch.setattr(holder, door, forbidden)
    app = app_in(STATES[name], locked=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        written: list[str] = []
        driver = app._driver
        assert driver is not None
        monkeypatch.setattr(driver, "write", written.append)
        mode = app.current_mode
        for key in ALL_KEYS:
            character = key if len(key) == 1 else None
            app.post_message(events.Key(key, character))
        app.post_message(events.Paste("[@click=app.quit]x[/]"))
        await settled(pilot)
        assert app.is_running
        assert app.current_mode == mode
        assert len(app.screen_stack) == 1
        assert not any("\x1b]52" in text for text in written)
        assert Continue() not in still_of(app).intents
    assert list(home.rglob("*")) == []


@pytest.mark.parametrize(
    "action",
    ["app.quit", "app.suspend_process", "app.screenshot", "app.command_palette", "app.show_help_panel", "app.help_quit",
     "app.toggle_dark", "app.switch_mode('welcome')", "app.pop_screen", "app.simulate_key('x')", "screen.maximize",
     "screen.copy_text", "screen.dismiss", "screen.blur"],
)  # fmt: skip
async def test_no_door_of_textual_opens(action: str) -> None:
    app = app_in(Entering(), locked=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert not await app.run_action(action)
        assert app.current_mode == "entry"


async def test_a_locked_box_that_is_not_set_up_says_so_and_stays() -> None:
    app = app_in(NotSetUp(), locked=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "escape", "left", "right")
        assert app.is_running


@pytest.mark.parametrize("command", [["--locked"], ["run", "--locked"], ["demo", "--locked"]])
def test_neither_keys_nor_signals_of_the_terminal_end_it(command: list[str], tmp_path: Path) -> None:
    with Terminal(command, tmp_path, environ=BOX) as it:
        it.see("Type your email or username")
        it.press("escape", "\x03", "\x1a", "\x1c", "\x11", "\x04", "\x10")
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP):
            it.process.send_signal(number)
        it.press("jane")
        it.see("jane")
        assert "leave" not in it.text.lower()
        it.process.send_signal(signal.SIGTERM)
        assert it.exit_code() == 143
        assert it.restored()


def test_a_hang_up_ends_it(tmp_path: Path) -> None:
    with Terminal(["--locked"], tmp_path, environ=BOX) as it:
        it.see("Type your email or username")
        it.hang_up()
        assert it.exit_code() == 129


def test_no_python_prompt_follows(tmp_path: Path) -> None:
    """Taken out of the environment after the start it still would: Python has read it by then."""
    with Terminal(["--locked"], tmp_path, environ={**BOX, "PYTHONINSPECT": "1"}) as it:
        it.see("Type your email or username")
        it.process.send_signal(signal.SIGTERM)
        assert it.exit_code() == 143
        assert b">>>" not in it.raw


@pytest.mark.parametrize("name", ["entering", "welcome", "not-set-up", "site-refused"])
def test_looks(name: str, snap_compare: Compare) -> None:
    assert snap_compare(app_in(STATES[name], locked=True), terminal_size=(80, 24))
