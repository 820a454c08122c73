"""What a keystroke makes of the board, where that is beyond doubt; everything else waits for Textual.

What keys mean is told by kiosk/entry/presses.py; here is which key it was, without Textual.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from kiosk.entry.board import Board, Step
from kiosk.entry.presses import pressed, typed
from kiosk.tty.keystrokes import Kind, Piece

_CONTROL = {"\r": "enter", "\n": "ctrl+j", "\x7f": "backspace", "\x08": "backspace", " ": "space"}
_FINALS = {
    "A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end",
    "P": "f1", "Q": "f2", "R": "f3", "S": "f4",
}  # fmt: skip
_NUMBERS = {1: "home", 3: "delete", 4: "end", 7: "home", 8: "end", 11: "f1", 12: "f2", 13: "f3", 14: "f4"}
_CODES = {13: "enter", 27: "escape", 127: "backspace"}
_LINUX = {"A": "f1", "B": "f2", "C": "f3", "D": "f4"}

_PLAIN = re.compile(r"\x1b(?:O([A-DFHPQRS])|\[([A-DFH])|\[\[([A-D])|\[(\d{1,2})~)")
_KITTY = re.compile(r"\x1b\[(\d{1,7})(?:;(\d{0,3})(?:;(\d{1,7}))?)?u")
_REPORT = re.compile(r"\x1b\[(?:[IO]|\?\d+;\d\$y|48;[\d;]+t)")
_SHIFT, _LOCKS = 1, 64 | 128
"""Bits of the modifiers: they change the text that comes along, or nothing."""


class Stroke(NamedTuple):
    """A key."""

    name: str
    """Textual's; empty for characters whose names only Textual knows."""
    character: str = ""


def is_report(piece: Piece) -> bool:
    """Whether the terminal speaks of itself, and nobody has pressed anything."""
    return piece.kind is Kind.SEQUENCE and _REPORT.fullmatch(piece.text) is not None


def stroke_of(piece: Piece, keys: Mapping[str, str]) -> Stroke | None:
    """The key that a piece of input is.

    Args:
        piece: The input.
        keys: Keys that arrive under other names, and ours.

    Returns:
        None for those that are not known here.
    """
    match piece.kind:
        case Kind.CHARACTER:
            stroke = _of_character(piece.text)
        case Kind.NAMED:
            stroke = Stroke(piece.text)
        case Kind.SEQUENCE:
            stroke = _of_sequence(piece.text)
        case _:
            return None
    if stroke is None or not keys:
        return stroke
    if not stroke.name:
        return None  # it may be one of those
    meant = keys.get(stroke.name)
    return Stroke(meant, meant if len(meant) == 1 else "") if meant else stroke


def _of_character(character: str) -> Stroke | None:
    if name := _CONTROL.get(character):
        return Stroke(name)
    if not character.isprintable():
        return None
    return Stroke(character if character.isascii() and character.isalnum() else "", character)


def _of_sequence(sequence: str) -> Stroke | None:
    if plain := _PLAIN.fullmatch(sequence):
        application, cursor, console, number = plain.groups()
        if number:
            return Stroke(_NUMBERS[int(number)]) if int(number) in _NUMBERS else None
        return Stroke(_LINUX[console] if console else _FINALS[application or cursor])
    if not (kitty := _KITTY.fullmatch(sequence)):
        return None
    code, bits, text = int(kitty[1]), int(kitty[2] or 1) - 1, kitty[3]
    if text:
        return _of_character(chr(int(text))) if not bits & ~(_SHIFT | _LOCKS) else None
    name = _CODES.get(code)
    return Stroke(name) if name and not bits & ~_LOCKS else None


def answer(board: Board, stroke: Stroke, now: float) -> Board | None:
    """The board after a key; None where more than the board would change."""
    step = Step(typed(board, stroke.character, now)) if stroke.character else pressed(board, stroke.name, now)
    # To go on, to leave, to be asked: there the sign-in has a say, and other parts of the screen change.
    return None if step is None or step.wish is not None or step.board.question is not None else step.board
