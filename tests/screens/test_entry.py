"""The entry screen under the keys of a remote."""

import time
from collections.abc import Sequence

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from kiosk.app import KioskApp
from kiosk.entry.habits import Habits
from kiosk.entry.keys import Act
from kiosk.screens.entry import EntryScreen
from kiosk.signin.intents import Cancel, Intent, Leave, Submit, Touch
from kiosk.signin.states import Entering, Outcome, Problem, Resting, Sending, State
from kiosk.smartlogin import refusals
from kiosk.smartlogin.models import Identifier, IdentifierKind
from tests.screens.stage import JANE, app_in, still_of


def screen_of(app: KioskApp) -> EntryScreen:
    assert isinstance(app.screen, EntryScreen)
    return app.screen


def wants(app: KioskApp) -> list[Intent]:
    return [intent for intent in still_of(app).intents if not isinstance(intent, Touch)]


def message(app: KioskApp) -> str:
    return str(app.screen.query_one("#message", Static).content)


async def press(pilot: Pilot[Outcome], keys: str | Sequence[str]) -> None:
    await pilot.press(*(keys.split() if isinstance(keys, str) else keys))
    await pilot.pause()


async def become(pilot: Pilot[Outcome], state: State) -> None:
    assert isinstance(pilot.app, KioskApp)
    still_of(pilot.app).become(state)
    await pilot.pause()


async def test_an_address_by_arrows_and_ok() -> None:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "left enter up left left enter")  # j a
        assert screen_of(app).field.value == "ja"
        await press(pilot, "up enter")
        assert screen_of(app).field.value == "ja@gmail.com"
        await press(pilot, "enter")
        assert wants(app) == [Submit("ja@gmail.com")]


async def test_mending_in_the_middle_by_arrows_and_ok() -> None:
    app = app_in(Entering(typed="jone"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "down down right right right right right")
        assert screen_of(app).keyboard.board.key.act is Act.RIGHT
        await press(pilot, "left enter enter")
        assert screen_of(app).keyboard.board.line.caret == 2
        await press(pilot, "escape")
        await press(pilot, "a")
        assert screen_of(app).field.value == "jane"


async def test_a_real_keyboard_and_its_enter() -> None:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, [*"jane", "at", *"example", "full_stop", *"org", "enter"])
        assert wants(app) == [Submit("jane@example.org")]
        assert screen_of(app).field.has_class("-typing")


