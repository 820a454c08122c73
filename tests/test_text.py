"""Text from outside."""

import pytest
from rich.cells import cell_len

from kiosk.text import LONGEST, cells, clean, padded


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


@pytest.mark.parametrize("text", ["", "ok", "warning", "警告", "too wide for it"])
def test_columns_stand_below_each_other_in_every_script(text: str) -> None:
    assert cells(text) == cell_len(text)
    assert cell_len(padded(text, 9)) == max(9, cell_len(text))
