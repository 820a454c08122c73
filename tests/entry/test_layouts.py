"""The layouts hold what addresses need, and each key has a place of its own."""

import pytest

from kiosk.entry.keys import SIDE, WIDTH, Act
from kiosk.entry.layouts import LAYOUTS, MORE, Layout, following
from kiosk.tty.glyphs import SAFE

FIRST_PAGE = set("abcdefghijklmnopqrstuvwxyz0123456789@.-_+")
REST_OF_AN_ADDRESS = set("!#$%&'*/=?^`{|}~\"(),:;<>[\\]")
"""RFC 5322 atext, quoted strings and domain literals."""

ALL = [*LAYOUTS.values(), MORE]


def typed(layout: Layout) -> list[str]:
    return [key.text for row in layout.rows for key in row if key.act is Act.TYPE]


@pytest.mark.parametrize("layout", [each for each in LAYOUTS.values() if not each.phone], ids=lambda each: each.name)
def test_the_first_page_holds_letters_digits_and_the_marks_of_every_address(layout: Layout) -> None:
    assert set(typed(layout)) == FIRST_PAGE
    assert len(typed(layout)) == len(FIRST_PAGE)


def test_the_other_page_holds_the_rest_in_glyphs_that_console_fonts_have() -> None:
    assert set(typed(MORE)) >= REST_OF_AN_ADDRESS
    assert set(typed(MORE)) <= SAFE
    assert len(typed(MORE)) == len(set(typed(MORE)))


@pytest.mark.parametrize("layout", ALL, ids=lambda each: each.name)
def test_keys_neither_overlap_nor_leave_the_board(layout: Layout) -> None:
    for row in layout.rows:
        ends = [key.x + key.width for key in row]
        assert all(key.x >= end for key, end in zip(row[1:], ends, strict=False))
        assert ends[-1] <= WIDTH
        assert all(key.act is not Act.TYPE or key.x + key.width <= SIDE for key in row)


@pytest.mark.parametrize("layout", ALL, ids=lambda each: each.name)
def test_every_layout_moves_the_caret_deletes_goes_on_and_leaves(layout: Layout) -> None:
    acts = {key.act for row in layout.rows for key in row}
    assert acts >= {Act.LEFT, Act.RIGHT, Act.DELETE, Act.CONTINUE, Act.LEAVE, Act.LAYOUT, Act.MORE}


def test_edge_to_edge_is_six_presses_at_most() -> None:
    for layout in ALL:
        assert (len(layout.rows) + 1) // 2 <= 6
        assert all(len(row) // 2 <= 6 for row in layout.rows)


def test_layouts_follow_each_other_in_a_ring() -> None:
    layout, seen = LAYOUTS["abc"], []
    for _ in LAYOUTS:
        seen.append(layout.name)
        layout = following(layout)
    assert seen == ["abc", "qwerty", "azerty", "qwertz", "phone"]
    assert layout is LAYOUTS["abc"]
