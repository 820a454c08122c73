"""Every state through a real pseudo-terminal, as each kind of terminal is sent it."""

import re
import signal
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.cells import cell_len
from rich.color import Color

from kiosk.app import KioskApp
from kiosk.looks import Look, look_for
from kiosk.schemes import PLAIN
from kiosk.signin.states import Welcome
from kiosk.tty.glyphs import EVERYTHING, SAFE, Glyphs
from kiosk.values import replace
from tests.cells import segments, settled
from tests.screens.stage import app_in, still_of
from tests.screens.test_looks import STATES
from tests.stage_app import FIRST_MARK, MARK
from tests.terminal import Terminal

ROOT = Path(__file__).parents[2]
UNFOCUSED = {"resting", "signing-out"}
"""States without a control."""
FEW = ("entering", "problem", "waiting", "expired", "welcome")
SGR = re.compile(rb"\x1b\[([0-9;]*)m")


class Kind(NamedTuple):
    """A kind of terminal, and what it may be sent."""

    environ: dict[str, str]
    colours: str
    look: str = "dark"
    glyphs: Glyphs = EVERYTHING
    states: Collection[str] = tuple(STATES)

    @property
    def console(self) -> bool:
        return self.environ["TERM"] == "linux"


KINDS = {
    "linux": Kind({"TERM": "linux", "COLORTERM": "truecolor"}, "console", "console", Glyphs(SAFE)),
    "linux, light": Kind({"TERM": "linux", "KIOSK_THEME": "light"}, "console", "console", Glyphs(SAFE), FEW),
    "linux, NO_COLOR": Kind({"TERM": "linux", "NO_COLOR": "1"}, "none", "plain", Glyphs(SAFE)),
    "256 colours, tmux": Kind({"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, "256"),  # noqa: S108
    "true colour": Kind({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "true"),
    "NO_COLOR": Kind({"TERM": "xterm-256color", "NO_COLOR": "1"}, "greys"),
    "vt220 on a serial line": Kind({"TERM": "vt220"}, "console", "console", states=FEW),
    "ASCII": Kind({"TERM": "vt100", "PYTHONIOENCODING": "ascii"}, "console", "console", Glyphs(None, "ascii"), FEW),
}


async def wanted_by(kind: Kind) -> dict[str, list[str]]:
    """What Textual itself takes to be on the screen."""
    look = Look(PLAIN) if kind.look == "plain" else look_for(kind.look, 256, console=kind.console)
    app = app_in(STATES["entering"], look=replace(look, glyphs=kind.glyphs))
    found = {}
    async with app.run_test(size=(80, 24)) as pilot:
        for name in kind.states:
            still_of(app).become(STATES[name])
            await settled(pilot)
            found[name] = lines_of(app)
    return found


def lines_of(app: KioskApp) -> list[str]:
    lines = [""] * app.size.height
    for _, y, segment in segments(app):
        lines[y] += segment.text
    return lines


def sgr_numbers(sent: bytes) -> list[list[int]]:
    return [[int(number or 0) for number in found.split(b";")] for found in SGR.findall(sent)]


def unwanted(numbers: list[int], colours: str) -> bool:
    """Whether a terminal is sent colours that it has not."""
    if numbers[-1] >= FIRST_MARK:
        return False
    true = [parts for place, parts in after(numbers, 2)]
    of_256 = [parts[:1] for place, parts in after(numbers, 5)]
    match colours:
        case "true":
            return bool(of_256) or (not true and any(number > 7 for number in numbers))
        case "256":
            return bool(true)
        case "greys":
            return bool(true) or not all(is_grey(Color.from_ansi(number)) for (number,) in of_256)
        case "console":
            return any(number >= 100 or number in {38, 48} for number in numbers)
    return not set(numbers) <= {0, 1, 7, 39, 49}


def after(numbers: list[int], kind: int) -> list[tuple[int, list[int]]]:
    places = [place for place, number in enumerate(numbers[:-1]) if number in {38, 48} and numbers[place + 1] == kind]
    return [(place, numbers[place + 2 : place + 5]) for place in places]


def is_grey(colour: Color) -> bool:
    red, green, blue = colour.get_truecolor()
    return red == green == blue


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_every_state_on_every_kind_of_terminal(kind: Kind, tmp_path: Path) -> None:
    wanted = await wanted_by(kind)
    environ = {**kind.environ, "PYTHONPATH": str(ROOT)}
    with Terminal(list(kind.states), tmp_path, environ=environ, module="tests.stage_app") as it:
        for number, (name, lines) in enumerate(wanted.items()):
            if number:
                it.process.send_signal(signal.SIGUSR1)
            it.until(MARK.format(FIRST_MARK + number).encode())
            assert it.draws(lines), (
                name,
                [pair for pair in zip(it.screen.display, lines, strict=True) if pair[0] != pair[1]],
            )
            cells = [cell for row in range(24) for cell in it.screen.buffer[row].values()]
            assert sum(cell.reverse for cell in cells) > 1 or name in UNFOCUSED, name
        assert [numbers for numbers in sgr_numbers(it.raw) if unwanted(numbers, kind.colours)] == []
        it.process.send_signal(signal.SIGTERM)
        assert it.exit_code() == 143
        if kind.console:
            cleared, reset = it.raw.rfind(b"\x1b[H\x1b[2J"), it.raw.rfind(b"\x1b]R\x1b\\")
            assert it.raw.rfind(b"\x1b[0;") < cleared < reset


@pytest.mark.parametrize("glyphs", [Glyphs(SAFE), EVERYTHING], ids=["with stand-ins", "without"])
@pytest.mark.parametrize("size", [(80, 24), (40, 12), (160, 45)])
async def test_every_state_is_drawn_with_safe_glyphs(size: tuple[int, int], glyphs: Glyphs) -> None:
    """Even without stand-ins: nothing of ours would lose its meaning on a console that tells nothing of its font."""
    app = app_in(STATES["entering"], look=replace(look_for("console", 16, console=True), glyphs=glyphs))
    async with app.run_test(size=size) as pilot:
        for name, state in STATES.items():
            still_of(app).become(state)
            await settled(pilot)
            drawn = {character for _, _, segment in segments(app) for character in segment.text}
            assert drawn <= SAFE, (name, drawn - SAFE)


async def test_names_from_outside_are_drawn_with_safe_glyphs_in_their_place() -> None:
    look = replace(look_for("console", 16, console=True), glyphs=Glyphs(SAFE))
    app = app_in(Welcome("日本語 Žofie … 👨‍👩‍👧 e\u0301 ▀ ✓"), device="“Łódź” — 2", look=look)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        lines = lines_of(app)
        assert set("".join(lines)) <= SAFE
        assert {cell_len(line) for line in lines} == {80}
        assert any("Zofie" in line for line in lines)
        assert any('"Lódz" - 2' in line for line in lines)
