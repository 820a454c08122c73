"""Choices beside each other, and on further lines where they find no room: words are longer in other languages."""

from textual.geometry import NULL_OFFSET, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.layouts.vertical import VerticalLayout
from textual.widget import Widget


class Choices(Widget):
    """A group of choices. A style sheet stacks them by `layout: vertical`, where there are the lines for it."""

    DEFAULT_CSS = """
    Choices {
        width: 1fr;
        height: auto;
    }
    """

    def __init__(self, *children: Widget, id: str | None = None) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(*children, id=id)
        self._flow, self._stack = _Flow(), _Stack()

    @property
    def layout(self) -> Layout:
        """How they stand."""
        return self._stack if isinstance(self.styles.layout, VerticalLayout) else self._flow

    def fewest_lines(self, width: int) -> int:
        """How few lines they can do with."""
        placements = self._flow.arrange(self, list(self.displayed_children), Size(width, 0))
        return placements[-1].region.bottom if placements else 0


class _Flow(Layout):
    """From left to right, as text flows."""

    name = "flow"

    def arrange(
        self,
        parent: Widget,
        children: list[Widget],
        size: Size,
        greedy: bool = True,  # noqa: ARG002, FBT001, FBT002 - Textual's signature
    ) -> ArrangeResult:
        parent.pre_layout(self)
        placements: ArrangeResult = []
        x = y = 0
        for child in children:
            width = min(child.get_content_width(size, parent.app.viewport_size), size.width)
            if x and x + width > size.width:
                x, y = 0, y + 1
            placements.append(WidgetPlacement(Region(x, y, width, 1), NULL_OFFSET, child.styles.margin, child))
            x += width + child.styles.margin.right
        return placements


class _Stack(_Flow):
    """Below each other, unless there are too few lines."""

    name = "stack"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:  # noqa: FBT001, FBT002
        placements = super().arrange(parent, children, size, greedy)
        if 0 < size.height < len(children):
            return placements
        return [
            placement._replace(region=Region(0, line, *placement.region.size))
            for line, placement in enumerate(placements)
        ]
