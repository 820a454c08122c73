"""What stands on the board: keys, rows of them, and what each key does."""

from enum import Enum, auto

from kiosk.values import Value, hidden

SIDE = 44
"""Where the words begin, beside the characters."""

WIDTH = 72
"""How wide the board is. Places are in cells of the smallest full-sized screen; other screens stretch or squeeze them,
and the movement stays the same."""


class Act(Enum):
    """What a key does."""

    TYPE = auto()
    """Type `text`; on the phone layout, one of its characters."""
    LEFT = auto()
    RIGHT = auto()
    """Move the caret."""
    DELETE = auto()
    MORE = auto()
    """The other page of characters."""
    CAPITALS = auto()
    LAYOUT = auto()
    """The next layout."""
    CONTINUE = auto()
    LEAVE = auto()
    COMPLETE = auto()
    """Complete the address with `text`."""
    MEND = auto()
    """Yes, `text` is the domain that was meant."""
    KEEP = auto()
    """No, `text` is right as it was typed."""


class Key(Value):
    """One key of the board."""

    act: Act
    x: float
    width: float
    text: str = hidden(default="")

    @property
    def middle(self) -> float:
        """The place of its middle."""
        return self.x + self.width / 2

    def distance(self, place: float) -> float:
        """How far a place lies from it; nothing, where it lies within."""
        return max(self.x - place, 0.0, place - self.x - self.width)


Row = tuple[Key, ...]
