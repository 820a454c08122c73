"""The operator's way out of a locked screen: the sequence, the PIN, and how often it may be tried."""

import gc
import json
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from kiosk.app import KioskApp
from kiosk.exits import MAINTENANCE
from kiosk.lockdown.keys import WITHIN, KeySequence, check_keys
from kiosk.lockdown.maintenance import Maintenance
from kiosk.lockdown.pin import check_pin_hash, hashed, is_pin, is_right
from kiosk.lockdown.tries import FIRST_PAUSE, FREE, LONGEST_PAUSE, Tries
from kiosk.settings.table import MAINTENANCE_KEYS
from kiosk.signin.intents import Leave, Touch
from kiosk.signin.states import Ended, Entering, Outcome, Problem, State, Welcome
from kiosk.smartlogin import refusals
from tests.cells import settled
from tests.clock import FakeClock, until
from tests.screens.stage import JANE, app_in, still_of
from tests.screens.test_looks import STATES, Compare

PIN = b"904713"
HASH = hashed(PIN, b"0123456789abcdef")
ARROWS = MAINTENANCE_KEYS.split()


def press(sequence: KeySequence, *keys: str) -> list[bool]:
    return [sequence.completed_by(key) for key in keys]


def test_the_sequence_is_known_by_its_last_key() -> None:
    sequence = KeySequence(MAINTENANCE_KEYS, FakeClock().now)
    assert press(sequence, "left", "x", "left", *ARROWS) == [False] * (2 + len(ARROWS)) + [True]
    assert press(sequence, ARROWS[-1]) == [False]
    assert press(sequence, *ARROWS)[-1]


async def test_pressed_too_slowly_it_is_none() -> None:
    clock = FakeClock()
    sequence = KeySequence(MAINTENANCE_KEYS, clock.now)
    press(sequence, *ARROWS[:-1])
    await clock.advance(WITHIN + 1)
    assert press(sequence, ARROWS[-1]) == [False]


def test_ok_and_back_have_many_names() -> None:
    sequence = KeySequence(check_keys("OK, back ok back ok back up ok red 5"), FakeClock().now)
    assert press(sequence, "enter", "escape", "ctrl+j", "backspace", "space", "escape", "up", "enter", "f1", "5")[-1]


@pytest.mark.parametrize("text", ["", "up down", "up " * 20, "up down " * 8, "up down f13 " * 5, "up down ok " * 20])
def test_what_could_be_pressed_by_chance_or_never_is_no_sequence(text: str) -> None:
    with pytest.raises(ValueError, match="must be 10 to 32 keys"):
        check_keys(text)


def test_a_pin_and_its_hash() -> None:
    assert is_right(PIN, HASH)
    assert not is_right(b"904714", HASH)
    assert PIN.decode() not in HASH
    assert hashed(PIN, b"another salt 16b") != HASH
    assert check_pin_hash(HASH) == HASH
    assert [is_pin(each) for each in (b"12345", b"123456", b"1" * 12, b"1" * 13, b"12345a")] == [
        False,
        True,
        True,
        False,
        False,
    ]
    for wrong in ("904713", HASH[:-2], HASH.replace("$14$", "$30$")):
        with pytest.raises(ValueError, match="kiosk pin"):
            check_pin_hash(wrong)


def tries(path: Path | None, clock: FakeClock, boot: str = "one") -> Tries:
    return Tries(path, clock.now, boot)


async def test_after_five_the_pauses_grow(tmp_path: Path) -> None:
    clock = FakeClock()
    it = tries(tmp_path / "state" / "maintenance.json", clock)
    waits = []
    for _ in range(11):
        await clock.advance(it.wait())
        it.count()
        waits.append(it.wait())
    assert waits == [0, 0, 0, 0, FIRST_PAUSE, 120, 240, 480, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
    it.forgive()
    assert it.wait() == 0


async def test_neither_a_restart_nor_another_boot_shortens_them(tmp_path: Path) -> None:
    clock, path = FakeClock(), tmp_path / "maintenance.json"
    it = tries(path, clock)
    for _ in range(FREE):
        it.count()
    await clock.advance(20)
    assert tries(path, clock).wait() == FIRST_PAUSE - 20
    booted = FakeClock()
    booted._now = 7.0
    assert tries(path, booted, "two").wait() == FIRST_PAUSE - 7
    assert set(json.loads(path.read_text())) == {"wrong", "at", "boot"}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"wrong": "x"}', '{"wrong": 0}', '{"wrong": 1e999, "at": 0, "boot": ""}']
)
def test_a_torn_tally_is_taken_for_five(text: str, tmp_path: Path) -> None:
    path = tmp_path / "maintenance.json"
    path.write_text(text)
    assert tries(path, FakeClock()).wait() == FIRST_PAUSE


@pytest.mark.parametrize("at", ["Infinity", "1e300", "-5", "NaN"])
def test_no_tally_makes_the_operator_wait_for_ever(at: str, tmp_path: Path) -> None:
    path = tmp_path / "maintenance.json"
    path.write_text(f'{{"wrong": {FREE}, "at": {at}, "boot": "one"}}')
    assert tries(path, FakeClock()).wait() <= FIRST_PAUSE


