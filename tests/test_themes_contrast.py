"""Everything on every screen can be read in every look: measured on the cells that are drawn."""

from collections.abc import AsyncIterator, Collection
from typing import NamedTuple

import pytest
from rich.color import Color, ColorSystem
from textual.pilot import Pilot

from kiosk.app import KioskApp
from kiosk.looks import Brand, Look, look_for
from kiosk.schemes import CONSOLE, PLAIN, SCHEMES
from kiosk.signin.states import Outcome
from kiosk.tty.colours import HIGH, READABLE, VISIBLE
from tests.cells import Console, Painter, cells, glances, segments, settled
from tests.screens.stage import app_in, still_of
from tests.screens.test_looks import STATES

OWN = ("dark", "light", "high-contrast")
LOUD = Brand("#1a1a1a", "#00ff00")
"""A colour that cannot be seen in the dark, and one that cannot be read on white."""
PALE = Brand("#fffbe0", "#7f7f7f")
NOBODY = Brand()
FEW = ("entering", "problem", "waiting", "expired", "welcome")


class Seen(NamedTuple):
    """What is sent, and the kinds of terminal that show it."""

    look: Look
    painters: dict[str, Painter]
    no_color: bool = False
    few: bool = False
    """Another brand changes two colours of all: a few states show them."""


def own(name: str, brand: Brand = NOBODY, *, no_color: bool = False) -> Seen:
    painters = {"true colour": Painter(), "256 colours": Painter(ColorSystem.EIGHT_BIT)}
    return Seen(look_for(name, 1 << 24, console=False, brand=brand), painters, no_color, few=brand != NOBODY)


def consoles(brand: Brand) -> dict[str, Painter]:
    """What is sent to a console is always the same; the palette makes the difference."""
    looks = {name: look_for(name, 16, console=True, brand=brand) for name in (*OWN, "console")}
    dark = looks["dark"].palette
    return {
        **{name: Console(look.palette) for name, look in looks.items()},
        "a palette that cannot be set": Console(),
        "a font of 512 glyphs, no bright colours": Console({number: dark[number % 8] for number in range(16)}),
    }


SEEN = {
    **{name: own(name) for name in OWN},
    **{f"{name}, NO_COLOR": own(name, no_color=True) for name in OWN},
    **{f"{name}, loud brand": own(name, LOUD) for name in OWN},
    **{f"{name}, pale brand": own(name, PALE) for name in OWN},
    "console": Seen(look_for("auto", 16, console=True), consoles(NOBODY)),
    "console, loud brand": Seen(look_for("auto", 16, console=True, brand=LOUD), consoles(LOUD)),
    "console, NO_COLOR": Seen(look_for("auto", 16, console=True, no_color=True), {"console": Console()}),
}


def app_of(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> KioskApp:
    if seen.no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    return app_in(STATES["entering"], look=seen.look, site="Acme", logo="ACME")


async def every_state(pilot: Pilot[Outcome], only: Collection[str] = tuple(STATES)) -> AsyncIterator[str]:
    assert isinstance(pilot.app, KioskApp)
    for name in only:
        still_of(pilot.app).become(STATES[name])
        await settled(pilot)
        yield name


def unreadable(app: KioskApp, kind: str, painter: Painter) -> set[str]:
    least = HIGH if "high-contrast" in {app.theme, kind} else READABLE
    return {
        f"{kind}: {cell.contrast:.1f} of {wanted}: {cell.character!r} at {cell.x}, {cell.y}"
        for cell in glances(app, painter)
        if cell.contrast < (wanted := least if cell.is_text else VISIBLE)
    }


@pytest.mark.parametrize("seen", SEEN.values(), ids=SEEN)
async def test_all_that_is_written_can_be_read(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of(seen, monkeypatch)
    async with app.run_test(size=(80, 24)) as pilot:
        async for name in every_state(pilot, FEW if seen.few else STATES):
            for kind, painter in seen.painters.items():
                assert any(cell.is_text for cell in glances(app, painter)), name
                assert unreadable(app, kind, painter) == set(), name


@pytest.mark.parametrize("name", [*OWN, "console", "console, NO_COLOR"])
async def test_the_focus_can_be_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = SEEN[name]
    app = app_of(seen, monkeypatch)
    async with app.run_test(size=(80, 24)) as pilot:
        async for state in every_state(pilot):
            for _ in app.screen.focus_chain:
                app.screen.focus_next()
                await pilot.pause(0)
                assert app.screen.focused
                region = app.screen.focused.region
                for kind, painter in seen.painters.items():
                    drawn = list(cells(app, painter))
                    marked = [c for c in drawn if region.contains(c.x, c.y) and c.stands_out_from(drawn[0].ground)]
                    assert marked, f"{app.screen.focused} in {state} on {kind}"


@pytest.mark.parametrize("look", [Look(CONSOLE), Look(PLAIN)], ids=["console", "plain"])
async def test_the_console_is_sent_only_what_it_has(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    def standard(colour: Color | None) -> int:
        """Its number; 7 for the terminal's own."""
        if colour is None or colour.is_default:
            return 7
        assert colour.number is not None
        assert look.scheme is not PLAIN
        return colour.number

    app = app_of(Seen(look, {}), monkeypatch)
    async with app.run_test(size=(80, 24)) as pilot:
        async for name in every_state(pilot):
            for x, y, segment in segments(app):
                where = f"{name}: {segment!r} at {x}, {y}"
                style = segment.style
                assert style is not None, where
                assert standard(style.bgcolor) < 8, where
                assert standard(style.color) in {*range(8), *range(9, 16)}, where
                assert not (style.reverse and (style.bold or standard(style.color) > 7)), where
                assert not any((style.dim, style.italic, style.underline, style.blink)), where


def test_every_theme_is_looked_at() -> None:
    assert {seen.look.scheme.name for seen in SEEN.values()} == {*SCHEMES, PLAIN.name}
