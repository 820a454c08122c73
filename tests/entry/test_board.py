"""What each press makes of the entry."""

import random
from collections.abc import Callable
from functools import reduce

import pytest

from kiosk.entry.board import HELD, Board, Direction, Step, Wish
from kiosk.entry.domains import Domains
from kiosk.entry.keys import Act
from kiosk.entry.layouts import LAYOUTS
from kiosk.entry.line import ROOM, Line
from kiosk.entry.taps import PAUSE
from kiosk.values import replace

ARROWS: tuple[Direction, ...] = ("up", "down", "left", "right")


def board(layout: str = "abc", typed: str = "") -> Board:
    return Board.fresh(LAYOUTS[layout], Domains(), typed)


def on(board: Board, act: Act, text: str = "") -> Board:
    """The board with the focus on a key."""
    for number, row in enumerate(board.rows):
        for index, key in enumerate(row):
            if key.act is act and key.text == text:
                return board.at(number, index)
    raise AssertionError(f"no key {act} {text}")


def press(board: Board, act: Act, text: str = "") -> Step:
    return on(board, act, text).press(0.0)


def walk(board: Board, *arrows: Direction) -> Board:
    return reduce(Board.move, arrows, board)


def taps(board: Board, digits: str, every: float = 0.2) -> Board:
    now = 0.0
    for digit in digits:
        board = board.digit(digit, now) if digit != " " else board
        now += PAUSE + 0.1 if digit == " " else every
    return board


# Moving.


def test_the_focus_begins_in_the_middle() -> None:
    assert board().key.text == "k"
    assert board("qwerty").key.text == "g"
    assert board("phone").key.text == "5"


@pytest.mark.parametrize(
    ("start", "arrows", "end"),
    [
        ("a", ["right"], "b"),
        ("b", ["left"], "a"),
        ("a", ["down"], "h"),
        ("8", ["up"], "1"),
        ("a", ["up"], "8"),
        ("8", ["down"], "a"),
        ("g", ["up", "up"], "7"),
    ],
)
def test_the_arrows_move_over_the_grid_and_around_it(start: str, arrows: list[Direction], end: str) -> None:
    assert walk(on(board(), Act.TYPE, start), *arrows).key.text == end


def test_off_the_left_edge_lie_the_words() -> None:
    assert walk(on(board(), Act.TYPE, "a"), "left").key.act is Act.LEAVE
    assert walk(on(board(), Act.TYPE, "8"), "left").key.act is Act.CONTINUE
    assert walk(on(board(), Act.CONTINUE), "right").key.text == "8"


def test_without_completions_the_ring_has_no_gap() -> None:
    assert board().top == ()
    assert walk(on(board(), Act.TYPE, "a"), "up", "down").key.text == "a"


def test_the_completions_lie_between_the_last_row_and_the_first() -> None:
    typing = board(typed="j")
    assert walk(on(typing, Act.TYPE, "a"), "up").key.text == "@gmail.com"
    assert walk(on(typing, Act.TYPE, "8"), "down").key.text == "@gmail.com"
    assert walk(on(typing, Act.TYPE, "g"), "up").key.text == "@outlook.com"
    assert walk(on(typing, Act.LEAVE), "up").key.text == "@icloud.com"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("typed", ["", "jane"])
def test_coming_back_returns_to_where_one_was(layout: str, typed: str) -> None:
    opposite: dict[Direction, Direction] = {"up": "down", "down": "up", "left": "right", "right": "left"}
    start = board(layout, typed)
    for number, row in enumerate(start.rows):
        for index in range(len(row)):
            here = start.at(number, index)
            for arrow in ARROWS:
                assert walk(here, arrow, opposite[arrow]) == here, f"{here.key} {arrow}"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_any_way_up_and_down_returns_as_well(layout: str) -> None:
    here = board(layout, "jane").at(1, 4 if layout != "phone" else 2)
    for steps in range(8):
        there = reduce(lambda at, _: at.move("up"), range(steps), here)
        assert reduce(lambda at, _: at.move("down"), range(steps), there) == here


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("more", [False, True])
def test_every_key_is_reached_by_arrows(layout: str, more: bool) -> None:
    start = board(layout, "jane")
    start = press(start, Act.MORE).board if more else start
    seen, line = {start}, [start]
    while line:
        here = line.pop()
        for arrow in ARROWS:
            if (there := here.move(arrow)) not in seen:
                seen.add(there)
                line.append(there)
    assert {(each.row, each.index) for each in seen} == {
        (number, index) for number, row in enumerate(start.rows) for index in range(len(row))
    }


# Typing and mending.


