"""What keys do on the screens, and what the screens send."""

import pytest
from textual.events import Resize
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widgets import Static

from kiosk.app import KioskApp
from kiosk.screens.base import FlowScreen
from kiosk.signin.intents import (
    AcceptPolicy,
    Cancel,
    ChangeAddress,
    Continue,
    Extend,
    Intent,
    Leave,
    PingNow,
    SendAgain,
    SignOut,
    Touch,
    TryAgain,
)
from kiosk.signin.states import (
    Ended,
    Entering,
    NotSetUp,
    Outcome,
    PolicyDue,
    Problem,
    Resting,
    SigningOut,
    State,
    Trouble,
    Waiting,
    Welcome,
)
from kiosk.smartlogin import errors, refusals
from kiosk.widgets.choice import Choice
from tests.cells import settled
from tests.clock import START, FakeClock
from tests.screens.stage import JANE, app_in, still_of
from tests.widgets.test_atonce import Sent, comes_right

WAITING = Waiting(JANE, deadline=START + 872, resend_at=START + 23)
SPENT = Ended(JANE, Problem(refusals.LinkSpent, 1137))
REFUSED = NotSetUp(Problem(refusals.SiteRefused, 1135))


def line(app: KioskApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).content)


def wants(app: KioskApp) -> list[Intent]:
    """What was wanted, beside the word that somebody is there."""
    return [intent for intent in still_of(app).intents if not isinstance(intent, Touch)]


def clock_of(app: KioskApp) -> FakeClock:
    return app.screen.desk.clock  # type: ignore[attr-defined, no-any-return]


async def arrive(pilot: Pilot[Outcome], state: State) -> None:
    app = pilot.app
    assert isinstance(app, KioskApp)
    still_of(app).become(state)
    await settled(pilot)


@pytest.mark.parametrize(
    ("state", "keys", "wanted"),
    [
        (WAITING, ["enter"], [PingNow()]),
        (WAITING, ["space"], [PingNow()]),
        (WAITING, ["ctrl+j"], [PingNow()]),
        (WAITING, ["right", "enter"], [SendAgain()]),
        (WAITING, ["right", "right", "enter"], [Extend()]),
        (WAITING, ["right", "right", "right", "left", "enter"], [SendAgain()]),
        (WAITING, ["right", "down", "enter"], [ChangeAddress()]),
        (WAITING, ["right", "right", "down", "enter"], [Cancel()]),
        (WAITING, ["down", "up", "enter"], [PingNow()]),
        (WAITING, ["down", "enter"], []),
        (WAITING, ["escape"], [ChangeAddress()]),
        (SPENT, ["enter"], [SendAgain()]),
        (SPENT, ["right", "right", "enter"], [Cancel()]),
        (SPENT, ["escape"], [ChangeAddress()]),
        (PolicyDue(JANE), ["enter"], [AcceptPolicy()]),
        (Welcome("Jane"), ["enter"], [Continue()]),
        (Welcome("Jane"), ["right", "enter"], [SignOut()]),
        (Welcome("Jane"), ["escape", "backspace"], []),
        (SigningOut(), ["enter", "escape", "right"], []),
        (NotSetUp(), ["enter"], [Leave()]),
        (REFUSED, ["enter"], [TryAgain()]),
        (REFUSED, ["right", "enter"], [Leave()]),
        (REFUSED, ["escape"], [Leave()]),
    ],
)
async def test_what_the_remotes_keys_want(state: State, keys: list[str], wanted: list[Intent]) -> None:
    app = app_in(state)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await later(app, 1)
        await pilot.press(*keys)
        assert wants(app) == wanted


async def test_a_press_that_was_meant_for_the_waiting_does_not_leave_the_welcome() -> None:
    app = app_in(WAITING)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await arrive(pilot, Welcome("Jane"))
        await pilot.press("enter")
        assert wants(app) == []
        await later(app, 0.8)
        await pilot.press("enter")
        assert wants(app) == [Continue()]


async def later(app: KioskApp, seconds: float) -> None:
    """Time goes by on the desk's clock."""
    screen = app.screen
    assert isinstance(screen, FlowScreen)
    assert isinstance(screen.desk.clock, FakeClock)
    await screen.desk.clock.advance(seconds)


@pytest.mark.parametrize(
    "state", [Entering(), WAITING, SPENT, Welcome("Jane"), REFUSED], ids=lambda s: type(s).__name__
)
async def test_keys_that_mean_nothing_do_nothing(state: State) -> None:
    app = app_in(state)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+q", "ctrl+c", "ctrl+p", "ctrl+z", "f12", "ctrl+backslash", "tab", "shift+tab", "pageup")
        assert app.is_running
        assert wants(app) == []


async def test_the_countdown_is_drawn_from_the_deadline() -> None:
    app = app_in(WAITING)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        countdown = app.screen.query_one("#countdown")
        assert str(countdown.render()).startswith("14:32")
        await clock_of(app).advance(802)  # a stall of many missed ticks
        assert str(countdown.render()).startswith(" 1:10")
        await clock_of(app).advance(100)
        assert str(countdown.render()).startswith(" 0:00")


