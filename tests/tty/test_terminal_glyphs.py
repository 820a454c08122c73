"""The font of a console is read through a kernel call that is played here; what it lacks gets a stand-in."""

import ctypes
import fcntl
import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from kiosk.tty.fitting import FitGlyphs
from kiosk.tty.glyphs import GIO_UNIMAP, SAFE, Glyphs, glyphs_of, read_font

LATIN = "".join(map(chr, range(0x20, 0x7F))) + "─│█░▶◀é…"


@pytest.fixture
def font(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a font under every descriptor: the kernel's side of GIO_UNIMAP."""

    def load(characters: str) -> None:
        def ioctl(descriptor: int, request: int, argument: bytearray, mutate: bool) -> int:
            assert request == GIO_UNIMAP
            assert mutate
            room, address = struct.unpack("@HP", argument)
            assert room >= len(characters)
            pairs = (ctypes.c_ushort * (2 * room)).from_address(address)
            for place, character in enumerate(characters):
                pairs[2 * place], pairs[2 * place + 1] = ord(character), place % 256
            struct.pack_into("@H", argument, 0, len(characters))
            return 0

        monkeypatch.setattr(fcntl, "ioctl", ioctl)

    return load


def test_a_console_tells_its_font(font: Callable[[str], None]) -> None:
    font(LATIN)
    assert read_font(0) == frozenset(LATIN)
    glyphs = glyphs_of(0, "utf-8", console=True)
    assert glyphs.draws("é…▶")
    assert not glyphs.half_blocks
    assert not glyphs.everything


def test_a_font_with_half_blocks_is_made_use_of(font: Callable[[str], None]) -> None:
    font(LATIN + "▀▄")
    assert glyphs_of(0, "utf-8", console=True).half_blocks


def test_the_largest_font_that_a_map_can_describe(font: Callable[[str], None]) -> None:
    every = [chr(code) for code in range(0x20, 0xFFFE) if not 0xD800 <= code < 0xE000]
    font("".join(every))
    assert read_font(0) == frozenset(every)


@pytest.mark.parametrize("characters", ["", "─│█"])
def test_a_font_that_tells_nothing_is_the_safe_one(characters: str, font: Callable[[str], None]) -> None:
    font(characters)
    assert glyphs_of(0, "utf-8", console=True).drawable == SAFE


def test_where_the_font_cannot_be_read_the_safe_set_is_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> int:
        raise OSError(25, "Inappropriate ioctl for device")

    monkeypatch.setattr(fcntl, "ioctl", refuse)
    glyphs = glyphs_of(0, "utf-8", console=True)
    assert glyphs.drawable == SAFE
    assert not glyphs.half_blocks


def test_other_terminals_are_not_asked(font: Callable[[str], None]) -> None:
    font(LATIN)
    glyphs = glyphs_of(0, "utf-8", console=False)
    assert glyphs.everything
    assert glyphs.half_blocks


def test_the_safe_set_is_what_the_platform_notes_say() -> None:
    assert set("─│┌┐└┘├┤┬┴┼═║╔╗╚╝█░▒■•·°←↑→↓▲▼◀▶") <= SAFE
    assert not SAFE & set("▀▄▌▐▔▁▊▎╭╮╰╯━…✓€●")


@pytest.mark.parametrize(
    ("glyphs", "text", "drawn"),
    [
        (Glyphs(SAFE), "José Łódź…", "José Lódz."),
        (Glyphs(SAFE), "╭─╮ ▀▄ “x” \u2013 ●", '┌─┐ ██ "x" - •'),
        (Glyphs(SAFE), "日本 a", "? ?  a"),
        (Glyphs(SAFE), "e\u0301", "e"),
        (Glyphs(None, "ascii"), "▶ Continue ◀ │ ██░░ é", "> Continue < | ##-- e"),
        (Glyphs(None, "latin-1"), "▶ é ─", "> é -"),
        (Glyphs(frozenset(LATIN)), "┌─┐", "+─+"),
    ],
)
def test_what_cannot_be_drawn_has_a_stand_in(glyphs: Glyphs, text: str, drawn: str) -> None:
    assert fitted(glyphs, text) == drawn


def fitted(glyphs: Glyphs, text: str) -> str:
    (segment,) = FitGlyphs(glyphs).apply([Segment(text, Style())], Color(0, 0, 0))
    return segment.text


@given(st.text(st.characters(exclude_categories=["C"])))
def test_stand_ins_can_be_drawn_and_take_the_same_room(text: str) -> None:
    for glyphs in (Glyphs(SAFE), Glyphs(None, "ascii")):
        drawn = fitted(glyphs, text)
        assert glyphs.draws(drawn)
        assert cell_len(drawn) == cell_len(text)


def test_all_of_unicode_is_drawn_where_it_can_be() -> None:
    assert Glyphs().everything
    assert not Glyphs(None, "iso8859-15").everything
