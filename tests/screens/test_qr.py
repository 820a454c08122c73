"""The QR code, read from the app's own screen by a real reader, in every look that a terminal can have."""

import pytest
import zxingcpp

from kiosk.app import KioskApp
from kiosk.looks import Look, look_for
from kiosk.signin.states import Waiting
from kiosk.tty.glyphs import SAFE, Glyphs
from kiosk.widgets.qr import Qr
from tests.cells import Console, Painter, cells, settled
from tests.clock import START
from tests.screens.stage import JANE, app_in

HELP = "https://help.example/Sign-In"
WAITING = Waiting(JANE, deadline=START + 872, resend_at=START + 23)

LOOKS: dict[str, tuple[Look, Painter]] = {
    **{name: (look_for(name, 1 << 24, console=False), Painter()) for name in ("dark", "light", "high-contrast")},
    "sixteen colours": (look_for("auto", 16, console=False), Console()),
    "no colour": (look_for("auto", 16, console=False, no_color=True), Console()),
}


def photograph(app: KioskApp, painter: Painter) -> memoryview:
    """The screen's cells as an 8-bit greyscale picture, eight by eight dots for two halves of a cell."""
    width, height = app.size
    picture = bytearray(width * 4 * height * 8)
    for cell in cells(app, painter):
        text, ground = (round(sum(colour) / 3) for colour in (cell.text, cell.ground))
        upper, lower = {"▀": (text, ground), "█": (text, text)}.get(cell.character, (ground, ground))
        for row in range(8):
            start = ((cell.y * 8 + row) * width + cell.x) * 4
            picture[start : start + 4] = bytes([upper if row < 4 else lower]) * 4
    return memoryview(bytes(picture)).cast("B", shape=[height * 8, width * 4])


def read(app: KioskApp, painter: Painter) -> list[str]:
    found = zxingcpp.read_barcodes(photograph(app, painter), try_invert=False)
    return [code.text for code in found]


@pytest.mark.parametrize("name", LOOKS)
async def test_it_is_read_in_half_blocks(name: str) -> None:
    look, painter = LOOKS[name]
    app = app_in(WAITING, help_url=HELP, look=look)
    async with app.run_test(size=(100, 32)) as pilot:
        await settled(pilot)
        assert [text.casefold() for text in read(app, painter)] == [HELP.casefold()]


async def test_it_is_read_in_full_cells_where_the_font_has_no_half_blocks() -> None:
    look = look_for("auto", 16, console=True)
    app = app_in(WAITING, help_url=HELP, look=Look(look.scheme, look.palette, look.inverted, Glyphs(SAFE)))
    async with app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        assert not app.screen.query_one(Qr)._half_blocks
        assert [text.casefold() for text in read(app, Console(look.palette))] == [HELP.casefold()]


async def test_only_the_case_of_scheme_and_host_changes_for_those_have_none() -> None:
    app = app_in(WAITING, help_url=HELP)
    async with app.run_test(size=(100, 32)) as pilot:
        await settled(pilot)
        assert read(app, Painter()) == ["HTTPS://HELP.EXAMPLE/Sign-In"]


@pytest.mark.parametrize("size", [(40, 12), (70, 24), (80, 14)])
async def test_without_room_it_is_not_there_at_all(size: tuple[int, int]) -> None:
    app = app_in(WAITING, help_url=HELP)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        assert not app.screen.query_one("#aside").display


async def test_without_an_address_there_is_none() -> None:
    app = app_in(WAITING)
    async with app.run_test(size=(160, 45)) as pilot:
        await settled(pilot)
        assert not app.screen.query(Qr)
        assert read(app, Painter()) == []
