"""What stands below each other, when there are not always lines enough for it."""

from collections.abc import Iterator
from itertools import pairwise

from textual.geometry import Region, Size, Spacing
from textual.layout import ArrangeResult, WidgetPlacement
from textual.layouts.vertical import VerticalLayout
from textual.widget import Widget

from kiosk.widgets.choices import Choices


class Column(Widget):
    """A column that gives up, as far as it must and no further: air, what can be spared, stacks of choices.

    Longer words of another language, a long address or a small terminal then cost what matters least, and the choices
    stay where they can be seen.
    """

    DEFAULT_CSS = """
    Column {
        width: 1fr;
        height: 1fr;
    }
    """

    def __init__(self, *children: Widget, id: str | None = None, spare: tuple[str, ...] = ()) -> None:  # noqa: A002
        super().__init__(*children, id=id)
        self.spare = spare
        """The ids of what can be spared, the least important first."""
        self._default_layout = _Yielding()


class _Yielding(VerticalLayout):
    """The column's way of placing things."""

    name = "yielding"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:  # noqa: FBT001, FBT002
        placements = super().arrange(parent, children, size, greedy)
        if not isinstance(parent, Column) or not size.height or _end(placements) <= size.height:
            return placements
        for fewer in _ever_fewer(placements, parent.spare):
            placements = fewer
            if sum(placement.region.height for placement in placements) <= size.height:
                break
        return _with_air(placements, size.height)


def _ever_fewer(placements: ArrangeResult, spare: tuple[str, ...]) -> Iterator[ArrangeResult]:
    yield placements
    for name in spare:
        placements = [placement for placement in placements if placement.widget.id != name]
        yield placements
        yield (placements := [_denser(placement) for placement in placements])
    yield [_denser(placement) for placement in placements]


def _denser(placement: WidgetPlacement) -> WidgetPlacement:
    widget, region = placement.widget, placement.region
    if not isinstance(widget, Choices):
        return placement
    return placement._replace(region=Region(region.x, region.y, region.width, widget.fewest_lines(region.width)))


def _with_air(placements: ArrangeResult, height: int) -> ArrangeResult:
    """One below the other, with as much as can be of the air that they want between them."""
    gaps = [0, *(max(above.margin.bottom, below.margin.top) for above, below in pairwise(placements))]
    gaps[0] = placements[0].margin.top if placements else 0
    missing = sum(gaps) + sum(placement.region.height for placement in placements) - height
    for _ in range(min(missing, sum(gaps))):
        widest = max(gaps)
        # The last of the widest: what stands above belongs together more.
        gaps[len(gaps) - 1 - gaps[::-1].index(widest)] -= 1
    placed: ArrangeResult = []
    y = 0
    for gap, placement in zip(gaps, placements, strict=True):
        y += gap
        region = placement.region
        placed.append(placement._replace(region=Region(region.x, y, *region.size), margin=Spacing()))
        y += region.height
    return placed


def _end(placements: ArrangeResult) -> int:
    return max((placement.region.bottom for placement in placements), default=0)