def test_where_nothing_can_be_kept_every_run_begins_with_a_pause(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert tries(tmp_path / "file" / "maintenance.json", FakeClock()).wait() == FIRST_PAUSE
    assert tries(None, FakeClock()).wait() == FIRST_PAUSE


def locked_app(state: State, tmp_path: Path, **options: Any) -> KioskApp:
    clock = FakeClock()
    way_out = Maintenance(KeySequence(MAINTENANCE_KEYS, clock.now), tries(tmp_path / "maintenance.json", clock), HASH)
    return app_in(state, locked=True, maintenance=way_out, clock=clock, **options)


def line(app: KioskApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).content)


async def ask(pilot: Pilot[Outcome]) -> KioskApp:
    app = pilot.app
    assert isinstance(app, KioskApp)
    await settled(pilot)
    await pilot.press(*ARROWS)
    await until(lambda: app.current_mode == "maintenance")
    await settled(pilot)
    return app


@pytest.mark.parametrize("name", STATES)
async def test_from_every_state_there_and_back(name: str, tmp_path: Path) -> None:
    app = locked_app(STATES[name], tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        before = app.current_mode
        await ask(pilot)
        still_of(app).intents.clear()
        await pilot.press("5", "escape", "escape")
        await until(lambda: app.current_mode == before)
        assert still_of(app).intents == []


async def test_what_was_typed_is_still_there_afterwards(tmp_path: Path) -> None:
    app = locked_app(Entering(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"jane", "up")
        await ask(pilot)
        await pilot.press("escape")
        await until(lambda: app.current_mode == "entry")
        assert app.screen.keyboard.board.line.text == "jane"  # type: ignore[attr-defined]


async def test_what_went_on_meanwhile_is_drawn_and_the_person_before_forgotten(tmp_path: Path) -> None:
    app = locked_app(Welcome("Jane"), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        still_of(app).become(Ended(JANE, Problem(refusals.LinkExpired)))
        await settled(pilot)
        assert app.current_mode == "maintenance"
        await pilot.press("escape")
        await until(lambda: app.current_mode == "ended")
        greetings = [
            each for screen in app._installed_screens.values() for each in ([] if callable(screen) else [screen])
        ]
        assert "Jane" not in str(greetings)
        for stack in app._screen_stacks.values():
            for screen in stack:
                assert all("Jane" not in str(static.content) for static in screen.query(Static))


async def test_the_right_pin_with_arrows_and_ok_alone(tmp_path: Path) -> None:
    app = locked_app(Entering(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        ways = {"9": ["down", "right"], "0": ["left", "down"], "4": ["up", "up", "left"], "7": ["down"],
                "1": ["up", "up"], "3": ["right", "right"]}  # fmt: skip
        for digit in PIN.decode():
            await pilot.press(*ways[digit], "enter")
        assert line(app, "#dots") == "• • • • • •"
        await pilot.press("down", "down", "down", "enter")
        await until(lambda: app.return_code == MAINTENANCE)
    assert json.loads((tmp_path / "maintenance.json").read_text())["wrong"] == 0


async def test_a_wrong_pin_says_so_and_five_close_the_pad(tmp_path: Path) -> None:
    app = locked_app(Entering(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        app.screen.set_focus(app.screen.query_one("#continue"))
        for number in range(1, FREE + 1):
            await pilot.press(*"111111", "enter")
            assert line(app, "#dots") == "_"
            wanted = "This PIN is wrong." if number < FREE else "Too many wrong PINs. Try again in 60 s."
            await until(lambda wanted=wanted: line(app, "#message") == wanted)  # type: ignore[misc]
        await pilot.press(*PIN.decode(), "enter")
        assert line(app, "#dots") == "_"
        assert app.return_code is None or not app.return_code
        assert app.is_running


async def test_it_closes_by_itself_and_nothing_of_the_pin_is_left(tmp_path: Path) -> None:
    app = locked_app(Entering(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot)
        await pilot.press(*"80421975")
        clock = app.screen.desk.clock  # type: ignore[attr-defined]
        await clock.advance(21)
        await until(lambda: app.current_mode == "entry")
        found = [each for each in gc.get_objects() if isinstance(each, bytearray) and b"80421975" in each]
        assert not found
        assert not any(each for each in gc.get_objects() if _holds(each, "80421975"))


def _holds(each: object, text: str) -> bool:
    """Whether a collection has this text in it. Nothing else is compared: a snapshot would take it for a failure."""
    return isinstance(each, (list, dict)) and any(type(part) is str and part == text for part in tuple(each))


async def test_without_a_pin_there_is_no_such_door() -> None:
    app = app_in(Entering(), locked=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*ARROWS)
        await settled(pilot)
        assert app.current_mode == "entry"
        assert set(map(type, still_of(app).intents)) == {Touch}
        assert Leave() not in still_of(app).intents


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast", "console"])
def test_looks(theme: str, snap_compare: Compare, tmp_path: Path) -> None:
    app = locked_app(Entering(), tmp_path, theme=theme)
    assert snap_compare(app, terminal_size=(80, 24), press=[*ARROWS, "1", "2", "3"])


def test_looks_small(snap_compare: Compare, tmp_path: Path) -> None:
    assert snap_compare(locked_app(Entering(), tmp_path), terminal_size=(40, 12), press=ARROWS)
