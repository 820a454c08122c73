"""A number that can be read from across the room, out of full blocks that every console font has."""

from textual.content import Content
from textual.widget import Widget

ROWS = 5

_DIGITS = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", " ##", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", "  #", "  #"),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
}
"""Three by five; a dot is two cells wide, since cells are twice as high as wide."""


class BigNumber(Widget):
    """A few digits, large; nothing while there are none."""

    DEFAULT_CSS = """
    BigNumber { width: auto; height: 5; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._digits = ""

    def show(self, digits: str) -> None:
        """Show these digits."""
        self.display = bool(digits)
        if digits != self._digits:
            self._digits = digits
            self.refresh(layout=True)

    def render(self) -> Content:
        """The digits side by side."""
        rows = ("    ".join(_row(digit, row) for digit in self._digits) for row in range(ROWS))
        return Content("\n".join(rows))


def _row(digit: str, row: int) -> str:
    return "".join("██" if dot == "#" else "  " for dot in _DIGITS[digit][row])
