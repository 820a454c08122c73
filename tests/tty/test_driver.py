"""The driver's parts that need no terminal, and what of Textual's it stands on."""

import inspect
import random
from pathlib import Path

import pyte
import pytest
from textual import events, messages
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from kiosk.tty.decoder import Decoder
from kiosk.tty.driver import KioskDriver
from kiosk.tty.keystrokes import Keystrokes, Kind, Piece
from kiosk.tty.outgoing import TAKE, TAKE_CONSOLE, Outgoing, fit_for_console, terse
from tests.clock import FakeClock


def decode(data: bytes, *, mouse: bool = True, decoder: Decoder | None = None) -> list[Message]:
    decoder = decoder or Decoder(mouse=mouse)
    pieces = Keystrokes(0.1, FakeClock().now).feed(data)
    return [event for piece in pieces for event in decoder.events(piece)]


def keys(data: bytes) -> list[str]:
    return [event.key for event in decode(data) if isinstance(event, events.Key)]


def text(data: bytes) -> str:
    """What a field would show."""
    found = [event for event in decode(data) if isinstance(event, events.Key) and event.is_printable]
    return "".join(event.character or "" for event in found)


def test_textual_still_has_what_the_driver_stands_on() -> None:
    """Fails when a version of Textual has moved something: then read kiosk/tty/driver.py against that version."""
    for method in ("start_application_mode", "stop_application_mode", "disable_input", "close", "write"):
        assert callable(getattr(LinuxDriver, method)), method
    assert "run_input_thread" in inspect.getsource(LinuxDriver._run_input_thread), "the thread runs our loop"
    assert "_run_input_thread" in inspect.getsource(LinuxDriver.start_application_mode)
    stopping = inspect.getsource(LinuxDriver.disable_input)
    assert "_key_thread.join()" in stopping, "it waits for the thread that we wake"
    made = inspect.getsource(LinuxDriver.__init__)
    assert "self.fileno =" in made
    assert "self.attrs_before" in made
    assert "self.disable_input()" in inspect.getsource(LinuxDriver.stop_application_mode)
    assert "_get_terminal_size()" in inspect.getsource(LinuxDriver.start_application_mode)
    # All that it writes goes through `write`, which is ours.
    assert ".write(" in inspect.getsource(LinuxDriver.stop_application_mode)
    for source in (LinuxDriver.start_application_mode, LinuxDriver.stop_application_mode):
        assert "_writer_thread.write" not in inspect.getsource(source)
        assert "_file.write" not in inspect.getsource(source)


def test_the_driver_names_no_private_part_beyond_those() -> None:
    source = "".join(Path(inspect.getfile(ours)).read_text() for ours in (KioskDriver, Decoder))
    private = {
        line.split()[1] for line in source.splitlines() if line.startswith(("from textual._", "import textual._"))
    }
    assert private == {"textual._xterm_parser"}
    own = set(vars(KioskDriver)) & {name for base in KioskDriver.__mro__[1:] for name in vars(base)}
    assert {name for name in own if name.startswith("_") and not name.startswith(("__", "_abc"))} == {
        "_get_terminal_size"
    }


def test_the_parser_gives_away_what_it_does_not_know() -> None:
    """The trick of `Decoder._parse`: an unknown sequence stays inside until the next one begins."""
    parser = XTermParser()
    assert list(parser.feed("\x1b[1;99Z")) == []
    assert isinstance(list(parser.feed("\x1b[I"))[-1], events.AppFocus)
    assert [str(getattr(event, "key", "")) for event in parser.feed("a")] == ["a"]


def test_keys_of_all_kinds_of_terminals() -> None:
    assert keys(b"a\r\n\t\x7f\x08 ") == ["a", "enter", "ctrl+j", "tab", "backspace", "backspace", "space"]
    assert keys(b"\x1b[A\x1bOB\x1b[1;5C\x1b[[A\x1bOQ\x1b[13~") == ["up", "down", "ctrl+right", "f1", "f2", "f3"]
    assert keys(b"\x1b[5~\x1b[6~\x1b[H\x1b[4~\x1b[3~\x1b[Z\x1b\t") == [
        "pageup", "pagedown", "home", "end", "delete", "shift+tab", "shift+tab",
    ]  # fmt: skip
    assert keys(b"\x1b[25~\x1b[34~\x1b[29;2~") == ["f13", "f20", "shift+f16"]
    assert text("aä€😀".encode()) == "aä€😀"


def test_the_kitty_protocol() -> None:
    assert keys(b"\x1b[97;;97u\x1b[13u\x1b[127u\x1b[27u\x1b[9;2u\x1b[97;5u\x1b[57428u\x1b[P") == [
        "a", "enter", "backspace", "escape", "shift+tab", "ctrl+a", "media_play", "f1",
    ]  # fmt: skip
    assert text(b"\x1b[97;;97u\x1b[32;;32u\x1b[233;2;201u\x1b[98;5u") == "a É"


def test_reports_of_the_terminal() -> None:
    (click,) = decode(b"\x1b[<0;3;4M")
    assert isinstance(click, events.MouseDown)
    assert (click.x, click.y) == (2, 3)
    assert decode(b"\x1b[<0;3;4M", mouse=False) == []
    kinds = [type(event) for event in decode(b"\x1b[I\x1b[O\x1b[?2026;2$y\x1b[?2048;2$y\x1b[48;24;80;384;640t")]
    assert kinds == [
        events.AppFocus, events.AppBlur,
        messages.TerminalSupportsSynchronizedOutput, messages.InBandWindowResize, events.Resize,
    ]  # fmt: skip