async def test_the_question_is_asked_in_words() -> None:
    app = app_in(Entering(typed="jane@gmial.com"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "f2")
        assert message(app) == "Did you mean @gmail.com?"
        assert wants(app) == []
        await press(pilot, "escape")
        assert "Did you mean" not in message(app)
        await press(pilot, "f2 right enter")
        assert wants(app) == [Submit("jane@gmial.com")]


async def test_back_deletes_then_leaves() -> None:
    app = app_in(Entering(typed="j"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await press(pilot, "escape escape escape")
        assert screen_of(app).field.value == ""
        assert wants(app) == [], "a key that is held down deletes, and leaves nothing else behind"
        await press(pilot, "backspace backspace")
        assert wants(app) == []
        await screen_of(app).desk.clock.advance(1)  # type: ignore[attr-defined]
        await press(pilot, "escape")
        assert wants(app) == [Leave()]


async def test_leaving_by_arrows_and_ok() -> None:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "up left left left left enter")
        assert wants(app) == [Leave()]


@pytest.mark.parametrize("key", ["enter", "escape", "space"])
async def test_sending_is_called_off(key: str) -> None:
    app = app_in(Entering(typed="jane"))
    async with app.run_test(size=(80, 24)) as pilot:
        await become(pilot, Sending(JANE))
        assert message(app) == "Sending the link..."
        await press(pilot, ["x", "left", "f4", "f2", key])
        assert wants(app) == [Cancel()]


async def test_after_a_refusal_one_mends_where_one_was() -> None:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter f4")
        await become(pilot, Sending(Identifier(IdentifierKind.EMAIL, "k@gmail.com")))
        await become(pilot, Entering(typed="k@gmail.com", problem=Problem(refusals.IdentifierUnknown, 1023)))
        screen = screen_of(app)
        assert screen.has_class("-problem")
        assert screen.keyboard.has_focus
        assert (screen.field.value, screen.keyboard.board.key.act) == ("k@gmail.com", Act.CONTINUE)


async def test_that_nothing_is_typed_is_said_until_something_is() -> None:
    app = app_in(Entering(problem=Problem(refusals.IdentifierMissing)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert message(app) == "Type your email or username first."
        assert screen_of(app).has_class("-problem")
        await press(pilot, "enter")
        assert message(app) == "Type your email or username. We will send you a link."
        assert not screen_of(app).has_class("-problem")


@pytest.mark.parametrize(
    "problem", [Problem(refusals.IdentifierMissing, 1032), Problem(refusals.IdentifierUnknown, 1023)]
)
async def test_what_the_service_says_of_an_address_stands_while_it_does(problem: Problem) -> None:
    app = app_in(Entering(typed="jane", problem=problem))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        said = message(app)
        assert "link" not in said
        await press(pilot, "left")
        assert message(app) == said


async def test_who_comes_next_finds_an_empty_field_and_the_chosen_layout() -> None:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter f3")
        await become(pilot, Resting())
        await become(pilot, Entering())
        screen = screen_of(app)
        assert screen.field.value == ""
        assert screen.keyboard.board.layout.name == "qwerty"


async def test_a_look_for_the_last_sign_in_does_not_disturb_typing() -> None:
    app = app_in(Entering(restoring=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter right")
        await become(pilot, Entering())
        screen = screen_of(app)
        assert (screen.field.value, screen.keyboard.board.key.text) == ("k", "l")


async def test_the_hints_name_what_the_colour_keys_do() -> None:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert [hint.words for hint in screen_of(app).hints.hints if hint.colour] == ["delete", "continue", "QWERTY"]
        await press(pilot, "enter")
        assert str(screen_of(app).hints.render()).count("■") == 4
        assert "■ @gmail.com" in str(screen_of(app).hints.render())


async def test_ten_thousand_keys_in_a_burst() -> None:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen = screen_of(app)
        keys = ["right", "down", "enter", "f4", "left", "x", "5", "f3", "backspace", "up"]
        start = time.monotonic()
        for _ in range(1000):
            for key in keys:
                app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert time.monotonic() - start < 60
        await press(pilot, [])
        assert 0 < len(screen.field.value) <= 400
        assert screen.field.value == screen.keyboard.board.line.text


@pytest.mark.parametrize("size", [(10, 3), (1, 1), (40, 12), (240, 67)])
async def test_any_terminal(size: tuple[int, int]) -> None:
    app = app_in(Entering())
    async with app.run_test(size=size) as pilot:
        await press(pilot, "enter up right f4")
        for width, height in [(10, 3), (80, 24), (1, 1), (160, 45), (40, 12)] * 3:
            await pilot.resize_terminal(width, height)
        await press(pilot, "f2")
        assert isinstance(wants(app)[-1], Submit)


async def test_a_long_address_shows_its_end_while_it_is_typed() -> None:
    app = app_in(Entering(typed="x" * 100 + "@example.org"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = screen_of(app).field.render_line(0).text
        assert shown.rstrip().endswith("@example.org")
        assert screen_of(app).field.caret_offset.x < 76
        await press(pilot, "x home")
        assert screen_of(app).field.render_line(0).text.rstrip().endswith("xxx")


async def test_how_one_types_is_remembered_where_the_screen_has_an_owner() -> None:
    kept: list[Habits] = []
    app = app_in(Entering(), remember=kept.append)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "f3 enter f4 f2")
        await become(pilot, Resting())
        await become(pilot, Entering())
        await press(pilot, [*"jane", "at", *"web", "full_stop", *"de", "enter"])
        assert kept == [Habits("qwerty", ("gmail.com",)), Habits("qwerty", ("web.de", "gmail.com"))]
        await become(pilot, Resting())
        await become(pilot, Entering())
        await press(pilot, "x")
        assert screen_of(app).keyboard.board.top[0].text == "@web.de"
