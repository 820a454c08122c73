"""Cells painted at once: on the terminal there is, after each arrow, what any frame of Textual's would show."""

import inspect
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyte
import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Key
from textual.geometry import Offset, Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from kiosk.app import KioskApp
from kiosk.looks import Look, look_for
from kiosk.screens.entry import EntryScreen
from kiosk.signin.intents import Touch
from kiosk.signin.states import Entering
from kiosk.tty.glyphs import SAFE, Glyphs
from kiosk.tty.outgoing import terse
from kiosk.values import replace
from kiosk.widgets import atonce
from kiosk.widgets.atonce import paint_at_once
from tests.cells import settled
from tests.screens.stage import app_in, still_of

ARROWS = ("up", "down", "left", "right")

LOOKS: dict[str, tuple[int, int, Look]] = {
    "dark": (80, 24, look_for("dark", 1 << 24, console=False)),
    "light, wide": (132, 43, look_for("light", 1 << 24, console=False)),
    "narrow": (40, 12, look_for("high-contrast", 256, console=False)),
    "no colour": (80, 24, look_for("dark", 16, console=False, no_color=True)),
    "console": (80, 25, replace(look_for("auto", 16, console=True), glyphs=Glyphs(SAFE))),
}


class Loud(HeadlessDriver):
    """A driver to which Textual writes its frames, too."""

    is_headless = False
    take: Callable[[str], None]

    def write(self, data: str) -> None:
        self.take(data)


class Sent:
    """What a driver was given to write, and the screen that it leads to."""

    def __init__(self, app: App[Any]) -> None:
        self.frames: list[str] = []
        self._app = app
        self._screen = pyte.Screen(*app.size)
        self._stream = pyte.Stream(self._screen)
        self._stream.feed(_whole(app))
        driver = app._driver
        assert driver is not None
        driver.__class__ = Loud
        assert isinstance(driver, Loud)
        driver.take = self._take

    def _take(self, data: str) -> None:
        self.frames.append(data)
        self._stream.feed(terse(data))

    def becomes(self, columns: int, lines: int) -> None:
        """The terminal gets another size; what was on it stays where it was, as far as there is room."""
        self._screen.resize(lines, columns)

    def wrong(self) -> list[object]:
        """Where what was sent has led to something else than a whole frame would."""
        whole = pyte.Screen(*self._app.size)
        pyte.Stream(whole).feed(_whole(self._app))
        pairs = enumerate(zip(_cells(self._screen), _cells(whole), strict=True))
        cells: list[object] = [(divmod(place, whole.columns), *pair) for place, pair in pairs if pair[0] != pair[1]]
        cursor, wanted = (Offset(screen.cursor.x, screen.cursor.y) for screen in (self._screen, whole))
        return cells if cursor == wanted else [*cells, (cursor, wanted)]


def _whole(app: App[Any]) -> str:
    strips = app.screen._compositor.render_strips()
    frame = "".join(f"\x1b[{line};1H{strip.render(app.console)}" for line, strip in enumerate(strips, 1))
    x, y = app.cursor_position
    return f"{frame}\x1b[{y + 1};{x + 1}H"


def _cells(screen: pyte.Screen) -> list[tuple[object, ...]]:
    """What is seen: of a blank, its ground."""
    grid = (screen.buffer[y][x] for y in range(screen.lines) for x in range(screen.columns))
    return [(c.data, c.bg, c.reverse, *((c.fg, c.bold) if c.data.strip() or c.reverse else ())) for c in grid]


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """What `paint_at_once` has answered."""
    answers: list[bool] = []

    def counting(widget: Widget, *regions: Region) -> bool:
        answers.append(paint_at_once(widget, *regions))
        return answers[-1]

    with monkeypatch.context() as patched:
        patched.setattr("kiosk.widgets.keyboard.paint_at_once", counting)
        yield answers


def board_of(app: KioskApp) -> EntryScreen:
    assert isinstance(app.screen, EntryScreen)
    return app.screen


def test_textual_still_has_what_this_stands_on() -> None:
    """Fails when a version of Textual has moved something: then read kiosk/widgets/atonce.py against that version."""
    named = {"_driver", "_batch_count", "_set_dirty", "_exchange_repaint_regions", "_repaint_required"}
    named |= {"_repaint_regions", "_layout_required"}
    own = {"_undisturbed", "_in_sight", "_line", "_at", "_y", "_height"}
    source = inspect.getsource(atonce)
    words = {word for word in source.replace("(", " ").replace(")", " ").replace(".", " ").split() if word[0] == "_"}
    assert {word.strip(",:[]") for word in words} - own == named
    assert "self._styles_cache.set_dirty(" in inspect.getsource(Widget._set_dirty)
    assert "self._repaint_regions.clear()" in inspect.getsource(Widget._exchange_repaint_regions)
    assert "_repaint_required = True" in inspect.getsource(Widget.refresh)
    assert "self._set_dirty(*regions)" in inspect.getsource(Widget.refresh)
    assert "_layout_required" in inspect.getsource(Screen._on_idle)
    assert "_batch_count" in inspect.getsource(Screen._on_idle)
    assert "self._driver.write(" in inspect.getsource(App._display)


