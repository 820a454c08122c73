"""What the keys do while somebody types: the hints that belong to a board. No Textual."""

from collections.abc import Callable

from kiosk.entry.board import Board
from kiosk.entry.layouts import following
from kiosk.language import gettext
from kiosk.widgets.boardpicture import layout_label
from kiosk.widgets.hintline import Hint


def board_hints(board: Board, _: Callable[[str], str] = gettext) -> tuple[Hint, ...]:
    """The colour keys before the others: OK and the arrows explain themselves by being tried."""
    completion = board.next_completion
    return (
        Hint(_("delete"), "red"),
        Hint(_("continue"), "green"),
        Hint(layout_label(following(board.layout).name, _), "yellow"),
        *([Hint(completion.text, "blue")] if completion else []),
        Hint(_("OK press")),
        *([Hint(_("Back delete"))] if board.line.text else [Hint(_("Back leave"))] if board.leaves else []),
    )
