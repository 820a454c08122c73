"""The line and its caret."""

from kiosk.entry.line import ROOM, Line, visible


def test_typing_and_mending_in_the_middle() -> None:
    line = Line.of("jne@x").move(-4)
    assert line.insert("a") == Line("jane@x", 2)
    assert line.insert("a").delete() == line
    assert line.delete_after() == Line("je@x", 1)


def test_the_caret_stays_in_the_text() -> None:
    assert Line.of("ab").move(9).caret == 2
    assert Line.of("ab").move(-9).caret == 0
    assert Line("ab", 0).delete() == Line("ab", 0)
    assert Line("ab", 2).delete_after() == Line("ab", 2)


def test_what_cannot_be_seen_is_not_typed() -> None:
    assert visible("a\x1b[31mb\x00\r\n\u200b\u202e\u2028\ud800c") == "a[31mbc"
    assert visible("jane doe") == "jane doe"
    assert visible("u\u0308") == "ü"


def test_the_room_is_more_than_an_address_and_less_than_a_flood() -> None:
    line = Line.of("x" * 10_000)
    assert len(line.text) == line.caret == ROOM
    assert line.insert("y") == line
