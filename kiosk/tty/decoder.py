"""Pieces of input into Textual's events."""

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from kiosk.tty.keystrokes import ESC, Kind, Piece

_GROUND = f"{ESC}[I"
"""A sequence that brings the parser back to where it began."""
_REMEMBERED = 64
"""Sequences: more than any remote has keys."""


class Decoder:
    """Pieces of input into Textual's events, by Textual's own parser, which is given nothing it chokes on."""

    def __init__(self, *, mouse: bool) -> None:
        self._mouse = mouse
        self._parser = XTermParser()
        self._keys: dict[str, str] = {}
        """The keys that sequences are, once parsed; none of those that carry what somebody types."""

    def events(self, piece: Piece) -> list[Message]:
        """What a piece means to the app."""
        match piece.kind:
            case Kind.CHARACTER:
                return self._parse(piece.text)
            case Kind.SEQUENCE:
                return self._key_of(piece.text) or self._parse(piece.text)
            case Kind.NAMED:
                return [events.Key(piece.text, ESC if piece.text == "escape" else None)]
            case Kind.ALT:
                return self._with_alt(piece.text)
            case Kind.PASTE:
                return [events.Paste(piece.text)]

    def _key_of(self, sequence: str) -> list[Message]:
        key = self._keys.get(sequence)
        return [events.Key(key, None)] if key is not None else []

    def _parse(self, text: str) -> list[Message]:
        try:
            found = list(self._parser.feed(text))
            if len(text) > 1:
                # What it did not understand it holds back, to type it later: let it, and look away.
                list(self._parser.feed(_GROUND))
        except Exception:  # noqa: BLE001 - whatever upsets it, the next key must work
            self._parser = XTermParser()
            return []
        self._remember(text, found)
        return [event for event in found if self._mouse or not isinstance(event, events.MouseEvent)]

    def _remember(self, text: str, found: list[Message]) -> None:
        match found:
            case [events.Key(character=None) as event] if len(text) > 1 and len(self._keys) < _REMEMBERED:
                self._keys[text] = event.key

    def _with_alt(self, character: str) -> list[Message]:
        known = self._parse(ESC + character)
        if known and not any(isinstance(event, events.Key) and event.is_printable for event in known):
            return known
        plain = next((event for event in self._parse(character) if isinstance(event, events.Key)), None)
        if plain is None:
            return []
        upper = len(plain.key) == 1 and plain.key.isupper()
        return [events.Key(f"alt+shift+{plain.key.lower()}" if upper else f"alt+{plain.key}", None)]


def key_named(name: str) -> events.Key:
    """The event of a key that came by another way than its own bytes."""
    return events.Key(name, name if len(name) == 1 else None)
