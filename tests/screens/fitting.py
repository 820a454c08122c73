"""What a screen wants to show, held against the cells that it has for it."""

from collections.abc import Iterator

from rich.cells import cell_len
from textual.errors import NoWidget
from textual.geometry import Region
from textual.map_geometry import MapGeometry
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from kiosk.app import KioskApp
from kiosk.entry.board import Board
from kiosk.widgets.boardpicture import Picture
from kiosk.widgets.choice import Choice
from kiosk.widgets.column import Column
from kiosk.widgets.field import Field
from kiosk.widgets.hints import Hints
from kiosk.widgets.keyboard import Keyboard


def misfits(app: KioskApp) -> list[str]:
    """What is clipped, cut, or broken within a word; in words."""
    screen = app.screen
    return [
        f"{widget.id or widget.css_identifier}: {wrong}"
        for widget in screen.walk_children(Widget)
        if _is_shown(widget)
        for wrong in _wrongs(screen, widget)
    ]


def off_screen(app: KioskApp) -> list[str]:
    """Controls that cannot be seen whole."""
    controls = [widget for widget in app.screen.focus_chain if _is_shown(widget)]
    return [str(control.id) for control in controls if not _in_view(app.screen, control)]


def _is_shown(widget: Widget) -> bool:
    if isinstance(widget.parent, Column) and widget.id in widget.parent.spare and _place(widget) is None:
        return False
    return all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))


def _place(widget: Widget) -> MapGeometry | None:
    try:
        return widget.screen.find_widget(widget)
    except NoWidget:
        return None


def _in_view(screen: Screen[object], widget: Widget) -> bool:
    place, room = _place(widget), screen.content_region
    return place is not None and place.region.intersection(place.clip).intersection(room) == place.region


def _wrongs(screen: Screen[object], widget: Widget) -> Iterator[str]:
    if isinstance(widget, Static | Choice | Field | Hints | Keyboard) and not _in_view(screen, widget):
        yield f"clipped: {widget.region} of {widget.render() if isinstance(widget, Choice) else ''}"
    width, height = widget.content_size
    match widget:
        case Static():
            yield from _in_lines(str(widget.content), width)
            wanted = widget.get_content_height(screen.size, screen.size, width)
            if wanted > height:
                yield f"{wanted} lines in {height}: {widget.content}"
            nowrap = widget.styles.text_wrap == "nowrap"
            if nowrap and cell_len(str(widget.content)) > width:
                yield f"cut: {widget.content}"
        case Choice():
            if cell_len(widget.render().plain) > width:
                yield f"cut: {widget.label}"
        case Field():
            if cell_len(widget.placeholder) + 1 > width:
                yield f"cut: {widget.placeholder}"
        case Hints():
            # OK and Back may go unsaid; the colours would be a riddle.
            shown = widget.render().plain
            if left_out := [hint.words for hint in widget.hints if hint.colour and hint.words not in shown]:
                yield f"left out: {left_out}"
        case Keyboard():
            yield from key_misfits(widget.board, widget._picture)


def _in_lines(text: str, width: int) -> Iterator[str]:
    for word in text.split():
        # Japanese breaks between any two characters.
        if cell_len(word) > width and not any(cell_len(character) > 1 for character in word):
            yield f"broken within {word}"


def key_misfits(board: Board, picture: Picture) -> Iterator[str]:
    """Keys whose words are cut, or that lie on others."""
    for number, row in enumerate(board.rows):
        end = 0
        for key in row:
            box, label = picture.box(board, number, key), picture.label(board, key)
            if cell_len(label) + 2 > box.width:
                yield f"key cut: {label}"
            # The marks of the focus may lie on their neighbours' air.
            if box.x + 1 < end or box.x + box.width > picture.width + 1:
                yield f"key out of place: {label} {box} in {Region(0, 0, picture.width, picture.height)}"
            end = box.x + box.width - 1
