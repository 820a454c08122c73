"""Bytes of a terminal in, keystrokes out: what is whole passes, what means nothing never becomes text."""

import itertools
import os
import random

import pytest

from kiosk.tty.keystrokes import PASTE_ROOM, PATIENCE, QUIET, Keystrokes, Kind, Piece
from tests.clock import FakeClock

ESCAPE_DELAY = 0.1
A = Piece(Kind.CHARACTER, "a")
ESCAPE = Piece(Kind.NAMED, "escape")


class Line:
    """Keystrokes on a clock that is moved by hand."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.keys = Keystrokes(ESCAPE_DELAY, self.clock.now)

    def feed(self, *reads: bytes) -> list[Piece]:
        return list(itertools.chain.from_iterable(self.keys.feed(read) for read in reads))

    def silence(self, seconds: float) -> list[Piece]:
        self.clock._now += seconds
        return self.keys.expire()


def typed(text: str) -> list[Piece]:
    return [Piece(Kind.CHARACTER, character) for character in text]


def sequence(text: str) -> list[Piece]:
    return [Piece(Kind.SEQUENCE, text)]


def named(*keys: str) -> list[Piece]:
    return [Piece(Kind.NAMED, key) for key in keys]


@pytest.mark.parametrize(
    "whole",
    [
        "\x1b[A", "\x1bOA", "\x1b[1;5C", "\x1b[[A", "\x1bOP", "\x1b[11~", "\x1b[24~", "\x1b[3;5~", "\x1b[Z", "\x1b\t",
        "\x1b\x7f", "\x1bOM", "\x1bOp",  # keys
        "\x1b[97;;97u", "\x1b[13u", "\x1b[127;5u", "\x1b[57428u", "\x1b[32;;32u", "\x1b[233;2;201u",  # kitty
        "\x1b[<0;10;20M", "\x1b[<35;1;-1m", "\x1b[I", "\x1b[O", "\x1b[48;24;80;384;640t", "\x1b[?2026;2$y",  # reports
    ],
)  # fmt: skip
def test_whole_sequences_pass_however_they_are_cut(whole: str) -> None:
    for cut in range(1, len(whole)):
        data = whole.encode()
        assert Line().feed(data[:cut], data[cut:]) == sequence(whole), cut
    assert Line().feed(*(bytes([byte]) for byte in whole.encode()), b"a") == [*sequence(whole), A]


@pytest.mark.parametrize(
    "nothing",
    [
        "\x1b[1;99Z", "\x1b[999~", "\x1b[9~", "\x1b[27;5;97~", "\x1b[200A", "\x1b[5;7R", "\x1b[201~", "\x1b[?1;2c",
        "\x1b[!5A", "\x1b[<1;2;3;4M", "\x1b[32;1;1M", "\x1b[M !!", "\x1b[[Z", "\x1bOZ", "\x1bO5A", "\x1b[?25h",
        "\x1b[3$y",
        "\x1b[1114112u", "\x1b[55296u", "\x1b[0u", "\x1b[97;0u", "\x1b[97;;27u", "\x1b[97;5:3u", "\x1b[97:65u",
        "\x1b[48;9999;9999;0;0t", "\x1b[48;0;0;0;0t", "\x1b[" + "1;" * 200 + "A", "\x1b[" + "0" * 100_000 + "~",
        "\x1b]11;rgb:1111/1111/1111\x07", "\x1b]11;rgb:1111/1111/1111\x1b\\", "\x1bP>|foot(1.13)\x1b\\",
        "\x1b_Gi=1;OK\x1b\\",
        "\x80", "\x85", "\x9b", "\x9f",
    ],
)  # fmt: skip
def test_what_means_nothing_is_dropped_whole(nothing: str) -> None:
    data = nothing.encode()
    assert Line().feed(data + b"a") == [A]
    middle = len(data) // 2
    assert Line().feed(data[:middle], data[middle:], b"a") == [A]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\x1b[25~", "f13"), ("\x1b[26~", "f14"), ("\x1b[28~", "f15"), ("\x1b[29~", "f16"),
        ("\x1b[31~", "f17"), ("\x1b[32~", "f18"), ("\x1b[33~", "f19"), ("\x1b[34~", "f20"),
        ("\x1b[25;5~", "ctrl+f13"), ("\x1b[34;8~", "alt+ctrl+shift+f20"), ("\x1b[R", "f3"), ("\x1b[1;2R", "shift+f3"),
    ],
)  # fmt: skip
def test_keys_that_textual_would_read_wrong(sent: str, key: str) -> None:
    assert Line().feed(sent.encode()) == named(key)


def test_invalid_bytes_are_skipped_and_characters_may_be_cut_anywhere() -> None:
    assert Line().feed(b"a\xffb\xc3(\xe2\x82", b"\xac\xf0\x9f") == typed("ab(€")
    assert Line().feed(b"\xe2", b"\x1b[A") == sequence("\x1b[A")


def test_control_characters_pass_as_keys_and_alone() -> None:
    assert Line().feed(b"\x00\r\n\t\x7f") == typed("\x00\r\n\t\x7f")


def test_escape_by_itself_is_a_key_once_the_line_is_silent() -> None:
    line = Line()
    assert line.feed(b"\x1b") == []
    assert line.silence(ESCAPE_DELAY / 2) == []
    assert line.silence(ESCAPE_DELAY) == [ESCAPE]
    assert line.keys.deadline is None
    assert line.feed(b"a") == [A]


def test_keys_typed_ahead_are_told_apart() -> None:
    assert Line().feed(b"\x1b\x1b[A\x1b\x1b\ra") == [ESCAPE, *sequence("\x1b[A"), ESCAPE, ESCAPE, *typed("\ra")]


def test_alt() -> None:
    assert Line().feed(b"\x1bx\x1bX\x1b\xc3\xa9\x1b1") == [Piece(Kind.ALT, key) for key in "xXé1"]
    assert Line().feed(b"\x1bx\x1b[A") == [Piece(Kind.ALT, "x"), *sequence("\x1b[A")]


def test_a_link_slower_than_the_escape_delay_still_gives_the_arrow() -> None:
    line = Line()
    line.feed(b"\x1b")
    assert line.silence(ESCAPE_DELAY) == [ESCAPE]
    assert line.feed(b"[A") == sequence("\x1b[A")
    assert line.feed(b"[", b"A") == typed("[A"), "typed by a person"
    line.feed(b"\x1b")
    line.silence(ESCAPE_DELAY)
    line.silence(2 * QUIET)
    assert line.feed(b"[A") == typed("[A"), "long after"


@pytest.mark.parametrize(
    "begun", ["\x1b[", "\x1b[1;", "\x1b[[", "\x1b[M !", "\x1bO", "\x1b]", "\x1bP", "\x1b]11;rgb", "\x1bP>|x"]
)
def test_an_unfinished_sequence_is_dropped_by_silence(begun: str) -> None:
    line = Line()
    assert line.feed(begun.encode()) == []
    assert line.silence(QUIET) == []
    assert line.keys.deadline is None
    assert line.feed(b"a\r") == typed("a\r")


@pytest.mark.parametrize(
    "begun", ["\x1b[", "\x1b[1;", "\x1b[[", "\x1b[M !", "\x1bO", "\x1b]11;rgb", "\x1b[" + "1" * 99]
)
def test_a_new_sequence_ends_an_unfinished_one(begun: str) -> None:
    assert Line().feed(begun.encode(), b"\x1b[A") == sequence("\x1b[A")


def test_ok_works_in_spite_of_an_unfinished_sequence() -> None:
    assert Line().feed(b"\x1b[1;\r") == typed("\r")


def test_a_paste_is_one_piece_cleaned() -> None:
    pasted = b"\x1b[200~jane\x00@\x1b[Aexample\x07.com\r\nx\x9c\xc2\x9b\x1bO\x1b[201~a"
    assert Line().feed(pasted) == [Piece(Kind.PASTE, "jane@example.com\r\nx"), A]
    for cut in range(1, len(pasted)):
        assert Line().feed(pasted[:cut], pasted[cut:]) == [Piece(Kind.PASTE, "jane@example.com\r\nx"), A], cut


def test_a_paste_of_megabytes_is_cut_and_its_rest_is_not_typed() -> None:
    line = Line()
    pieces = line.feed(b"\x1b[200~", *[b"x" * 4096] * 1024, b"\x1b[201~a")
    assert pieces == [Piece(Kind.PASTE, "x" * PASTE_ROOM), A]


def test_an_endless_paste_ends_by_silence() -> None:
    line = Line()
    assert line.feed(b"\x1b[200~jane") == []
    assert line.silence(QUIET / 2) == []
    assert line.feed(b" doe\x1b[20") == []
    assert line.silence(QUIET) == [Piece(Kind.PASTE, "jane doe")]
    assert line.feed(b"a\x1b[A") == [A, *sequence("\x1b[A")]


def test_an_endless_paste_ends_even_when_somebody_keeps_pressing() -> None:
    line = Line()
    line.feed(b"\x1b[200~")
    for presses in itertools.count():
        line.clock._now += QUIET / 2
        assert line.keys.deadline is not None
        if sequence("\x1b[A")[0] in line.feed(b"\x1b[A"):
            break
        assert presses < 2 * PATIENCE / QUIET


def test_random_bytes() -> None:
    seed = int(os.environ.get("SEED", random.randrange(1 << 32)))
    print(f"SEED={seed}")  # shown when it fails
    rng = random.Random(seed)
    favourites = [
        b"\x1b",
        b"\x1b[",
        b"\x1b[200~",
        b"\x1b[201~",
        b"\x1bO",
        b"\x1b]1",
        b"\x1bP>",
        b"\x1b[M",
        b";",
        b"~",
        b"u",
        b"\xff",
    ]
    for _ in range(400):
        data = b"".join(
            rng.choice(favourites) if rng.random() < 0.4 else rng.randbytes(1) for _ in range(rng.randrange(1, 200))
        )
        whole, cut = Line(), Line()
        pieces = whole.feed(data)
        position, piecemeal = 0, []
        while position < len(data):
            step = rng.randrange(1, 9)
            piecemeal += cut.feed(data[position : position + step])
            position += step
        assert piecemeal == pieces, data
        for piece in pieces:
            assert piece.kind is not Kind.PASTE or all(
                c.isprintable() or c in "\t\r\n" or ord(c) > 159 for c in piece.text
            ), data
            assert piece.kind is not Kind.CHARACTER or len(piece.text) == 1
        whole.silence(QUIET)
        assert whole.keys.deadline is None, data
        # A key pressed then is that key, whatever came before.
        assert whole.feed(b"a") == [A], data
