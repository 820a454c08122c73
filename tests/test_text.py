"""Text from outside."""

import pytest

from kiosk.text import LONGEST, clean


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Jane", "Jane"),
        ("  Jane \n Doe\t", "Jane Doe"),
        ("Jane\x1b[2J\x07", "Jane[2J"),
        ("\u202eenaJ\u202c", "enaJ"),
        ("\u2066Jane\u2069\u200f", "Jane"),
        ("[red]Jane[/red]", "[red]Jane[/red]"),
        ("\x00\x7f\x9b31m", "31m"),
        ("山田", "山田"),
        ("", ""),
    ],
)
def test_what_is_left_cannot_move_the_cursor_or_reorder_the_line(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_name_without_end_is_cut() -> None:
    assert len(clean("x" * 500)) == LONGEST