@pytest.mark.parametrize("look", LOOKS)
async def test_after_each_arrow_the_terminal_shows_what_a_whole_frame_would(
    look: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns, rows, dressed = LOOKS[look]
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # shown when it fails
    rng = random.Random(seed)
    app = app_in(Entering(), look=dressed)
    async with app.run_test(size=(columns, rows)) as pilot:
        await settled(pilot)
        sent = Sent(app)
        with counted(monkeypatch) as answers:
            for press in range(24):
                if press % 8 == 5:
                    # What Textual paints and what is painted at once go on from each other.
                    await pilot.press("enter")
                    await comes_right(pilot, sent)
                answers.clear()
                await pilot.press(rng.choice(ARROWS))
                assert answers == [True]
                assert not sent.wrong(), press


async def comes_right(pilot: Pilot[Any], sent: Sent) -> None:
    """Until Textual has painted."""
    for _ in range(200):
        await settled(pilot)
        if not sent.wrong():
            return
    raise AssertionError(sent.wrong()[:8])


async def test_arrows_in_a_burst_among_other_keys_keep_their_order() -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    keys = random.Random(seed).choices([*ARROWS, "enter", "f1", "x", "2", "f3"], [4, 4, 4, 4, 3, 1, 1, 1, 1], k=50)
    boards = []
    for at_once in (1, len(keys)):
        app = app_in(Entering())
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            sent = Sent(app)
            for start in range(0, len(keys), at_once):
                for key in keys[start : start + at_once]:
                    app.post_message(Key(key, key if len(key) == 1 else None))
                await settled(pilot)
            await comes_right(pilot, sent)
            boards.append(board_of(app).keyboard.board)
            assert still_of(app).intents.count(Touch()) == len(keys)
    assert boards[0] == boards[1], keys


async def test_what_waits_to_be_painted_is_left_to_its_frame() -> None:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        keyboard, sent = board_of(app).keyboard, Sent(app)
        region = Region(0, 2, 5, 1)
        with app.batch_update():
            assert not paint_at_once(keyboard, region)
        await settled(pilot)
        keyboard.refresh(region)
        assert not paint_at_once(keyboard, region)
        await settled(pilot)
        app.screen.refresh(layout=True)
        assert not paint_at_once(keyboard, region)
        await settled(pilot)
        assert not paint_at_once(keyboard, Region(keyboard.size.width - 2, 2, 5, 1))
        sent.frames.clear()
        assert paint_at_once(keyboard, region)
        assert len(sent.frames) == 1
        await app.push_screen(Screen())
        assert not paint_at_once(keyboard, region)


class Lines(Widget):
    """Says the same on each line."""

    text = "before"

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(f"{self.text} {y}".ljust(self.size.width), self.rich_style)], self.size.width)


class Bare(App[None]):
    """Lines in a frame, more than there is room for; and something that lies over a part of them."""

    CSS = """
    Screen { layers: below above; }
    Lines { height: 40; padding: 1 2; border: solid red; background: blue; }
    #over { layer: above; offset: 10 4; width: 5; height: 1; }
    """

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Lines()
        yield Static("over", id="over")


async def test_frames_scrolled_places_and_what_lies_over_them() -> None:
    app = Bare()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        lines, sent = app.query_one(Lines), Sent(app)
        lines.text = "after"
        everywhere = [Region(0, line, 8, 1) for line in range(36)]
        painted = [region.y for region in everywhere if paint_at_once(lines, region)]
        assert painted == [0, 1, *range(3, 10)], "line 2 is covered, line 10 beyond the edge"
        assert not paint_at_once(lines, Region(0, 0, 8, 1), Region(0, 2, 8, 1)), "all or nothing"
        app.query_one(VerticalScroll).scroll_to(y=5, animate=False)
        await pilot.pause()
        lines.text = "later"
        painted = [region.y for region in everywhere if paint_at_once(lines, region)]
        assert painted == [*range(3, 7), *range(8, 15)]
        lines.refresh()
        await pilot.pause()
        assert not sent.wrong()
