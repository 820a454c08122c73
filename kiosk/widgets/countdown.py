"""The time that is left, as figures and as a bar, drawn from a deadline and never counted down."""

import math
from collections.abc import Callable

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

BAR_CELLS = 30


class Countdown(Widget):
    """`14:32  ████████░░░░`: redraw it once a second."""

    DEFAULT_CSS = """
    Countdown { width: 100%; height: 1; }
    """

    def __init__(self, now: Callable[[], float], *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._now = now
        self._deadline = 0.0
        self._whole = 1.0
        self._drawn = (0, 0)

    def count_to(self, deadline: float) -> None:
        """Count to this time of the clock; a deadline that moves on is a new whole."""
        if deadline != self._deadline:
            self._deadline = deadline
            self._whole = max(1.0, deadline - self._now())
            self.refresh()

    def tick(self) -> None:
        """Another second: paint the figures, and the bar only when it has become shorter."""
        if self._bar == self._drawn:
            self.refresh(Region(0, 0, len(self._figures.rstrip()), 1))
        else:
            self.refresh()

    @property
    def left(self) -> int:
        """Whole seconds that are left; a second that has begun counts."""
        return max(0, math.ceil(self._deadline - self._now()))

    def render(self) -> Content:
        """Minutes, seconds and the bar."""
        cells, filled = self._drawn = self._bar
        return Content.assemble(
            self._figures, Content.styled(f"{'█' * filled}{'░' * (cells - filled)}", "$accent not bold")
        )

    @property
    def _figures(self) -> str:
        minutes, seconds = divmod(self.left, 60)
        return f"{minutes:2}:{seconds:02}  "

    @property
    def _bar(self) -> tuple[int, int]:
        """Its cells, and how many of them are filled."""
        cells = max(0, min(BAR_CELLS, self.size.width - len(self._figures)))
        return cells, min(cells, round(cells * self.left / self._whole))
