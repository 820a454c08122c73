"""How the Linux console is dressed, and the looks that a terminal gets."""

import re
from pathlib import Path

import pytest

from kiosk.looks import Brand, look_for
from kiosk.schemes import CONSOLE, PLAIN, SCHEMES
from kiosk.themes import theme_of
from kiosk.tty import console
from kiosk.tty.colours import READABLE, VGA, check_colour, contrast, readable, rgb
from kiosk.values import fields


def test_the_console_is_kept_awake_and_painted_and_left_as_it_was() -> None:
    start, end = console.dress({14: "#7cc0ff", 0: "#0f151b"}, blank_seconds=600)
    assert start == "\x1b[9;0]\x1b[14;0]\x1b]P00f151b\x1b\\\x1b]Pe7cc0ff\x1b\\"
    assert end == "\x1b]R\x1b\\\x1b[9;10]"


def test_every_string_is_ended_for_terminals_that_only_call_themselves_linux() -> None:
    written = "".join(console.dress(dict(look_for("dark", 16, console=True).palette)))
    assert written.count("\x1b]") == written.count("\x1b\\") == 17
    assert re.sub(r"\x1b\][^\x1b]*\x1b\\|\x1b\[[0-9;]*\]", "", written) == ""


@pytest.mark.parametrize(("text", "seconds"), [("600\n", 600), ("0\n", 0), ("", 0), ("junk", 0)])
def test_how_long_the_kernel_waits(text: str, seconds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "consoleblank").write_text(text)
    monkeypatch.setattr(console, "_BLANK_INTERVAL", tmp_path / "consoleblank")
    assert console.blank_seconds() == seconds


def test_not_known_is_never(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "_BLANK_INTERVAL", tmp_path / "none")
    assert console.blank_seconds() == 0
    assert console.dress({}).end == "\x1b]R\x1b\\"


@pytest.mark.parametrize(
    ("name", "count", "on_console", "theme"),
    [
        ("auto", 1 << 24, False, "dark"),
        ("auto", 256, False, "dark"),
        ("auto", 16, False, "console"),
        ("auto", 16, True, "console"),
        ("light", 256, False, "light"),
        ("light", 16, True, "console"),
        ("high-contrast", 1 << 24, False, "high-contrast"),
        ("console", 1 << 24, False, "console"),
    ],
)
def test_which_look_a_terminal_gets(name: str, count: int, on_console: bool, theme: str) -> None:
    assert look_for(name, count, console=on_console).scheme.name == theme


@pytest.mark.parametrize("name", ["dark", "light", "high-contrast"])
def test_on_the_console_a_theme_is_sixteen_colours(name: str) -> None:
    look, scheme = look_for(name, 16, console=True), SCHEMES[name]
    assert look.scheme.ansi
    assert (look.palette[0], look.palette[7], look.palette[14]) == (scheme.ground, scheme.text, scheme.primary)
    assert sorted(look.palette) == list(range(16))
    assert look.palette[8] == look.palette[0]
    assert look.inverted is (name == "light")


def test_the_terminals_own_colours_are_left_alone_but_for_the_brand() -> None:
    assert look_for("console", 16, console=True).palette == {}
    assert look_for("auto", 16, console=False).palette == {}
    look = look_for("console", 16, console=True, brand=Brand("#ff8800", "#00aa88"))
    assert look.palette == {14: "#ff8800", 13: "#00aa88"}


def test_without_colour() -> None:
    assert look_for("auto", 16, console=True, no_color=True).scheme is PLAIN
    assert look_for("auto", 16, console=True, no_color=True).palette == {}
    # Textual turns these into greys by itself.
    assert look_for("auto", 256, console=False, no_color=True).scheme.name == "dark"


@pytest.mark.parametrize("name", ["dark", "light", "high-contrast"])
@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#808080", "#ff0000", "#0000ff", "#ffff00", "#7cc0ff"])
def test_a_brands_colour_is_moved_until_it_can_be_read(name: str, colour: str) -> None:
    scheme = look_for(name, 256, console=False, brand=Brand(colour, colour)).scheme
    for ground in (scheme.ground, scheme.surface):
        least = 7 if name == "high-contrast" else READABLE
        assert contrast(rgb(scheme.primary), rgb(ground)) >= least
        assert contrast(rgb(scheme.accent), rgb(ground)) >= least


def test_a_brands_colour_that_can_be_read_stays() -> None:
    assert readable("#7cc0ff", ("#000000",), READABLE) == "#7cc0ff"
    scheme = look_for("light", 256, console=False, brand=Brand("#0b559f")).scheme
    assert (scheme.primary, scheme.accent) == ("#0b559f", "#0b559f")


@pytest.mark.parametrize("text", ["red", "#fff", "0b559f", "#0b559g", "#0b559f0", "# b559f", "#0b559f\n"])
def test_what_is_no_colour(text: str) -> None:
    with pytest.raises(ValueError, match="such as #0b559f"):
        check_colour(text)


def test_contrast_is_as_wcag_counts_it() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((255, 255, 255), (0x76, 0x76, 0x76)) == pytest.approx(4.54, abs=0.01)
    assert len(VGA) == 16


def test_console_names_no_grey_and_no_bright_ground() -> None:
    generated = theme_of(CONSOLE).to_color_system().generate()
    assert "ansi_bright_black" not in theme_of(CONSOLE).variables.values()
    assert "ansi_bright_black" not in {getattr(CONSOLE, name) for name in fields(type(CONSOLE))}
    assert generated["background"] == generated["surface"] == "ansi_black"
