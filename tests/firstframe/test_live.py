"""Keys answered on the remembered frame: as the app answers them, cell by cell, and none lost or taken twice."""

import fcntl
import gc
import os
import pty
import random
import select
import struct
import termios
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import pyte
import pytest
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS

from kiosk.app import KioskApp
from kiosk.entry.board import Board
from kiosk.entry.domains import Domains
from kiosk.entry.layouts import LAYOUTS
from kiosk.firstframe import answers
from kiosk.firstframe.answers import Stroke, answer, is_report, stroke_of
from kiosk.firstframe.live import Live
from kiosk.firstframe.opening import Opening
from kiosk.firstframe.painting import Painter
from kiosk.firstframe.plan import Plan, read, written
from kiosk.firstframe.planning import plan_of
from kiosk.language import gettext, speak, spoken
from kiosk.looks import Look, look_for
from kiosk.screens.entry import EntryScreen
from kiosk.signin.states import Entering
from kiosk.tty.decoder import Decoder
from kiosk.tty.glyphs import SAFE, Glyphs
from kiosk.tty.keystrokes import Keystrokes, Kind, Piece, escape_delay
from kiosk.values import replace
from tests.cells import settled
from tests.clock import FakeClock
from tests.screens.stage import app_in, still_of

KEYS = (
    *"jane.doe@gmail.com", *"aB3 0.9", "é",
    *("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1bOC", "\r", "\n", "\x7f", "\x1b[3~", "\x1b[H", "\x1b[F") * 2,
    *("\x1b[C", "\x1b[B", "\r") * 4, "\x1bOP", "\x1bOR", "\x1bOS",
)  # fmt: skip

LOOKS: dict[str, tuple[int, int, str, Look]] = {
    "dark": (80, 24, "en", look_for("dark", 1 << 24, console=False)),
    "light, wide, German": (132, 43, "de", look_for("light", 1 << 24, console=False)),
    "narrow, French": (40, 12, "fr", look_for("high-contrast", 1 << 24, console=False)),
    "short": (90, 18, "es", look_for("dark", 256, console=False)),
    "Japanese": (80, 24, "ja", look_for("dark", 1 << 24, console=False)),
    "no colour": (80, 24, "en", look_for("dark", 16, console=False, no_color=True)),
}
_CONSOLE = look_for("auto", 16, console=True)
LOOKS["console"] = (80, 25, "de", replace(_CONSOLE, glyphs=Glyphs(SAFE)))


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    before = spoken()
    yield
    speak(before)


def some_keys(rng: random.Random, number: int) -> list[Piece]:
    """What a person may press, as it is read."""
    return [
        Piece(Kind.SEQUENCE if len(key) > 1 else Kind.CHARACTER, key)
        for key in (rng.choice(KEYS) for _ in range(number))
    ]


def entry_of(app: KioskApp) -> EntryScreen:
    assert isinstance(app.screen, EntryScreen)
    return app.screen


def beginning(app: KioskApp) -> tuple[Plan, Board, Painter]:
    """What the live frame begins with, as it would be read from its file."""
    plan = plan_of(app, entry_of(app), "utf-8", None)
    assert plan is not None
    again = read(written(plan))
    assert again is not None
    assert again == plan
    board = entry_of(app).keyboard.board
    return plan, board, Painter(again, gettext, board)


def frame_of(app: KioskApp) -> bytes:
    strips = app.screen._compositor.render_strips()
    return "".join(f"\x1b[{line};1H{strip.render(app.console)}" for line, strip in enumerate(strips, 1)).encode()


def cells_of(screen: pyte.Screen) -> list[tuple[object, ...]]:
    grid = (screen.buffer[y][x] for y in range(screen.lines) for x in range(screen.columns))
    return [(c.data, c.fg if c.data.strip() or c.reverse else "", c.bg, c.bold, c.reverse) for c in grid]


def seeded() -> random.Random:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # shown when it fails
    return random.Random(seed)


@pytest.mark.parametrize("look", LOOKS)
async def test_it_paints_the_cells_that_the_app_paints(look: str) -> None:
    columns, rows, language, dressed = LOOKS[look]
    speak(language)
    clock, rng = FakeClock(), seeded()
    app = app_in(Entering(), look=dressed, clock=clock)
    async with app.run_test(size=(columns, rows)) as pilot:
        await settled(pilot)
        plan, board, painter = beginning(app)
        live = pyte.Screen(columns, rows)
        stream = pyte.ByteStream(live)
        stream.feed(frame_of(app))
        for piece in some_keys(rng, 25):
            stroke = stroke_of(piece, plan.keys)
            assert stroke is not None
            if stroke.character and not painter.draws(stroke.character):
                continue
            if (after := answer(board, stroke, clock.now())) is None:
                continue
            sent = painter.paint(after)
            stream.feed(sent.replace(b"\x1b[?2026h", b"").replace(b"\x1b[?2026l", b""))
            board = after
            entry_of(app).go_on_from(board)
            await settled(pilot)
            shown = pyte.Screen(columns, rows)
            pyte.ByteStream(shown).feed(frame_of(app))
            assert cells_of(live) == cells_of(shown), piece
            assert not sent or (live.cursor.x, live.cursor.y) == app.cursor_position


