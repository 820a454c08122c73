"""The entry as one value: what is typed, where the focus is, and what each press makes of it.

The rows are the completions (or a question about a mistyped domain), then those of the layout. The field itself has the
focus only while somebody types on a real keyboard.
"""

from enum import Enum, auto
from typing import Literal, NamedTuple

from kiosk.entry.domains import Domains, completed
from kiosk.entry.keys import Act, Key, Row
from kiosk.entry.layouts import MORE, Layout, following, without_leave
from kiosk.entry.line import EMPTY, Line
from kiosk.entry.rows import answers, key_beside, nearest, next_offer, offers, place_of, row_beside
from kiosk.entry.taps import Tap, tapped
from kiosk.values import Value, hidden, replace

Direction = Literal["up", "down", "left", "right"]

HELD = 0.6
"""Seconds within which another press of Back, or of the completing key, counts as the same one held down."""


class Wish(Enum):
    """What the person wants of whoever shows the board."""

    CONTINUE = auto()
    LEAVE = auto()


class Step(NamedTuple):
    """What a press led to."""

    board: "Board"
    wish: Wish | None = None


class Board(Value):
    """The state of the entry. Every press gives another one."""

    layout: Layout
    domains: Domains
    room: int = 4
    """How many completions are shown at once."""
    leaves: bool = True
    """There is a way out: a key for it, and Back on an empty field. A locked screen has none."""
    line: Line = EMPTY
    top: Row = ()
    """The completions that fit, or the answers to a question."""
    row: int = 1
    index: int = 0
    column: float = 0.5
    """The place that the focus keeps to while it moves up and down."""
    typing: bool = False
    """The field has the focus."""
    more: bool = False
    capitals: bool = False
    tap: Tap | None = None
    stem: str | None = hidden(default=None)
    """What was typed before a completion was taken: another may take its place."""
    question: str | None = hidden(default=None)
    """The domain that may have been meant."""
    kept: str | None = hidden(default=None)
    """What the person has said to be right as it is."""
    pressed_at: float = float("-inf")
    """When Back or the completing key was last pressed."""

    @classmethod
    def fresh(cls, layout: Layout, domains: Domains, typed: str = "", room: int = 4, *, leaves: bool = True) -> "Board":
        """A board to begin with."""
        board = cls(layout=layout, domains=domains, line=Line.of(typed), room=room, leaves=leaves)
        return board._offering().at(layout.start[0] + 1, layout.start[1])

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, from top to bottom; the first may be empty."""
        return (self.top, *self.page.rows)

    @property
    def page(self) -> Layout:
        """The keys that are there now."""
        page = MORE if self.more else self.layout
        return page if self.leaves else without_leave(page)

    @property
    def key(self) -> Key:
        """The key that has, or would have, the focus."""
        return self.rows[self.row][self.index]

    @property
    def next_completion(self) -> Key | None:
        """What the completing key would do: take the first, or after one that was taken the next."""
        if self.stem is not None:
            return next_offer(self.domains, self.stem, self.line.text)
        return self.top[0] if self.top else None

    def face(self, key: Key) -> str:
        """What a character's key shows, and types."""
        upper = key.text.upper()
        return upper if self.capitals and len(upper) == 1 else key.text

    # Moving.

    def move(self, direction: Direction) -> "Board":
        """An arrow. While the field has the focus, left and right move the caret, up and down lead back."""
        board = self.settle()
        step = -1 if direction in {"left", "up"} else 1
        sideways = direction in {"left", "right"}
        if self.typing:
            return board.caret(step) if sideways else replace(board, typing=False)
        if sideways:
            return board.at(self.row, key_beside(self.rows[self.row], self.index, step))
        return board._in_row(row_beside(self.rows, self.row, step))

    def caret(self, by: int) -> "Board":
        """Move the caret."""
        return replace(self, line=self.line.move(by), tap=None)

    # Typing.

    def type(self, text: str, *, by_keyboard: bool = False) -> "Board":
        """Type at the caret; what a real keyboard types takes the focus into the field."""
        return self._edited(self.line.insert(text), typing=self.typing or by_keyboard)

    def digit(self, digit: str, now: float) -> "Board":
        """A number key: a digit, or one of its letters on the phone layout.

        It leaves the focus on the board, which a remote's owner is using, but an empty field takes it: whoever begins
        with digits may have nothing but a keyboard, and must find OK where they look for it.
        """
        typing = self.typing or not self.line.text
        if self.page.phone:
            return replace(self, typing=typing)._tapped(digit, now)
        return self.type(digit, by_keyboard=typing)

    def _tapped(self, digit: str, now: float) -> "Board":
        line, tap = tapped(self.line, self.tap, digit, now, capitals=self.capitals)
        return replace(self._edited(line, typing=self.typing), tap=tap)

    def settle(self) -> "Board":
        """The letter of a number key stays what it is."""
        return replace(self, tap=None)

    def delete(self, *, after: bool = False) -> "Board":
        """Take the character before the caret away, or the one after it."""
        line = self.line.delete_after() if after else self.line.delete()
        return self._edited(line, typing=self.typing)

    # Pressing.

    def press(self, now: float) -> Step:
        """OK."""
        return self.submit() if self.typing else self._act(self.key, now)

    def _act(self, key: Key, now: float) -> Step:
        match key.act:
            case Act.TYPE if self.page.phone:
                return Step(self._tapped(key.text, now))
            case Act.TYPE:
                return Step(self.type(self.face(key)))
            case Act.LEFT | Act.RIGHT:
                return Step(self.caret(-1 if key.act is Act.LEFT else 1))
            case Act.DELETE:
                return Step(self.delete())
            case Act.MORE | Act.CAPITALS | Act.LAYOUT:
                return Step(self._turned(key.act))
            case Act.COMPLETE:
                return Step(self._completed(key.text))
            case Act.MEND:
                board = self._edited(Line.of(completed(self.line.text, f"@{key.text}")))
                return Step(board, Wish.CONTINUE)
            case Act.KEEP:
                return replace(self, kept=self.line.text).submit()
            case Act.CONTINUE:
                return self.submit()
            case Act.LEAVE:
                return Step(self.settle(), Wish.LEAVE)

    def submit(self) -> Step:
        """Go on with what is typed, unless its domain looks mistyped: then ask first."""
        meant = None if self.line.text == self.kept else self.domains.meant(self.line.text.strip())
        board = self.settle()
        if meant is None:
            return Step(replace(board, question=None)._offering(), Wish.CONTINUE)
        return Step(replace(board, question=meant, typing=False)._offering().at(0, 0))

    def complete(self, now: float) -> Step:
        """The completing key: the first completion, and pressed again the next. Held down, it stays with the first."""
        held = self.stem is not None and now - self.pressed_at < HELD
        board = replace(self, pressed_at=now, tap=None)
        key = self.next_completion
        return Step(board) if held or key is None else board._act(key, now)

    def back(self, now: float) -> Step:
        """Back: no longer asked; else delete; on an empty field leave, but not because the key was held down."""
        board = replace(self, pressed_at=now)
        if self.question is not None:
            return Step(replace(board, question=None)._offering()._towards(Act.CONTINUE))
        if self.line.caret:
            return Step(board.delete())
        held = now - self.pressed_at < HELD
        return Step(board, None if held or self.line.text or not self.leaves else Wish.LEAVE)

    def next_layout(self) -> "Board":
        """The next layout."""
        return self._turned(Act.LAYOUT)

    def with_room(self, room: int) -> "Board":
        """The same with so many completions shown."""
        return self if room == self.room else replace(self, room=room)._offering()

    # What follows from a change.

    def _turned(self, act: Act) -> "Board":
        """Another page or layout: the focus stays where it is, or on the key that was pressed."""
        board = self.settle()
        if act is Act.CAPITALS:
            return replace(board, capitals=not self.capitals)
        if act is Act.MORE:
            board = replace(board, more=not self.more)
        else:
            board = replace(board, more=False, layout=following(self.layout))
        if self.key.act is act:
            return board._towards(act)
        return board._in_row(min(self.row, len(board.rows) - 1))

    def _completed(self, tail: str) -> "Board":
        stem = self.line.text if self.stem is None else self.stem
        board = self._edited(Line.of(completed(stem, tail)), typing=self.typing)
        return replace(board, stem=stem)._offering()._towards(Act.CONTINUE)

    def _edited(self, line: Line, *, typing: bool = False) -> "Board":
        if line == self.line:
            return replace(self, typing=typing, tap=None)
        board = replace(self, line=line, typing=typing, tap=None, stem=None, question=None)
        return board._offering()

    def _offering(self) -> "Board":
        if self.question is not None:
            top = answers(self.line.text, self.question)
        else:
            top = offers(self.domains, self.line.text if self.stem is None else self.stem, self.room)
        board = replace(self, top=top)
        if board.row or (self.index < len(top)):
            return board
        # The row under the focus has gone or become shorter.
        return board.at(0, len(top) - 1) if top else board._towards(Act.CONTINUE)

    def _towards(self, act: Act) -> "Board":
        place = place_of(self.rows, act)
        return self if place is None else self.at(*place)

    def _in_row(self, row: int) -> "Board":
        return replace(self, row=row, index=nearest(self.rows[row], self.column))

    def at(self, row: int, index: int) -> "Board":
        """The focus on this key."""
        return replace(self, row=row, index=index, column=self.rows[row][index].middle)
