"""The parts of the first frame that keys change, painted as Textual paints them: the same cells in the same inks."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from rich.cells import cell_len

from kiosk.entry.board import Board
from kiosk.entry.line import visible
from kiosk.firstframe.plan import TEXT, FieldLook, Ink, Plan
from kiosk.widgets.boardhints import board_hints
from kiosk.widgets.boardpicture import Picture
from kiosk.widgets.fieldpicture import first_shown, parts
from kiosk.widgets.hintline import fitting

_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"


class Painter:
    """Paints what differs from one board to the next.

    Args:
        plan: Where everything stands.
        say: What speaks the words on the keys and in the hints.
        board: What the frame shows already.
    """

    def __init__(self, plan: Plan, say: Callable[[str], str], board: Board) -> None:
        self._plan = plan
        self._say = say
        self.picture = Picture(*plan.keyboard[2:], say)
        """The keyboard in its room."""
        self._table = str.maketrans(plan.glyphs or {})
        self._painted = dict(self._lines(board))

    def draws(self, character: str) -> bool:
        """Whether it is beyond doubt how this character is drawn: in one cell, and as itself or by a known stand-in."""
        if character.isascii():
            return character.isprintable()
        if visible(character) != character or cell_len(character) != 1:
            return False
        if self._plan.glyphs is not None:
            return character in self._plan.glyphs
        return True

    def paint(self, board: Board) -> bytes:
        """What to send to the terminal for this board to be seen; nothing, if it is."""
        lines = dict(self._lines(board))
        changed = "".join(text for place, text in lines.items() if self._painted.get(place) != text)
        self._painted = lines
        if not changed:
            return b""
        changed += self._cursor(board)
        if not self._plan.console:
            changed = f"{_BEGIN}{changed}{_END}"
        return changed.encode(self._plan.encoding, "replace")

    def _lines(self, board: Board) -> Iterator[tuple[int, str]]:
        """Every line that keys can change, by its number, with the way to its place."""
        yield from self._field(board)
        x, y, _width, height = self._plan.keyboard
        for line in range(height):
            runs = self.picture.paint(board, line, focus=True)
            yield y + line, _at(x, y + line) + self._inked((text, self._plan.looks[look]) for text, look in runs)
        x, y, width = self._plan.hints
        if width:
            yield y, _at(x, y) + self._hints(board, width)

    def _field(self, board: Board) -> Iterator[tuple[int, str]]:
        x, y = self._plan.field
        look = self._plan.typing if board.typing else self._plan.resting
        text = self._text(board, look, self._plan.text[2])
        for line, row in enumerate(look.rows):
            yield y + line, _at(x, y + line) + row.replace(TEXT, text)

    def _text(self, board: Board, look: FieldLook, width: int) -> str:
        if not board.line.text:
            hint = self._plan.placeholder[: width - 1]
            runs = [(" ", "caret"), (hint, "placeholder"), (" " * (width - 1 - cell_len(hint)), "text")]
        else:
            before, marked, after = parts(board.line, width, pending=board.tap is not None)
            after = after[: width - len(before) - 1]
            runs = [(before, "text"), (marked, "caret"), (after.ljust(width - len(before) - 1), "text")]
        return self._inked((text, look.inks[name]) for text, name in runs)

    def _hints(self, board: Board, width: int) -> str:
        runs = list(fitting(board_hints(board, self._say), self._plan.marks, width))
        runs.append((" " * (width - sum(cell_len(text) for text, _colour in runs)), ""))
        return self._inked((text, self._plan.hint_inks[colour]) for text, colour in runs)

    def _inked(self, runs: Iterable[tuple[str, Ink]]) -> str:
        """Texts as they are sent: those of one ink together."""
        together = ((ink, "".join(text for text, _ink in each)) for ink, each in groupby(runs, itemgetter(1)))
        return "".join(f"{ink[0]}{text.translate(self._table)}{ink[1]}" for ink, text in together if text)

    def _cursor(self, board: Board) -> str:
        """Braille displays follow the terminal's cursor: it goes where the focus is."""
        if board.typing:
            x, y, width = self._plan.text
            return _at(x + board.line.caret - first_shown(board.line, width), y)
        x, y, *_room = self._plan.keyboard
        box = self.picture.box(board, board.row, board.key)
        return _at(x + box.x + 1, y + box.line)


def _at(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"
