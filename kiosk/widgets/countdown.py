"""The time that is left, as figures and as a bar, drawn from a deadline and never counted down."""

import math
from collections.abc import Callable

from textual.content import Content
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

    def count_to(self, deadline: float) -> None:
        """Count to this time of the clock; a deadline that moves on is a new whole."""
        if deadline != self._deadline:
            self._deadline = deadline
            self._whole = max(1.0, deadline - self._now())
            self.refresh()

    @property
    def left(self) -> int:
        """Whole seconds that are left; a second that has begun counts."""
        return max(0, math.ceil(self._deadline - self._now()))

    def render(self) -> Content:
        """Minutes, seconds and the bar."""
        minutes, seconds = divmod(self.left, 60)
        figures = f"{minutes:2}:{seconds:02}  "
        cells = max(0, min(BAR_CELLS, self.size.width - len(figures)))
        filled = min(cells, round(cells * self.left / self._whole))
        return Content.assemble(figures, Content.styled(f"{'█' * filled}{'░' * (cells - filled)}", "$accent not bold"))
