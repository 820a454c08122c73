"""Where the keys of the board stand in a room of so many cells, and what they look like. No Textual: only cells."""

from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from kiosk.entry.board import Board
from kiosk.entry.keys import SIDE, WIDTH, Act, Key, Row
from kiosk.entry.layouts import LAYOUTS, TAPS, following
from kiosk.language import gettext
from kiosk.values import Value

MOST_ROWS = max(len(layout.rows) for layout in LAYOUTS.values())
"""Rows of keys of the highest layout: the place of the hints does not change with the layout."""

_STRETCH = (0.5, 1.45)
"""How far the board shrinks and grows with its room."""

_NARROWEST = 2

_PHONE_KEY = 9
"""Cells of the widest key of the phone layout, `[1 .@-_+]`; the others are as wide, so that their letters align."""


class Look(IntEnum):
    """How a cell is painted."""

    GROUND = 0
    CHARACTER = 1
    WORD = 2
    GO = 3
    """The word that leads on."""
    OFFER = 4
    FOCUS = 5


class Box(NamedTuple):
    """Cells of one line."""

    line: int
    x: int
    width: int


class Picture(Value):
    """The board in a room of `width` by `height` cells."""

    width: int
    height: int
    say: Callable[[str], str] = gettext
    """What speaks the words on the keys."""

    @property
    def stretch(self) -> float:
        """Cells for each cell of the board's own measure."""
        return min(max(self.width / WIDTH, _STRETCH[0]), _STRETCH[1])

    @property
    def room(self) -> int:
        """How many completions find room."""
        return max(1, min(5, int(self.width * 4 / WIDTH))) if self.width < WIDTH else 4

    @property
    def stride(self) -> int:
        """Lines from one row of keys to the next."""
        return max(1, min(3, (self.height - 1) // MOST_ROWS))

    @property
    def first_line(self) -> int:
        """The line of the first row of keys: the completions stand on the top one, with air below them if there is."""
        return max(2, self.stride) if self.height >= MOST_ROWS + 2 else 1

    def row_at(self, board: Board, line: int) -> tuple[int, Row] | None:
        """The row of keys that is drawn on a line."""
        if line == 0:
            return 0, board.top
        row, rest = divmod(line - self.first_line, self.stride)
        rows = board.page.rows
        return (row + 1, rows[row]) if rest == 0 and 0 <= row < len(rows) else None

    def line_of(self, row: int) -> int:
        """The line that a row is drawn on."""
        return 0 if row == 0 else self.first_line + (row - 1) * self.stride

    def box(self, board: Board, row: int, key: Key) -> Box:
        """The cells of a key, with room for the marks of the focus."""
        line = self.line_of(row)
        if row == 0 or key.x >= SIDE:
            x, end = (int(place * self._stretched) for place in (key.x, key.x + key.width))
            return Box(line, x, min(end - x, cell_len(self.label(board, key)) + 2))
        pitch = max(_NARROWEST, int(board.page.pitch * self.stretch + 0.5))
        x, end = (int(place / board.page.pitch) * pitch for place in (key.x, key.x + key.width))
        if board.page.phone:
            return Box(line, x, min(pitch, _PHONE_KEY))
        wanted = max(cell_len(self.label(board, key)) + 2, min(pitch, 7) - 1 + pitch % 2)
        # Where keys stand close, the marks of the focus take the air beside its neighbours.
        return Box(line, x + max(0, (end - x - wanted) // 2), wanted)

    @property
    def _stretched(self) -> float:
        return min(self.width / WIDTH, _STRETCH[1])

    def label(self, board: Board, key: Key) -> str:
        """What stands on a key: characters themselves, words for the rest, for all eyes and all fonts."""
        _ = self.say
        match key.act:
            case Act.TYPE if board.page.phone:
                letters = TAPS[key.text].upper() if board.capitals else TAPS[key.text]
                return f"{key.text} {letters}".rstrip() if self.stretch >= 1 else f"{key.text}{letters}"[:5]
            case Act.TYPE:
                return board.face(key)
            case Act.COMPLETE:
                return key.text
            case Act.LAYOUT:
                return layout_label(following(board.layout).name, _)
            case Act.MEND:
                return _("Yes, {domain}").format(domain=key.text)
            case Act.KEEP:
                return _("No, {domain}").format(domain=key.text)
            case Act.MORE:
                return layout_label(board.layout.name, _) if board.more else _("more")
            case Act.CAPITALS:
                return "aa" if board.capitals else "Aa"
        return _words(_)[key.act]

    def paint(self, board: Board, line: int, *, focus: bool) -> list[tuple[str, Look]]:
        """A line as runs of cells that look alike."""
        cells, looks = [" "] * self.width, [Look.GROUND] * self.width
        if (found := self.row_at(board, line)) is None:
            return [("".join(cells), Look.GROUND)]
        number, row = found
        here = board.index if focus and not board.typing and number == board.row else -1
        # The focus is painted last: its marks lie over its neighbours' air.
        for index in sorted(range(len(row)), key=lambda index: index == here):
            self._paint_key(board, number, row[index], cells, looks, focus=index == here)
        return _runs(cells, looks)

    def _paint_key(
        self, board: Board, number: int, key: Key, cells: list[str], looks: list[Look], *, focus: bool
    ) -> None:
        box = self.box(board, number, key)
        left, right = "[]" if focus else "  "
        label = self.label(board, key)
        inside = box.width - 2
        if cell_len(label) > inside:
            label = set_cell_size(label, inside)
        free = inside - cell_len(label)
        # Characters stand in the middle of their keys, words begin where those above and below them begin.
        before = 0 if number == 0 or key.x >= SIDE or board.page.phone else free // 2
        place = box.x + 1 + before
        if not focus:
            _put(cells, looks, place, label, _look(key))
            return
        _put(cells, looks, box.x, left + " " * before, Look.FOCUS)
        _put(cells, looks, place, label, Look.FOCUS)
        _put(cells, looks, place + cell_len(label), " " * (free - before) + right, Look.FOCUS)


def layout_label(name: str, _: Callable[[str], str] = gettext) -> str:
    """What people call a layout."""
    return _("phone keys") if name == "phone" else name.upper()


def _words(_: Callable[[str], str]) -> dict[Act, str]:
    return {
        Act.LEFT: "◀",
        Act.RIGHT: "▶",
        Act.DELETE: _("del"),
        Act.CONTINUE: _("Continue"),
        Act.LEAVE: _("Leave"),
    }


def _look(key: Key) -> Look:
    match key.act:
        case Act.TYPE | Act.LEFT | Act.RIGHT:
            return Look.CHARACTER
        case Act.COMPLETE | Act.MEND | Act.KEEP:
            return Look.OFFER
        case Act.CONTINUE:
            return Look.GO
    return Look.WORD


def _put(cells: list[str], looks: list[Look], x: int, text: str, look: Look) -> None:
    """Write text into cells. A wide character fills two; the second holds nothing."""
    for character in text:
        wide = cell_len(character)
        if wide == 0 and 0 < x <= len(cells):
            cells[x - 1] += character
        if x + wide > len(cells):
            return
        for part in range(wide):
            cells[x + part] = "" if part else character
            looks[x + part] = look
        x += wide


def _runs(cells: list[str], looks: list[Look]) -> list[tuple[str, Look]]:
    # Blanks take the look of what stands before them: fewer changes of colour, fewer bytes to a slow terminal.
    runs: list[tuple[list[str], Look]] = []
    for cell, look in zip(cells, looks, strict=True):
        if runs and (runs[-1][1] == look or (look == Look.GROUND and runs[-1][1] != Look.FOCUS)):
            runs[-1][0].append(cell)
        else:
            runs.append(([cell], look))
    return [("".join(text), look) for text, look in runs]