def test_ok_types_and_stays() -> None:
    assert board().press(0.0).board == replace(
        board(), line=Line.of("k"), top=board(typed="k").top, tap=None, stem=None
    )


def test_the_caret_goes_into_the_middle_and_what_is_wrong_is_mended() -> None:
    wrong = board(typed="jone@x.org")
    for _ in range(9):
        wrong = press(wrong, Act.LEFT).board
    wrong = press(wrong, Act.RIGHT).board
    right = press(press(wrong, Act.DELETE).board, Act.TYPE, "a").board
    assert right.line == Line("jane@x.org", 2)


def test_capitals_and_the_other_page() -> None:
    loud = press(board(), Act.CAPITALS).board
    assert press(loud, Act.TYPE, "j").board.line.text == "J"
    more = press(loud, Act.MORE).board
    assert press(more, Act.TYPE, "ß").board.line.text == "ß", "has no capital that is one letter"
    assert press(more, Act.TYPE, "ü").board.line.text == "Ü"
    assert press(more, Act.TYPE, "!").board.line.text == "!"


def test_the_key_that_turns_the_page_turns_it_back() -> None:
    there = on(board(), Act.MORE)
    assert there.press(0.0).board.key.act is Act.MORE
    assert there.press(0.0).board.press(0.0).board == there


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_key_keeps_the_focus_through_all_layouts(layout: str) -> None:
    here = on(board(layout), Act.LAYOUT)
    for _ in LAYOUTS:
        here = here.press(0.0).board
        assert here.key.act is Act.LAYOUT
    assert here.layout is LAYOUTS[layout]


def test_the_next_layout_by_its_own_key_keeps_the_place() -> None:
    last_row = on(board(), Act.TYPE, "8")
    assert last_row.next_layout().row == 5, "the others have a row less"
    assert last_row.next_layout().key.act is Act.TYPE


# A real keyboard, and number keys.


def test_a_real_keyboard_takes_the_focus_into_the_field_and_the_arrows_give_it_back() -> None:
    typing = board().type("j", by_keyboard=True).type("n", by_keyboard=True)
    assert typing.typing
    assert typing.move("left").type("a", by_keyboard=True).line == Line("jan", 2)
    assert typing.press(0.0) == Step(typing, Wish.CONTINUE)
    back = typing.move("down")
    assert (back.typing, back.key.text) == (False, "k")


def test_number_keys_type_digits_where_the_remote_is() -> None:
    assert not board(typed="jane").digit("7", 0.0).typing
    assert board().digit("7", 0.0).typing, "who begins with digits may have nothing but a keyboard"
    assert board(typed="jane").digit("7", 0.0).line.text == "jane7"


@pytest.mark.parametrize(
    ("digits", "typed"),
    [
        ("2", "a"),
        ("22", "b"),
        ("2222", "2"),
        ("22222", "a"),
        ("2 2", "aa"),
        ("23", "ad"),
        ("1", "."),
        ("11", "@"),
        ("111111", "1"),
        ("0", "0"),
        ("00", "0"),
        ("5266 6666 66333", "jan6mf"),
    ],
)
def test_letters_on_number_keys(digits: str, typed: str) -> None:
    assert taps(board("phone"), digits).line.text == typed


def test_after_a_digit_digits_come_first() -> None:
    assert taps(board("phone"), "111111 9").line.text == "19"
    assert taps(board("phone"), "111111 99").line.text == "1w"


def test_a_letter_stands_after_the_pause_or_any_other_key() -> None:
    once = board("phone").digit("2", 0.0)
    assert once.tap is not None
    assert once.digit("2", PAUSE - 0.01).line.text == "b"
    assert once.digit("2", PAUSE + 0.01).line.text == "aa"
    for other in (once.settle(), once.move("right"), once.caret(0), once.delete(), once.next_layout()):
        assert other.tap is None


def test_ok_on_the_phone_layout_taps_too() -> None:
    five = on(board("phone"), Act.TYPE, "5")
    assert five.press(0.0).board.press(0.5).board.line.text == "k"
    assert five.press(0.0).board.press(5.0).board.line.text == "jj"
    assert press(on(five, Act.CAPITALS).press(0.0).board, Act.TYPE, "5").board.line.text == "J"


# Completing.


def test_a_completion_leads_to_going_on() -> None:
    done = press(board(typed="jane"), Act.COMPLETE, "@outlook.com").board
    assert (done.line.text, done.key.act) == ("jane@outlook.com", Act.CONTINUE)
    assert done.press(0.0).wish is Wish.CONTINUE