@pytest.mark.parametrize("layout", ["abc", "phone"])
async def test_keys_mean_the_same_whoever_answers_them(layout: str) -> None:
    """Random keys, the first of them answered by the live frame, the others by the app, end where the app's do."""
    rng = seeded()
    for _ in range(4):
        pieces = some_keys(rng, 30)
        texts, boards, wishes = [], [], []
        for live in (0, rng.randrange(1, 30)):
            clock = FakeClock()
            app = app_in(Entering(), clock=clock)
            async with app.run_test(size=(80, 24)) as pilot:
                await settled(pilot)
                entry_of(app).keyboard.begin(layout=layout)
                await settled(pilot)
                board, rest = entry_of(app).keyboard.board, pieces
                while live and rest:
                    stroke = stroke_of(rest[0], {})
                    after = answer(board, stroke, clock.now()) if stroke else None
                    if after is None:
                        break
                    board, rest, live = after, rest[1:], live - 1
                entry_of(app).go_on_from(board)
                decoder = Decoder(mouse=False)
                for event in (event for piece in rest for event in decoder.events(piece)):
                    app.post_message(event)
                await settled(pilot)
                shown = pyte.Screen(80, 24)
                pyte.ByteStream(shown).feed(frame_of(app))
                texts.append(shown.display)
                boards.append(entry_of(app).keyboard.board)
                wishes.append([each for each in still_of(app).intents if type(each).__name__ != "Touch"])
        assert texts[0] == texts[1]
        assert boards[0] == boards[1]
        assert wishes[0] == wishes[1]


def test_its_names_of_keys_are_textuals() -> None:
    decoder = Decoder(mouse=False)
    known = 0
    for sequence in [*ANSI_SEQUENCES_KEYS, "\x1b[97;;97u", "\x1b[65;2;65u", "\x1b[13u", "\x1b[127;129u", "\x1b[27u"]:
        pieces = Keystrokes(0.1, FakeClock().now).feed(sequence.encode())
        if len(pieces) != 1 or (stroke := stroke_of(pieces[0], {})) is None:
            continue
        (event,) = decoder.events(pieces[0])
        assert getattr(event, "key", "") in {stroke.name, stroke.character}, sequence
        known += 1
    assert known > 30


def test_what_it_leaves_to_others() -> None:
    board = Board.fresh(LAYOUTS["abc"], Domains())
    for piece in (
        Piece(Kind.PASTE, "jane"), Piece(Kind.ALT, "a"), Piece(Kind.CHARACTER, "\t"), Piece(Kind.CHARACTER, "\x03"),
        Piece(Kind.SEQUENCE, "\x1b[5~"), Piece(Kind.SEQUENCE, "\x1b[97;5;97u"), Piece(Kind.SEQUENCE, "\x1b[1;5C"),
    ):  # fmt: skip
        assert stroke_of(piece, {}) is None, piece
    for stroke in (Stroke("f2"), Stroke("f13"), Stroke("escape")):
        assert answer(board, stroke, 0.0) is None, stroke
    typed = board.type("jane@gmial.com", by_keyboard=True)
    assert answer(typed, Stroke("enter"), 0.0) is None, "it would ask"
    assert all(is_report(Piece(Kind.SEQUENCE, each)) for each in ("\x1b[I", "\x1b[?2026;2$y", "\x1b[48;24;80;1;1t"))


def test_keys_under_other_names() -> None:
    keys = {"f9": "escape", "home": "f1", "g": "up"}
    assert stroke_of(Piece(Kind.SEQUENCE, "\x1b[H"), keys) == Stroke("f1")
    assert stroke_of(Piece(Kind.CHARACTER, "g"), keys) == Stroke("up")
    assert stroke_of(Piece(Kind.CHARACTER, "a"), keys) == Stroke("a", "a")
    assert stroke_of(Piece(Kind.CHARACTER, "."), keys) is None, "Textual's name of it may be one of these"
    assert answers.stroke_of(Piece(Kind.CHARACTER, "."), {}) == Stroke("", ".")


