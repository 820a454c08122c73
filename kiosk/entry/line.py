"""The text that is typed, and the caret in it."""

import unicodedata

from kiosk.values import Value, hidden

ROOM = 400
"""Characters: more than any address has, so that one that is too long is told so instead of being cut."""


_UNSEEN = frozenset({"Zl", "Zp"})


def visible(text: str) -> str:
    """What of a text can be typed: all but control and format characters and the like.

    A blank stays, though no address has one: without it two words would become one that nobody typed.
    """
    if text.isascii() and text.isprintable():
        return text  # the tables of Unicode stay on the disk
    return "".join(character for character in unicodedata.normalize("NFC", text) if _fit(character))


def _fit(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] != "C" and category not in _UNSEEN


class Line(Value):
    """A line of text with a caret between two characters. Every change is a new line."""

    text: str = hidden(default="")
    caret: int = 0

    def insert(self, text: str) -> "Line":
        """Type at the caret; what cannot be seen, and what finds no room, is left out."""
        added = visible(text)[: ROOM - len(self.text)]
        return Line(self.text[: self.caret] + added + self.text[self.caret :], self.caret + len(added))

    def delete(self) -> "Line":
        """Take the character before the caret away."""
        if self.caret == 0:
            return self
        return Line(self.text[: self.caret - 1] + self.text[self.caret :], self.caret - 1)

    def delete_after(self) -> "Line":
        """Take the character after the caret away."""
        return Line(self.text[: self.caret] + self.text[self.caret + 1 :], self.caret)

    def move(self, by: int) -> "Line":
        """Move the caret, as far as there is text."""
        return Line(self.text, min(max(0, self.caret + by), len(self.text)))

    @classmethod
    def of(cls, text: str) -> "Line":
        """A line with the caret at its end."""
        return cls().insert(text)


EMPTY = Line()
