"""The fewest presses that type an address: a search over the states of the real board.

Arrows only move the focus, and where to hangs on the shape of the board alone; so their ways are searched once for each
shape and shared, and the search over what is typed jumps from one key that changes something to the next.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from kiosk.entry.board import HELD, Board, Direction, Step, Wish
from kiosk.entry.keys import Act, Key
from kiosk.entry.layouts import Layout
from kiosk.entry.taps import PAUSE
from kiosk.values import replace

PAUSE_KEY = "pause"
"""No press: the hand rests until the letter of a number key stands."""

_FARTHEST = 9
"""Arrows from any key to any other of the same layout, and more than that."""

_Shape = tuple[float, ...]
"""Of the row on top, as far as moving goes: how wide its keys are."""

_ARROWS: tuple[Direction, ...] = ("up", "down", "left", "right")


class Remote(NamedTuple):
    """Which keys of a remote are used."""

    colours: bool = False
    digits: bool = False
    layouts: bool = False
    """Change layouts on the way, wherever that saves a press. No person would; the others are for people."""


class _Place(NamedTuple):
    layout: Layout
    more: bool
    row: int
    key: int
    column: float

    def put(self, board: Board) -> Board:
        """The board with the focus there."""
        return replace(
            board, layout=self.layout, more=self.more, row=self.row, index=self.key, column=self.column, tap=None
        )


class _Reach(NamedTuple):
    keys: tuple[str, ...]
    place: _Place
    key: Key
    phone: bool


class Way(NamedTuple):
    """Keys in their order."""

    keys: tuple[str, ...]

    @property
    def presses(self) -> int:
        """How many of them are pressed."""
        return sum(key != PAUSE_KEY for key in self.keys)


class Search:
    """Finds ways over a board; what it has learnt of moving is kept from one address to the next."""

    def __init__(self, start: Board, remote: Remote) -> None:
        self._start = start
        self._remote = remote
        self._moves: list[tuple[str, Callable[[Board], Board]]] = [(each, partial(_move, each)) for each in _ARROWS]
        if remote.layouts:
            self._moves.append(("f3", Board.next_layout))
        self._ways: dict[tuple[_Place, _Shape], list[_Reach]] = {}
        self._steps_from: dict[tuple[_Place, _Shape], list[tuple[str, _Place]]] = {}

    def fewest(self, target: str) -> Way:
        """The shortest way to have exactly `target` submitted."""
        number = itertools.count()
        heap: list[tuple[int, int, Board, tuple[str, ...]]] = [(0, next(number), self._start, ())]
        seen: set[tuple[object, ...]] = set()
        while heap:
            cost, _, board, keys = heapq.heappop(heap)
            if board.pressed_at == _DONE:
                return Way(keys)
            if (state := _state(board)) in seen:
                continue
            seen.add(state)
            for added, step in self._steps(board, target):
                after = step.board
                if step.wish is Wish.CONTINUE and after.line.text.strip() == target:
                    after = replace(after, pressed_at=_DONE)
                elif step.wish is not None or not _useful(after, target):
                    continue
                price = cost + sum(key != PAUSE_KEY for key in added)
                heapq.heappush(heap, (price, next(number), after, keys + added))
        raise ValueError(f"{target} cannot be typed on this board")

    def _steps(self, board: Board, target: str) -> Iterator[tuple[tuple[str, ...], Step]]:
        if self._remote.colours:
            yield ("f2",), board.submit()
            if board.next_completion is not None:
                # People look at what stands there before they press again; that takes longer than a key held down.
                yield ("f4",), replace(board, pressed_at=-2 * HELD).complete(0.0)
        if self._remote.digits:
            for digit in "0123456789":
                yield (digit,), Step(board.digit(digit, 0.0))
            if board.tap is not None:
                yield (PAUSE_KEY,), Step(board.settle())
        if board.typing:
            yield ("down",), Step(board.move("down"))
            return
        for reach in self._reachable(board):
            # What stands on the top row hangs on the text; elsewhere a key is what it was.
            key = board.top[reach.place.key] if reach.place.row == 0 else reach.key
            if _worth_pressing(board, key, target, phone=reach.phone):
                at = reach.place.put(board) if reach.keys else board
                yield (*reach.keys, "enter"), at.press(0.0)

    def _reachable(self, board: Board) -> list[_Reach]:
        """The keys, and the arrows that lead to them."""
        start, shape = _place(board), tuple(key.width for key in board.top)
        if (known := self._ways.get((start, shape))) is not None:
            return known
        ways: dict[_Place, tuple[str, ...]] = {start: ()}
        reached: dict[tuple[object, ...], _Reach] = {}
        line = deque([start])
        while line:
            place = line.popleft()
            if place[:4] not in reached:
                at = place.put(board)
                reached[place[:4]] = _Reach(ways[place], place, at.key, at.page.phone)
            if len(ways[place]) == _FARTHEST:
                continue
            for name, there in self._neighbours(board, place, shape):
                if there not in ways:
                    ways[there] = (*ways[place], name)
                    line.append(there)
        self._ways[start, shape] = list(reached.values())
        return self._ways[start, shape]

    def _neighbours(self, board: Board, place: _Place, shape: _Shape) -> list[tuple[str, _Place]]:
        if (known := self._steps_from.get((place, shape))) is None:
            at = place.put(board)
            known = self._steps_from[place, shape] = [(name, _place(move(at))) for name, move in self._moves]
        return known


_DONE = float("inf")


def _move(direction: Direction, board: Board) -> Board:
    return board.move(direction)


def _place(board: Board) -> _Place:
    return _Place(board.layout, board.more, board.row, board.index, board.column)


def _state(board: Board) -> tuple[object, ...]:
    tap = board.tap and (board.tap.choices, board.tap.count)
    return (board.line, _place(board), board.typing, board.capitals, tap, board.stem, board.question)


def _useful(board: Board, target: str) -> bool:
    """Whether what is typed can still become the target without being deleted."""
    text = board.line.text
    if board.stem is not None:
        return target.startswith((board.stem, text))
    if board.tap is not None:
        return target.startswith(text[:-1]) and target[len(text) - 1 : len(text)] in set(board.tap.choices)
    return target.startswith(text) and board.line.caret == len(text)


def _worth_pressing(board: Board, key: Key, target: str, *, phone: bool) -> bool:
    match key.act:
        case Act.TYPE if phone:
            return True
        case Act.TYPE:
            return target[len(board.line.text) :].startswith(board.face(key))
        case Act.MORE:
            return board.more or _awkward(target)
        case Act.CAPITALS:
            return any(character.isupper() for character in target)
        case Act.LEFT | Act.RIGHT | Act.DELETE | Act.LEAVE | Act.LAYOUT:
            return False
        case _:
            return True


def _awkward(target: str) -> bool:
    """Whether it has characters of the other page."""
    return any(character not in _FIRST_PAGE for character in target.lower())


_FIRST_PAGE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789@.-_+")

PAUSE_SECONDS = PAUSE + 0.1
