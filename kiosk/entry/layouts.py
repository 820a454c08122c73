"""The layouts, as data: which character stands where."""

from functools import cache

from kiosk.entry.keys import SIDE, WIDTH, Act, Key, Row
from kiosk.values import Value, replace

_ACTS = {"◀": Act.LEFT, "▶": Act.RIGHT, "⌫": Act.DELETE, "⇧": Act.CAPITALS}
"""How keys that type nothing are written in the drawings below; what they show is the painter's business."""

# One character a key; one that is repeated is a key that much wider.
_ABC = (
    "abcdefg",
    "hijklmn",
    "opqrstu",
    "vwxyz.@",
    "1234567",
    "890-_+⇧",
)
_QWERTY = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl@",
    "zxcvbnm.-_",
    "++◀◀▶▶⌫⌫⌫⌫",
)
_AZERTY = (
    "1234567890",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn.@-_",
    "++◀◀▶▶⌫⌫⌫⌫",
)
_QWERTZ = (
    "1234567890",
    "qwertzuiop",
    "asdfghjkl@",
    "yxcvbnm.-_",
    "++◀◀▶▶⌫⌫⌫⌫",
)
_PHONE = (
    "123",
    "456",
    "789",
    "◀0▶",
    "⌫⌫⌫",
)
_MORE = (
    "!#$%&'*/=?",
    '^`{|}~"(),',
    r":;<>[\]äöü",
    "ßéèêëàáâçñ",
    "æíîóôúû◀▶⌫",
)
"""The other page, the same for all: what else an address can hold, in glyphs that console fonts have."""

# The words at the right, from top to bottom. Leaving stands far from going on.
_SIX_WORDS = ((Act.LEAVE,), (Act.MORE,), (Act.LAYOUT,), (Act.LEFT, Act.RIGHT), (Act.DELETE,), (Act.CONTINUE,))
_FIVE_WORDS = ((Act.LEAVE,), (Act.MORE,), (Act.LAYOUT,), (Act.CAPITALS,), (Act.CONTINUE,))

TAPS = {
    "1": ".@-_+",
    "2": "abc",
    "3": "def",
    "4": "ghi",
    "5": "jkl",
    "6": "mno",
    "7": "pqrs",
    "8": "tuv",
    "9": "wxyz",
    "0": "",
}
"""The characters of the number keys, as on a phone; the digit itself comes after them."""


class Layout(Value):
    """Where the keys are."""

    name: str
    pitch: int
    """How wide a key is."""
    rows: tuple[Row, ...]
    start: tuple[int, int]
    """Row and index of the key that the focus begins on: in the middle, where the ways are short."""
    phone: bool = False
    """Number keys type letters, by pressing them several times."""

    # There is one of each: two that look alike are the same one, and finding out takes no comparing of keys.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


def _characters(drawing: str, pitch: int) -> Row:
    keys: list[Key] = []
    for place, glyph in enumerate(drawing):
        if place and drawing[place - 1] == glyph:
            last = keys.pop()
            keys.append(Key(last.act, last.x, last.width + pitch, last.text))
        elif glyph in _ACTS:
            keys.append(Key(_ACTS[glyph], place * pitch, pitch))
        else:
            keys.append(Key(Act.TYPE, place * pitch, pitch, glyph))
    return tuple(keys)


_ARROW = 6
"""How wide the keys of the caret are, among the words."""


def _words(acts: tuple[Act, ...]) -> Row:
    places = [SIDE + place * _ARROW for place in range(len(acts))]
    return tuple(
        Key(act, place, end - place) for act, place, end in zip(acts, places, (*places[1:], WIDTH), strict=True)
    )


def _drawn(drawing: tuple[str, ...], pitch: int) -> tuple[Row, ...]:
    words = _SIX_WORDS if len(drawing) == len(_SIX_WORDS) else _FIVE_WORDS
    return tuple(_characters(line, pitch) + _words(acts) for line, acts in zip(drawing, words, strict=True))


LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout("abc", 5, _drawn(_ABC, 5), (1, 3)),
        Layout("qwerty", 4, _drawn(_QWERTY, 4), (2, 4)),
        Layout("azerty", 4, _drawn(_AZERTY, 4), (2, 4)),
        Layout("qwertz", 4, _drawn(_QWERTZ, 4), (2, 4)),
        Layout("phone", 13, _drawn(_PHONE, 13), (1, 1), phone=True),
    )
}
"""By name, in the order in which they follow each other."""

MORE = Layout("more", 4, _drawn(_MORE, 4), (0, 0))


@cache
def without_leave(layout: Layout) -> Layout:
    """The same without the key that leaves; always the same object for the same layout."""
    rows = tuple(tuple(key for key in row if key.act is not Act.LEAVE) for row in layout.rows)
    return replace(layout, rows=rows)


def following(layout: Layout) -> Layout:
    """The layout after this one; the first follows the last."""
    order = tuple(LAYOUTS.values())
    return order[(order.index(layout) + 1) % len(order)]