class Box:
    """A live frame on a terminal."""

    def __init__(self, plan: Plan, board: Board) -> None:
        self.theirs, self.ours = pty.openpty()
        modes = termios.tcgetattr(self.ours)
        modes[0] &= ~termios.ICRNL
        modes[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(self.ours, termios.TCSANOW, modes)
        self.resize(80, 24)
        self.clock = FakeClock()
        self.opening = Opening()
        self.live = self.opening.live = Live(
            Painter(plan, gettext, board),
            board,
            keys={},
            keyboard=self.ours,
            terminal=os.open(os.ttyname(self.ours), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY),
            size=(80, 24),
            keystrokes=Keystrokes(escape_delay({}), time.monotonic),
            now=self.clock.now,
        )
        self.live.start()

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def press(self, data: bytes) -> None:
        os.write(self.theirs, data)

    def until(self, words: bytes) -> None:
        seen = b""
        while words not in seen:
            assert select.select([self.theirs], [], [], 10)[0], seen
            seen += os.read(self.theirs, 65536)

    def close(self) -> None:
        self.opening.drop_keys()
        os.close(self.theirs)
        os.close(self.ours)


@pytest.fixture
async def plan() -> tuple[Plan, Board]:
    app = app_in(Entering())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        return beginning(app)[:2]


@contextmanager
def a_box(plan: tuple[Plan, Board]) -> Iterator[Box]:
    box = Box(*plan)
    try:
        yield box
    finally:
        box.close()


@pytest.mark.parametrize(
    ("rest", "kinds"),
    [
        (b"\x1bOQ", [Kind.SEQUENCE]),
        (b"\rx\x1b[A", [Kind.CHARACTER, Kind.CHARACTER, Kind.SEQUENCE]),
        (b"\x1b[200~jim\x1b[201~x", [Kind.PASTE, Kind.CHARACTER]),
        (b"\x1b[?2026;2$y\tq", [Kind.SEQUENCE, Kind.CHARACTER, Kind.CHARACTER]),
    ],
)
async def test_from_the_first_key_on_that_it_does_not_know_all_is_left(
    rest: bytes, kinds: list[Kind], plan: tuple[Plan, Board]
) -> None:
    with a_box(plan) as box:
        box.press(b"jane" + rest)
        box.until(b"jane")
        board, keystrokes, pieces = box.live.end()
        late = os.read(box.ours, 100) if select.select([box.ours], [], [], 0)[0] else b""
        assert board is not None
        assert board.line.text == "jane"
        assert [piece.kind for piece in (*pieces, *keystrokes.feed(late))] == kinds


async def test_what_was_begun_is_left_as_it_is(plan: tuple[Plan, Board]) -> None:
    for whole, wanted in (("é".encode(), "é"), (b"\x1b[C", "\x1b[C"), (b"\x1bOP", "\x1bOP")):
        with a_box(plan) as box:
            box.press(b"j" + whole[:-1])
            box.until(b"j")
            board, keystrokes, pieces = box.live.end()
            assert board is not None
            assert pieces == []
            assert [piece.text for piece in keystrokes.feed(whole[-1:])] == [wanted]


async def test_reports_of_the_terminal_are_put_aside_and_keys_go_on(plan: tuple[Plan, Board]) -> None:
    with a_box(plan) as box:
        box.press(b"ja\x1b[?2026;2$y\x1b[Ine")
        box.until(b"jane")
        board, _keystrokes, pieces = box.live.end()
        assert board is not None
        assert board.line.text == "jane"
        assert [piece.text for piece in pieces] == ["\x1b[?2026;2$y", "\x1b[I"]


async def test_another_size_ends_it_and_its_keys_are_for_textual(plan: tuple[Plan, Board]) -> None:
    with a_box(plan) as box:
        box.press(b"ja")
        box.until(b"ja")
        box.resize(100, 30)
        box.press(b"ne")
        box.live._thread.join(10)
        board, _keystrokes, pieces = box.live.end()
        assert board is not None
        assert (board.line.text, pieces) == ("ja", [])
        assert os.read(box.ours, 100) == b"ne"


async def test_a_number_keys_letter_settles_by_itself(plan: tuple[Plan, Board]) -> None:
    recorded, _board = plan
    with a_box((recorded, Board.fresh(LAYOUTS["phone"], Domains()))) as box:
        box.press(b"2")
        box.until(b"a")
        await box.clock.advance(2)
        box.press(b"\x1b[I")  # anything that comes
        box.until(b"a\x1b")
        board = box.live.end().board
        assert board is not None
        assert board.tap is None


async def test_of_what_was_typed_nothing_stays_in_the_opening(plan: tuple[Plan, Board]) -> None:
    for over in (Opening.pass_keys_on, Opening.drop_keys, Opening.close):
        with a_box(plan) as box:
            box.press(b"jane")
            box.until(b"jane")
            held = weakref.ref(box.live)
            del box.live
            over(box.opening)
            gc.collect()
            assert held() is None


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"language": "en"}', b"\xff"])
def test_a_plan_that_is_none(data: bytes) -> None:
    assert read(data) is None


def test_how_long_an_escape_is_waited_for() -> None:
    assert escape_delay({"ESCDELAY": "50"}) == 0.05
    assert escape_delay({"ESCDELAY": "x"}) == 0.1