def test_alt_is_a_key_and_never_text() -> None:
    assert keys(b"\x1bx\x1bX\x1b1\x1b@\x1b\x7f") == ["alt+x", "alt+shift+x", "alt+1", "alt+at", "ctrl+w"]
    assert text(b"\x1bx\x1bX\x1b1\x1bx\x1b[A\x1b@\x1b\xc3\xa9") == ""


@pytest.mark.parametrize("final", [chr(code) for code in range(0x40, 0x7F)])
def test_no_control_sequence_types(final: str) -> None:
    """Of all sequences only those of the kitty protocol (and the keypad's) carry text."""
    rng = random.Random(final)
    tried = [
        "",
        "1",
        "25",
        "33",
        "99",
        "233",
        "999",
        "1;99",
        "1;2;3",
        "?1;2",
        "<1",
        ">25",
        "200",
        "27;5;97",
        "!1",
        "1$",
        "65;66;67",
    ]
    tried += ["".join(rng.choices("0123456789;:<=>?!$ ", k=rng.randrange(1, 30))) for _ in range(100)]
    for parameters in tried:
        data = f"\x1b[{parameters}{final}".encode()
        if parameters == "200" and final == "~":
            continue
        if final == "M" and not parameters:
            data += b"xyz"
        if final == "[" and not parameters:
            data += b"Z"
        assert final == "u" or text(data) == "", data
        assert text(data + b"\x1b[Aa").endswith("a"), data


def test_random_input_neither_kills_nor_types_what_cannot_be_seen() -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")  # shown when it fails
    rng = random.Random(seed)
    decoder = Decoder(mouse=True)
    for _ in range(300):
        alphabet = b"\x1b[[;;0123456789:<?uu~MRmtABPZ$y" + rng.randbytes(12)
        data = bytes(rng.choice(alphabet) for _ in range(rng.randrange(1, 120)))
        for event in decode(data, decoder=decoder):
            if isinstance(event, events.Key) and event.is_printable:
                assert event.character is not None, data
                assert event.character.isprintable(), data
        assert [getattr(event, "key", None) for event in decoder.events(Piece(Kind.CHARACTER, "a"))] == ["a"], data


def test_a_parser_that_breaks_is_replaced() -> None:
    decoder = Decoder(mouse=False)
    assert decoder.events(Piece(Kind.SEQUENCE, "\x1b[1114112u")) == [], "chr() of no character"
    assert [getattr(event, "key", None) for event in decoder.events(Piece(Kind.SEQUENCE, "\x1b[A"))] == ["up"]


def test_what_the_linux_console_would_print_is_not_sent_to_it() -> None:
    for sequence in (
        "\x1b[>25u",
        "\x1b[<u",
        "\x1b[?2026$p",
        "\x1b[?2048$p",
        "\x1b[?2004h",
        "\x1b[?1004l",
        "\x1b]22;text\x07",
    ):
        assert not fit_for_console(sequence), sequence
    for sequence in (
        "\x1b[?1049h",
        "\x1b[?25l",
        "\x1b[?7h",
        "\x1b[2J",
        "\x1b[0;7mSign in\x1b[0m",
        "\x07",
        "\x1b]P0112233",
    ):
        assert fit_for_console(sequence), sequence


@pytest.mark.parametrize("take", [TAKE, TAKE_CONSOLE])
def test_a_terminal_is_taken_in_order_and_its_cursor_stays(take: str) -> None:
    """So that whoever gets it back goes on where they were: a shell after `fg`, with its prompt below what it said."""
    screen = pyte.Screen(80, 24)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[7;5H\x1b(0\x1b[4h\x1b[5;10r\x1b[?6h\x1b[3;5H")
    assert screen.cursor.y == 6
    stream.feed(take.partition("\x1b[?1049h")[0])
    assert (screen.cursor.y, screen.cursor.x) == (6, 4)
    assert not screen.margins
    stream.feed(take.partition("\x1b[?1049h")[2] + "\x1b[1;1Hqx\x1b[1;1Hj")
    assert screen.display[0].rstrip() == "jx"


def test_a_frame_is_written_without_bytes_that_change_nothing() -> None:
    frame = "\x1b[8;7H\x1b[1;38;2;1;2;3m14:58\x1b[0m\n\n\x1b[12;22Ha\nb\x1b[0m\n\x1b[31mc"
    assert terse(frame) == "\x1b[8;7H\x1b[1;38;2;1;2;3m14:58\x1b[m\x1b[12;22Ha\nb\x1b[m\n\x1b[31mc"


def test_a_frame_is_sent_whole_and_what_ends_it_all_is_not_held_back() -> None:
    outgoing = Outgoing(console=False)
    assert [outgoing.of(data) for data in ("a", "\x1b[?2026h", "frame", "\x1b[?2026l", "b")] == [
        "a", "", "", "\x1b[?2026hframe\x1b[?2026l", "b",
    ]  # fmt: skip
    outgoing.of("\x1b[?2026h")
    outgoing.of("half a frame")
    outgoing.forget()
    assert outgoing.of("\x1b[?1049l") == "\x1b[?1049l"
    assert outgoing.of("\x1b[?2026l") == "\x1b[?2026l"


def test_keys_are_remembered_and_what_is_typed_is_not() -> None:
    decoder = Decoder(mouse=True)
    for data, found in ((b"\x1b[A", ["up"]), (b"\x1b[97;;97u", ["a"]), (b"\x1b[13u", ["enter"]), (b"a", ["a"])) * 2:
        assert [getattr(event, "key", None) for event in decode(data, decoder=decoder)] == found
    first, second = decode(b"\x1b[A\x1b[A", decoder=decoder)
    assert first is not second, "events are marked on their way"
    for number in range(300):
        decode(f"\x1b[{200 + number};5u".encode(), decoder=decoder)
    assert "up" in decoder._keys.values()
    assert "a" not in decoder._keys.values()
    assert len(decoder._keys) < 100
