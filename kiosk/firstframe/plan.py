"""What the remembered frame leaves out: where its parts stand, and in which inks they are painted when they change.

It is kept beside the frame (kiosk/firstframe/memory.py), so it may hold nothing of anybody either: it is made of the
settings and of the looks.
"""

import json
from typing import Any, NamedTuple

Ink = tuple[str, str]
"""What is sent before a text and after it, for it to look as it should."""


class FieldLook(NamedTuple):
    """The field with its frame, in one of its dresses."""

    rows: tuple[str, ...]
    """As they are sent; `TEXT` stands where the text belongs."""
    inks: dict[str, Ink]
    """Of the text, of the caret, and of what stands in an empty field."""


TEXT = "\0"
"""The place of the text in a row."""


class Plan(NamedTuple):
    """All that is needed to paint what keys change, and to know what they mean."""

    language: str
    encoding: str
    """Of the terminal."""
    console: bool
    """It is a Linux console: nothing is sent that it would print."""
    glyphs: dict[str, str] | None
    """What is drawn in place of each character beyond ASCII that keys and words have; None: all can be drawn."""
    keys: dict[str, str]
    """Keys that arrive under other names, and ours."""
    layout: str
    leaves: bool
    domains: tuple[str, ...]
    """The operator's."""
    habits: str
    """The file of the entry's habits; empty: there is none."""
    keyboard: tuple[int, int, int, int]
    """Column, line, width and height, from 0."""
    looks: tuple[Ink, ...]
    """By `Look` (kiosk/widgets/boardpicture.py)."""
    field: tuple[int, int]
    """Column and first line of the field with its frame."""
    text: tuple[int, int, int]
    """Column, line and width of what is typed in it."""
    placeholder: str
    resting: FieldLook
    typing: FieldLook
    """While somebody types on a real keyboard."""
    hints: tuple[int, int, int]
    """Column, line and width; without a width they are not shown."""
    marks: dict[str, str]
    """What stands before the words of a colour key."""
    hint_inks: dict[str, Ink]
    """By colour; that of the words under no name."""


def written(plan: Plan) -> bytes:
    """The plan for a file."""
    return json.dumps(plan._asdict()).encode("ascii")


def read(data: bytes) -> Plan | None:
    """The plan from a file; None if it is none."""
    try:
        found: dict[str, Any] = json.loads(data)
        # JSON knows lists, and no tuples.
        parts: dict[str, Any] = {key: tuple(part) if isinstance(part, list) else part for key, part in found.items()}
        plan = Plan(**parts)
        return plan._replace(
            looks=tuple(map(_ink, plan.looks)),
            resting=_look(plan.resting),
            typing=_look(plan.typing),
            hint_inks={name: _ink(each) for name, each in plan.hint_inks.items()},
        )
    except (ValueError, TypeError, AttributeError):
        return None


def _look(found: FieldLook) -> FieldLook:
    rows, inks = found
    return FieldLook(tuple(rows), {name: _ink(each) for name, each in inks.items()})


def _ink(found: Ink) -> Ink:
    before, after = found
    return before, after
