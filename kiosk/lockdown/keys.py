"""The long sequence of keys that asks for the operator's PIN: which it may be, and when it was pressed."""

from collections import deque
from collections.abc import Callable

FEWEST, MOST = 10, 32
DIFFERENT = 3
"""No key held down, and no moving to and fro, is a sequence."""
WITHIN = 20.0
"""Seconds for all of it: more than a slow remote needs, less than a child in front of the screen."""

_NAMES = {"enter": "ok", "ctrl+j": "ok", "space": "ok", "escape": "back", "backspace": "back",
          "f1": "red", "f2": "green", "f3": "yellow", "f4": "blue"}  # fmt: skip
"""What Textual calls a key → what it is on a remote. All others go by their own names."""

_KNOWN = frozenset({"up", "down", "left", "right", *_NAMES.values(), *"0123456789"})


def check_keys(text: str) -> str:
    """A sequence that can be used, in its canonical form; raises ValueError with what it must be."""
    keys = text.lower().replace(",", " ").split()
    if not FEWEST <= len(keys) <= MOST or len(set(keys)) < DIFFERENT or not set(keys) <= _KNOWN:
        raise ValueError(
            f"must be {FEWEST} to {MOST} keys, {DIFFERENT} different ones at least, of: {', '.join(sorted(_KNOWN))}"
        )
    return " ".join(keys)


class KeySequence:
    """Listens to every key and knows when the last ones were the sequence.

    Args:
        keys: As `check_keys` gives them.
        clock: Seconds that never jump.
    """

    def __init__(self, keys: str, clock: Callable[[], float]) -> None:
        self._wanted = tuple(keys.split())
        self._clock = clock
        self._pressed: deque[tuple[str, float]] = deque(maxlen=len(self._wanted))

    def completed_by(self, key: str) -> bool:
        """Whether this key, by Textual's name, is the last of the sequence."""
        now = self._clock()
        self._pressed.append((_NAMES.get(key, key), now))
        complete = tuple(name for name, _ in self._pressed) == self._wanted and now - self._pressed[0][1] <= WITHIN
        if complete:
            self._pressed.clear()
        return complete
