"""The keyboard as a widget of its own: what it paints, repaints and says."""

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.geometry import Region
from textual.widget import Widget

from kiosk.entry.board import Board, Wish
from kiosk.entry.domains import Domains
from kiosk.entry.keys import Act
from kiosk.entry.layouts import LAYOUTS
from kiosk.entry.presses import pressed
from kiosk.tty.glyphs import SAFE
from kiosk.widgets.atonce import paint_at_once
from kiosk.widgets.boardpicture import Look, Picture
from kiosk.widgets.keyboard import Keyboard
from tests.clock import FakeClock

SIZES = [(72, 14), (72, 13), (38, 8), (38, 7), (60, 10), (120, 25), (200, 50), (20, 5), (10, 3), (3, 1)]


class Bench(App[None]):
    """The keyboard alone; it keeps what it is told."""

    def __init__(self, layout: str = "abc") -> None:
        super().__init__()
        self.clock = FakeClock()
        self.layout_name = layout
        self.wishes: list[Wish] = []
        self.boards: list[Board] = []

    def compose(self) -> ComposeResult:
        yield Keyboard(self.clock.now, Domains(), layout=self.layout_name)

    @property
    def keyboard(self) -> Keyboard:
        return self.query_one(Keyboard)

    @property
    def text(self) -> str:
        return self.keyboard.board.line.text

    def on_keyboard_wished(self, event: Keyboard.Wished) -> None:
        self.wishes.append(event.wish)

    def on_keyboard_changed(self, event: Keyboard.Changed) -> None:
        self.boards.append(event.board)


def boards() -> list[Board]:
    plain = [Board.fresh(layout, Domains(), "jane") for layout in LAYOUTS.values()]
    asked = Board.fresh(LAYOUTS["abc"], Domains(), "jane@gmial.com").submit().board
    more = next(
        plain[0].at(number, index).press(0.0).board
        for number, row in enumerate(plain[0].rows)
        for index, key in enumerate(row)
        if key.act is Act.MORE
    )
    return [*plain, asked, more]


@pytest.mark.parametrize("size", SIZES)
def test_every_line_fills_its_room_and_the_focus_shows_by_shape(size: tuple[int, int]) -> None:
    for board in boards():
        picture = Picture(*size)
        here = board.with_room(picture.room)
        for number, row in enumerate(here.rows):
            for index in range(len(row)):
                runs = picture.paint(here.at(number, index), picture.line_of(number), focus=True)
                assert sum(cell_len(text) for text, _ in runs) == size[0]
                if size[0] >= 38:
                    focus = "".join(text for text, look in runs if look is Look.FOCUS)
                    assert focus.startswith("[")
                    assert focus.endswith("]")


def test_every_glyph_is_in_every_consoles_font() -> None:
    picture = Picture(72, 14)
    for board in boards():
        for line in range(14):
            assert set("".join(text for text, _ in picture.paint(board, line, focus=True))) <= SAFE


@pytest.mark.parametrize(("width", "completions"), [(38, 2), (72, 4), (120, 4)])
def test_completions_fit_beside_each_other(width: int, completions: int) -> None:
    assert Picture(width, 14).room == completions
    board = Board.fresh(LAYOUTS["abc"], Domains.of(["googlemail.com", "protonmail.com"]), "j", completions)
    line = "".join(text for text, _ in Picture(width, 14).paint(board, 0, focus=True))
    assert line.split() == [key.text for key in board.top]


def test_at_80x24_the_rows_stand_apart_and_at_40x12_they_fit() -> None:
    assert [Picture(72, 14).line_of(row) for row in range(7)] == [0, 2, 4, 6, 8, 10, 12]
    assert [Picture(38, 8).line_of(row) for row in range(7)] == [0, 2, 3, 4, 5, 6, 7]


async def test_a_move_repaints_two_keys_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Bench()
    async with app.run_test(size=(72, 14)) as pilot:
        await pilot.pause()
        repainted: list[tuple[Region, ...]] = []

        def watched(widget: Widget, *regions: Region) -> bool:
            repainted.append(regions)
            return paint_at_once(widget, *regions)

        monkeypatch.setattr("kiosk.widgets.keyboard.paint_at_once", watched)
        monkeypatch.setattr(Keyboard, "refresh", lambda *_regions, **_options: pytest.fail("that is for more"))
        app.boards.clear()
        await pilot.press("right", "down")
        assert [len(regions) for regions in repainted] == [2, 2]
        assert all(region.area <= 7 for regions in repainted for region in regions)
        assert app.boards == []


