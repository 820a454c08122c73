"""What each key means on the board: for the keyboard on the screen, and for the first frame before that is there.

Keys have Textual's names. Which keys of a remote arrive under them is another matter (kiosk/remote, `[keys]`).
"""

from kiosk.entry.board import Board, Step

_DIGITS = frozenset("0123456789")
_FAR = 1000
"""Characters, farther than any line is long: to its beginning, or its end."""


def typed(board: Board, character: str, now: float) -> Board:
    """The board after a character of a real keyboard, or a number key of a remote.

    Args:
        board: The board before.
        character: One that can be seen.
        now: Seconds, of the clock that number keys' letters go by.
    """
    return board.digit(character, now) if character in _DIGITS else board.type(character, by_keyboard=True)


def pressed(board: Board, key: str, now: float) -> Step | None:
    """What a key that types nothing leads to; None for one that means nothing on the board."""
    match key:
        case "up" | "down" | "left" | "right":
            return Step(board.move(key))
        # Some remotes and serial lines send a line feed for OK.
        case "enter" | "ctrl+j":
            return board.press(now)
        # It is OK on some remotes; on a real keyboard it is a slip, for no address has blanks.
        case "space":
            return Step(board) if board.typing else board.press(now)
        case "escape":
            return board.back(now)
        # Never leaving: a key held down to clear the line must not end the app.
        case "backspace" | "f1":
            return Step(board.delete())
        case "delete":
            return Step(board.delete(after=True))
        case "home":
            return Step(board.caret(-_FAR))
        case "end":
            return Step(board.caret(_FAR))
        case "f2":
            return board.submit()
        case "f3":
            return Step(board.next_layout())
        case "f4":
            return board.complete(now)
    return None