def test_another_completion_takes_the_place_of_the_first() -> None:
    done = press(board(typed="jane"), Act.COMPLETE, "@outlook.com").board
    assert press(done, Act.COMPLETE, "@gmail.com").board.line.text == "jane@gmail.com"


def test_the_completing_key_goes_through_them_but_not_while_it_is_held_down() -> None:
    here, seen, now = board(typed="jane"), [], 0.0
    for _ in range(3):
        now += HELD + 0.1
        here = here.complete(now).board
        seen.append(here.line.text)
    assert seen == ["jane@gmail.com", "jane@outlook.com", "jane@yahoo.com"]
    held = board(typed="jane")
    for step in range(50):
        held = held.complete(step * 0.03).board
    assert held.line.text == "jane@gmail.com"


def test_the_completing_key_on_an_empty_field_does_nothing() -> None:
    assert board().complete(0.0).board.line.text == ""


def test_typing_on_after_a_completion_begins_anew() -> None:
    done = press(board(typed="jane"), Act.COMPLETE, "@yahoo.com").board.type(".br")
    assert done.line.text == "jane@yahoo.com.br"
    assert done.stem is None


def test_fewer_completions_in_less_room() -> None:
    assert [key.text for key in board(typed="j").with_room(2).top] == ["@gmail.com", "@outlook.com"]
    squeezed = on(board(typed="j"), Act.COMPLETE, "@icloud.com").with_room(2)
    assert squeezed.key.text == "@outlook.com"


# The question.


def test_a_mistyped_domain_is_asked_about_and_never_changed_in_silence() -> None:
    step = board(typed="jane@gmial.com").submit()
    assert step.wish is None
    assert (step.board.line.text, step.board.question) == ("jane@gmial.com", "gmail.com")
    assert step.board.key.act is Act.MEND
    yes, no = step.board.press(0.0), press(step.board, Act.KEEP, "gmial.com")
    assert (yes.board.line.text, yes.wish) == ("jane@gmail.com", Wish.CONTINUE)
    assert (no.board.line.text, no.wish) == ("jane@gmial.com", Wish.CONTINUE)
    assert no.board.submit().wish is Wish.CONTINUE, "it is asked once"


def test_the_question_ends_with_back_or_with_the_next_change() -> None:
    asked = board(typed="jane@gmial.com").submit().board
    assert asked.back(0.0).board.question is None
    assert asked.back(0.0).board.line.text == "jane@gmial.com"
    assert asked.delete().question is None
    assert asked.type("x").question is None


# Going on and leaving.


@pytest.mark.parametrize("typed", ["", "jane", "jane@", "jane@gmail.com"])
def test_continue_passes_on_what_is_typed(typed: str) -> None:
    assert press(board(typed=typed), Act.CONTINUE).wish is Wish.CONTINUE


def test_back_deletes_then_leaves_but_not_because_it_is_held() -> None:
    one = board(typed="j").back(0.0)
    assert (one.board.line.text, one.wish) == ("", None)
    assert one.board.back(0.1).wish is None
    assert one.board.back(0.1).board.back(0.2).wish is None
    assert one.board.back(HELD + 0.1).wish is Wish.LEAVE
    assert board().back(0.0).wish is Wish.LEAVE
    assert press(board(), Act.LEAVE).wish is Wish.LEAVE


def test_back_before_the_first_character_of_a_text_does_not_leave() -> None:
    assert board(typed="jane").caret(-9).back(9.0).wish is None


# Whatever is pressed.


def press_anything(here: Board, dice: random.Random, now: float) -> Board:
    presses: list[Callable[[], Board]] = [
        lambda: here.move(dice.choice(ARROWS)),
        lambda: here.press(now).board,
        lambda: here.back(now).board,
        lambda: here.complete(now).board,
        lambda: here.submit().board,
        here.next_layout,
        lambda: here.digit(dice.choice("0123456789"), now),
        lambda: here.type(dice.choice(["@", "j", "gmial.com", "\x1b", "ü", "日"]), by_keyboard=dice.random() < 0.5),
        lambda: here.delete(after=dice.random() < 0.5),
        lambda: here.caret(dice.randint(-3, 3)),
        lambda: here.with_room(dice.randint(1, 5)),
    ]
    return dice.choice(presses)()


@pytest.mark.parametrize("seed", range(8))
def test_no_press_breaks_the_board(seed: int) -> None:
    dice = random.Random(seed)
    here, now = board(dice.choice(list(LAYOUTS))), 0.0
    for _ in range(3000):
        now += dice.choice([0.01, 0.5, 2.0])
        here = press_anything(here, dice, now)
        assert here.key in here.rows[here.row]
        assert 0 <= here.line.caret <= len(here.line.text) <= ROOM
