"""The plan of the first frame, taken from the running app: its places, and its inks as Textual would send them."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from kiosk.app import KioskApp
from kiosk.firstframe.plan import TEXT, FieldLook, Ink, Plan
from kiosk.language import letters, spoken
from kiosk.screens.entry import EntryScreen
from kiosk.tty.fitting import FitGlyphs
from kiosk.tty.terminal import is_console
from kiosk.widgets.boardpicture import Look
from kiosk.widgets.hintline import COLOURS
from kiosk.widgets.hints import Hints

_SAMPLE = re.compile(r"((?:\x1b\[[\d;]*m)?)x+((?:\x1b\[0?m)?)")

_DRAWN = "■◀▶" + "".join(map(chr, (*range(0xA0, 0x180), *range(0x2010, 0x2028))))
"""Beyond ASCII: what keys, words and names are written with."""


def plan_of(app: KioskApp, screen: EntryScreen, encoding: str, habits: Path | None) -> Plan | None:
    """The plan of an entry that is on the screen, with its first frame painted.

    Args:
        app: The app.
        screen: The entry.
        encoding: Of the terminal.
        habits: The file of the entry's habits.

    Returns:
        None where not everything can be answered without the app.
    """
    keyboard, field, hints, desk = screen.keyboard, screen.field, screen.hints, screen.desk
    shown = [each for each in (keyboard, field, hints) if each.display]
    if desk.maintenance is not None or app.remote or not keyboard.has_focus:
        return None  # what the operator's sequence is waited for by, or read from, is there only later
    if not all(each.region and screen.region.contains_region(each.region) for each in shown):
        return None
    glyphs = next((each for each in app.get_line_filters() if isinstance(each, FitGlyphs)), None)
    looks = [keyboard.get_component_rich_style(f"keyboard--{look.name.lower()}") for look in Look]
    board = keyboard.board
    with _dressed(field, "-typing"):
        typing = _field_look(app.console, field)
    return Plan(
        language=spoken(),
        encoding=encoding,
        console=is_console(os.environ),
        glyphs=glyphs.stand_ins(_DRAWN + letters(spoken())) if glyphs else None,
        keys=dict(app.keys),
        layout=board.layout.name,
        leaves=board.leaves,
        domains=board.domains.names[: board.domains.fixed],
        habits=str(habits.absolute()) if habits else "",
        keyboard=(*keyboard.region.offset, *keyboard.region.size),
        looks=tuple(_ink(app.console, keyboard, style) for style in looks),
        field=(field.region.x, field.region.y),
        text=(field.content_region.x, field.content_region.y, field.content_region.width),
        placeholder=field.placeholder,
        resting=_field_look(app.console, field),
        typing=typing,
        hints=(hints.region.x, hints.region.y, hints.region.width if hints.display else 0),
        marks=hints.marks(),
        hint_inks=_hint_inks(app.console, hints) if hints.display else {},
    )


def _field_look(console: Console, field: Widget) -> FieldLook:
    styles = {name: field.get_component_rich_style(f"field--{name}") for name in ("text", "caret", "placeholder")}
    with _painting(field, styles["text"]):
        rows = [strip.render(console) for strip in field.render_lines(field.region.size.region)]
    return FieldLook(
        tuple(_SAMPLE.sub(TEXT, row) for row in rows),
        {name: _ink(console, field, style) for name, style in styles.items()},
    )


def _hint_inks(console: Console, hints: Hints) -> dict[str, Ink]:
    styles = {colour: hints.get_component_rich_style(f"hints--{colour}") for colour in COLOURS}
    return {name: _ink(console, hints, style) for name, style in {**styles, "": hints.rich_style}.items()}


def _ink(console: Console, widget: Widget, style: Style) -> Ink:
    """What a widget's text in a style is sent between, after all that Textual and the terminal's fitting do to it."""
    with _painting(widget, style):
        rows = [strip.render(console) for strip in widget.render_lines(widget.region.size.region)]
    found = next(match for row in rows if (match := _SAMPLE.search(row)))
    return found[1], found[2]


@contextmanager
def _painting(widget: Widget, style: Style) -> Iterator[None]:
    """The widget showing a sample of a style on every line."""
    sample = Strip([Segment("x" * widget.content_size.width, style)], widget.content_size.width)
    setattr(widget, "render_line", lambda _y: sample)  # noqa: B010 - what is of a class, for a moment of this one
    widget._styles_cache.clear()
    try:
        yield
    finally:
        del widget.render_line
        widget._styles_cache.clear()


@contextmanager
def _dressed(widget: Widget, name: str) -> Iterator[None]:
    """The widget in the class of this name. Nothing is painted meanwhile: nobody waits for anything in here."""
    widget.add_class(name)
    try:
        yield
    finally:
        widget.remove_class(name)
