"""Where the focus goes when an arrow is pressed: to the nearest control that lies in that direction."""

from collections.abc import Iterable
from typing import Literal

from textual.geometry import Region
from textual.widget import Widget

Direction = Literal["up", "down", "left", "right"]

_ASPECT = 2
"""Cells are twice as high as wide."""


def neighbour(start: Widget, others: Iterable[Widget], direction: Direction) -> Widget | None:
    """The control to go to from `start`, or None where nothing lies that way."""
    here = start.region
    reachable = [(distance, other) for other in others if (distance := _distance(here, other.region, direction))]
    return min(reachable, key=lambda pair: pair[0])[1] if reachable else None


def _distance(here: Region, there: Region, direction: Direction) -> float | None:
    """How far, weighing sideways steps more; None unless `there` lies wholly beyond the edge of `here`."""
    gap = {
        "up": here.y - there.bottom,
        "down": there.y - here.bottom,
        "left": here.x - there.right,
        "right": there.x - here.right,
    }[direction]
    if gap < 0:
        return None
    (x, y), (other_x, other_y) = here.center, there.center
    if direction in {"up", "down"}:
        # Overlapping columns count as straight on: a wide field lies above all the choices below it.
        across = max(0, here.x - there.right, there.x - here.right)
        return 1 + gap * _ASPECT + across + abs(x - other_x) / 1000
    return 1 + gap + abs(y - other_y) * _ASPECT * 2
