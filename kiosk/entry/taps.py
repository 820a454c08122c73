"""Letters on number keys, as on a phone: press a key again, and its next letter stands there instead."""

from kiosk.entry.layouts import TAPS
from kiosk.entry.line import Line
from kiosk.values import Value, hidden

PAUSE = 1.1
"""Seconds after which the same key begins a new letter."""


class Tap(Value):
    """A letter that the next press of the same key would change."""

    digit: str = hidden()
    choices: str = hidden()
    at: float
    """When the key was last pressed."""
    count: int = 0

    @property
    def character(self) -> str:
        """What stands there now."""
        return self.choices[self.count % len(self.choices)]

    def goes_on(self, digit: str, now: float) -> bool:
        """Whether pressing this key now changes the letter instead of beginning another."""
        return digit == self.digit and now - self.at < PAUSE

    def again(self, now: float) -> "Tap":
        """The same key once more."""
        return Tap(self.digit, self.choices, now, self.count + 1)


def tapped(line: Line, last: Tap | None, digit: str, now: float, *, capitals: bool) -> tuple[Line, Tap]:
    """What a press of a number key makes of the line: another letter in the last one's place, or one more."""
    if last is not None and last.goes_on(digit, now):
        line, tap = line.delete(), last.again(now)
    else:
        tap = _first(digit, now, line.text[: line.caret][-1:], capitals=capitals)
    return line.insert(tap.character), tap


def _first(digit: str, now: float, before: str, *, capitals: bool) -> Tap:
    """A key pressed for the first time. After a digit, digits come first: numbers are rarely alone."""
    letters = TAPS[digit].upper() if capitals else TAPS[digit]
    return Tap(digit, digit + letters if before.isdigit() else letters + digit, now)
