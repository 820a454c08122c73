"""The rows of the board: what the top one offers, and the ways of the focus among all of them.

They form a ring: above the first lies the last, and left of the first key its row's last.
"""

from kiosk.entry.domains import Domains, completed
from kiosk.entry.keys import WIDTH, Act, Key, Row

CYCLE = 12
"""Completions that the completing key goes through before it begins anew."""

# The row on top.


def offers(domains: Domains, text: str, room: int) -> Row:
    """How the text may go on: so many completions, side by side."""
    wide = WIDTH / room
    return tuple(
        Key(Act.COMPLETE, place * wide, wide, offer) for place, offer in enumerate(domains.completions(text, room))
    )


def answers(text: str, meant: str) -> Row:
    """The answers to the question whether this domain was meant by the text's: yes, and no."""
    half = WIDTH / 2
    return (Key(Act.MEND, 0, half, meant), Key(Act.KEEP, half, half, text.rpartition("@")[2]))


def next_offer(domains: Domains, stem: str, text: str) -> Key:
    """The completion of the stem that follows the one in the text; the first, where the text has none of them."""
    tails = domains.completions(stem, CYCLE)
    texts = [completed(stem, tail) for tail in tails]
    taken = texts.index(text) if text in texts else -1
    return Key(Act.COMPLETE, 0, WIDTH, tails[(taken + 1) % len(tails)])


# The ways of the focus.


def row_beside(rows: tuple[Row, ...], row: int, step: int) -> int:
    """Number of the next row up (-1) or down (1) that has keys: only the top one may have none."""
    beside = (row + step) % len(rows)
    return beside if rows[beside] else (beside + step) % len(rows)


def key_beside(row: Row, index: int, step: int) -> int:
    """Index of the next key to the left (-1) or right (1)."""
    return (index + step) % len(row)


def nearest(row: Row, column: float) -> int:
    """Index of the key that lies nearest to a column; of two, of the one whose middle does."""
    return min(range(len(row)), key=lambda index: (row[index].distance(column), abs(row[index].middle - column)))


def place_of(rows: tuple[Row, ...], act: Act) -> tuple[int, int] | None:
    """Row and index of the first key that does this; None where there is none."""
    for number, row in enumerate(rows):
        for index, key in enumerate(row):
            if key.act is act:
                return number, index
    return None
