"""A few cells of a widget painted now, and not when Textual's queues have run dry and its timer has struck.

From a changed widget to its frame Textual goes by way of two queues and a timer, and draws all that lies beneath the
widget as well. When the focus moves from one key to the next, that is most of the time from the press to the picture.
Nothing is remembered here, so nothing can differ later: any frame of Textual's shows the same lines of the same widget.

The private parts of Textual that this stands on are named in `tests/widgets/test_atonce.py`, which fails when one goes.
"""

from itertools import groupby

from textual.errors import NoWidget
from textual.geometry import Region
from textual.widget import Widget


def paint_at_once(widget: Widget, *regions: Region) -> bool:
    """Send parts of a widget to the terminal, and the cursor to its place after them.

    Args:
        widget: What has changed.
        regions: Where it has: parts of its content, each of one line.

    Returns:
        False, with nothing done, when a frame is due that may show something else in those places: then they are for
        `refresh`, as ever.
    """
    app, place, start = widget.app, widget.content_region.offset, widget.content_offset
    if (driver := app._driver) is None or not _undisturbed(widget):
        return False
    if not all(_in_sight(widget, region.translate(place)) for region in regions):
        return False
    widget._set_dirty(*regions)
    widget._exchange_repaint_regions()
    frame = []
    for y, parts in groupby(sorted(regions, key=_line), _line):
        line = widget.render_lines(Region(0, start.y + y, widget.outer_size.width, 1))[0]
        for x, _y, width, _height in parts:
            part = line.crop(start.x + x, start.x + x + width).simplify()
            frame += [_at(place.x + x, place.y + y), part.render(app.console)]
    driver.write("".join([*frame, _at(*app.cursor_position)]))
    return True


def _undisturbed(widget: Widget) -> bool:
    """Whether the terminal shows the widget as it was, in its place, and nothing of it waits to be painted."""
    app, screen = widget.app, widget.screen
    waits = widget._repaint_required or widget._repaint_regions or screen._layout_required
    return app.is_running and app.screen is screen and not app._batch_count and not waits


def _in_sight(widget: Widget, region: Region) -> bool:
    """Whether a part of a line is on the screen from end to end, and nothing over it."""
    try:
        return all(widget.screen.get_widget_at(x, region.y)[0] is widget for x in (region.x, region.right - 1))
    except NoWidget:
        return False


def _line(region: Region) -> int:
    return region.y


def _at(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"