async def test_the_button_says_from_when_on_another_link_can_be_had() -> None:
    app = app_in(WAITING)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        again = app.screen.query_one("#again", Choice)
        assert again.label == "Send again (in 23 s)"
        await clock_of(app).advance(23)
        await arrive(pilot, Waiting(JANE, START + 872, START + 23, resent=True))
        assert again.label == "Send again"


async def test_trouble_says_what_fails_and_when_it_is_tried_again() -> None:
    app = app_in(WAITING)
    async with app.run_test(size=(80, 24)) as pilot:
        trouble = Trouble(Problem(errors.NameNotFound), START + 9.5)
        await arrive(pilot, Waiting(JANE, START + 872, START + 23, trouble))
        assert line(app, "#status") == "The sign-in service cannot be found. Trying again in 10 s."
        await arrive(pilot, WAITING)
        assert line(app, "#status") == "Waiting for you to open the link"


async def test_the_focus_stays_where_it_was_when_the_state_changes_a_little() -> None:
    app = app_in(WAITING)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right")
        await arrive(pilot, Waiting(JANE, START + 872, START + 23, Trouble(Problem(errors.TimedOut), START + 5)))
        assert app.screen.focused is app.screen.query_one("#again")


async def test_screens_are_built_once() -> None:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        seen = set()
        for _ in range(5):
            for state in (Entering(), WAITING, SPENT, Welcome("Jane")):
                await arrive(pilot, state)
                seen.add(id(app.screen))
        assert len(seen) == 4


async def test_a_state_that_is_overtaken_is_not_drawn_late() -> None:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        still_of(app).become(WAITING)
        still_of(app).become(Welcome("Jane"))
        await settled(pilot)
        assert line(app, "#greeting") == "Welcome, Jane"


async def test_the_address_is_masked_once_the_mail_is_out() -> None:
    app = app_in(WAITING)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "j•••@example.com" in line(app, "#sent")
        assert "jane.doe" not in app.export_screenshot()


async def test_one_press_reveals_the_address_for_a_few_seconds() -> None:
    app = app_in(WAITING)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "enter")
        assert "jane.doe@example.com" in line(app, "#sent")
        await clock_of(app).advance(5)
        await arrive(pilot, Waiting(JANE, START + 872, START + 23, resent=True))
        assert "jane.doe" not in line(app, "#sent")


async def test_twenty_seconds_before_the_end_one_press_wins_more_time() -> None:
    app = app_in(WAITING)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await clock_of(app).advance(852)
        await arrive(pilot, Waiting(JANE, START + 872, START + 23, resent=True))
        assert "Not much time left" in line(app, "#status")
        await pilot.press("enter")
        assert wants(app) == [Extend()]


async def test_every_key_says_that_somebody_is_there() -> None:
    app = app_in(Resting())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("x", "enter", "f5", "escape")
        assert still_of(app).intents == [Touch()] * 4


async def test_the_resting_line_wanders() -> None:
    app = app_in(Resting())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        screen = app.screen
        places = set()
        for _ in range(12):
            places.add(screen.query_one("#wanderer").region.offset)
            screen._wander()  # type: ignore[attr-defined]
            await settled(pilot)
        assert len(places) == 12
        assert all(screen.region.contains_point(place) for place in places)


@pytest.mark.parametrize("size", [(10, 3), (40, 12), (80, 24), (240, 67)])
async def test_no_size_breaks_it(size: tuple[int, int]) -> None:
    app = app_in(Entering())
    async with app.run_test(size=size) as pilot:
        for state in (Entering(), WAITING, SPENT, Welcome("Jane"), REFUSED, Resting()):
            await arrive(pilot, state)
            await pilot.resize_terminal(*reversed(size))
            await pilot.resize_terminal(*size)
        assert app.is_running


async def test_nothing_of_the_last_person_stays_on_any_screen_even_unseen() -> None:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        for state in (WAITING, SPENT, Welcome("Jane"), SigningOut(), Entering(), Resting()):
            await arrive(pilot, state)
        stacks = [screen for stack in app._screen_stacks.values() for screen in stack]
        assert len(stacks) == 5
        texts = " ".join(str(static.content) for screen in stacks for static in screen.query(Static))
        assert "Jane" not in texts
        assert "j•••" not in texts


async def test_who_waits_next_for_the_same_address_begins_afresh() -> None:
    app = app_in(WAITING)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "enter")
        await arrive(pilot, Entering(typed="jane.doe@example.com"))
        await arrive(pilot, WAITING)
        assert app.screen.focused is app.screen.query_one("#opened")
        assert "jane.doe" not in line(app, "#sent")


async def test_the_warning_is_seen_while_offline_too() -> None:
    app = app_in(Waiting(JANE, START + 10, START + 23, Trouble(Problem(errors.Unreachable), START + 20)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "No connection" in line(app, "#status")
        assert "Press OK for more" in line(app, "#status")


async def test_a_size_that_was_another_for_a_moment_leaves_a_whole_picture() -> None:
    """What a terminal does with its cells meanwhile nobody knows, and Textual hears of the last size only."""
    app = app_in(SPENT)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        sent = Sent(app)
        for columns, lines in ((60, 15), (80, 24)):
            sent.becomes(columns, lines)
            app.post_message(Resize(Size(columns, lines), Size(columns, lines)))
        await comes_right(pilot, sent)