async def test_the_terminals_cursor_stands_on_the_key() -> None:
    app = Bench()
    async with app.run_test(size=(72, 14)) as pilot:
        await pilot.pause()
        before = app.cursor_position
        await pilot.press("right")
        assert app.cursor_position - before == (5, 0)


async def test_ok_comes_as_several_keys_and_a_blank_is_none_while_somebody_types() -> None:
    app = Bench()
    async with app.run_test(size=(72, 14)) as pilot:
        await pilot.press("enter", "ctrl+j", "space")
        assert app.text == "kkk"
        await pilot.press("x", "space")
        assert app.text == "kkkx"
        assert app.wishes == []


async def test_colour_keys() -> None:
    app = Bench()
    async with app.run_test(size=(72, 14)) as pilot:
        await pilot.press("enter", "enter", "f1")
        assert app.text == "k"
        await pilot.press("f3")
        assert app.keyboard.board.layout.name == "qwerty"
        await pilot.press("f4")
        assert app.text == "k@gmail.com"
        await pilot.press("f2")
        assert app.wishes == [Wish.CONTINUE]


async def test_colour_keys_can_be_other_keys() -> None:
    app = Bench()
    async with app.run_test(size=(72, 14)) as pilot:
        app.set_keymap({"keyboard.blue": "f9", "keyboard.ok": "f10"})
        await pilot.press("f10", "f4", "f9")
        assert app.text == "k@gmail.com"


@pytest.mark.parametrize("binding", list(Binding.make_bindings(Keyboard.BINDINGS)), ids=lambda binding: binding.key)
def test_every_key_that_is_bound_means_something_on_the_board(binding: Binding) -> None:
    assert pressed(Board.fresh(LAYOUTS["abc"], Domains(), "jane"), binding.key, 0.0) is not None


async def test_letters_on_number_keys_settle_by_themselves() -> None:
    app = Bench("phone")
    async with app.run_test(size=(72, 14)) as pilot:
        await pilot.press("2", "2")
        assert app.text == "b"
        assert app.keyboard.board.tap is not None
        await app.clock.advance(5)
        await pilot.pause(1.3)
        assert app.keyboard.board.tap is None
        await pilot.press("2")
        assert app.text == "ba"


async def test_a_real_keyboard_types_moves_and_deletes() -> None:
    app = Bench()
    async with app.run_test(size=(72, 14)) as pilot:
        await pilot.press("j", "n", "left", "a", "home", "M", "end", "at", "x", "backspace", "home", "delete")
        assert app.text == "jan@"
        await pilot.press("enter")
        assert app.wishes == [Wish.CONTINUE]


async def test_pasted_text_leaves_what_cannot_be_seen_behind() -> None:
    from textual.events import Paste

    app = Bench()
    async with app.run_test(size=(72, 14)) as pilot:
        app.keyboard.post_message(Paste("\n  ja\x1bne\x00@x\u202e.org\nsecond line\n"))
        await pilot.pause()
        assert app.text == "jane@x.org"
        app.keyboard.post_message(Paste(" \n "))
        app.keyboard.post_message(Paste("y" * 100_000))
        await pilot.pause()
        assert app.text.startswith("jane@x.orgyyy")
        assert len(app.text) == 400


async def test_keys_that_mean_nothing_type_nothing() -> None:
    app = Bench()
    async with app.run_test(size=(72, 14)) as pilot:
        await pilot.press("tab", "f9", "pageup", "insert", "ctrl+a", "ctrl+c", "ctrl+at", "f12")
        assert app.text == ""


async def test_a_finger_types_too() -> None:
    app = Bench()
    async with app.run_test(size=(72, 14)) as pilot:
        await pilot.click(Keyboard, offset=(2, 2))
        assert app.text == "a"
        await pilot.click(Keyboard, offset=(40, 3))
        assert app.text == "a"
        await pilot.click(Keyboard, offset=(46, 12))
        assert app.wishes == [Wish.CONTINUE]


@pytest.mark.parametrize("size", SIZES)
async def test_it_lives_in_any_room(size: tuple[int, int]) -> None:
    app = Bench()
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", "up", "up", "f3", "f4", "left", "f2")
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
        await pilot.press("enter")
        assert app.text.startswith("k@")
