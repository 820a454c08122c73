"""What a terminal sends, cut into whole keystrokes; what means nothing is left out.

The line from the terminal is not to be trusted: remotes send odd keys, serial lines noise, links cut sequences in two,
people paste whole books. Nothing of an escape sequence that is not understood may end up as text in a field, and
nothing that was begun and never ended may keep what follows from being read.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from kiosk.tty.sequences import known

ESC = "\x1b"
QUIET = 0.5
"""Seconds of silence after which what was begun (a sequence, a paste) is taken for unfinished."""
PATIENCE = 5.0
"""Seconds after which a paste or a string is over even though the line never fell silent."""
LONGEST = 32
"""Characters: no sequence that means anything is longer."""
PASTE_ROOM = 4096
"""Characters kept of a paste: ten times the longest address; the rest is read and forgotten."""

# Besides the rule (parameters and intermediates, in whatever order, and one final character) there are the Linux
# console's `ESC[[A` and the old mouse report, `ESC[M` and three characters.
_CSI = re.compile(r"\x1b\[(?:\[[ -~]|M[^\x00-\x1f]{3}|[ -?]*[@-LN-Z\\-~]|[ -?]+[M\[])")
_CSI_BEGUN = re.compile(r"\x1b\[(?:\[|M[^\x00-\x1f]{0,2}|[ -?]*)\Z")
_CSI_SPOILT = re.compile(r"\x1b\[(?:M[^\x00-\x1f]*|\[?[ -?]*)")
_SS3 = re.compile(r"\x1bO[0-9;]*[A-Za-z]")
_SS3_BEGUN = re.compile(r"\x1bO[0-9;]*")
_STRING = re.compile(r"\x1b(?:\][0-9Ll]|P[0-9>!]|_G)")
"""Answers to queries (OSC, DCS, APC): nobody here asks, but whoever had the terminal before may have."""
_STRING_BEGUN = re.compile(r"\x1b[\]P_]\Z")
_TAIL = re.compile(r"\[[0-?]*[ -/]*[@-~]|O[A-Za-z]")
_NOT_FOR_TEXT = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]?|\x1bO?|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def escape_delay(environ: Mapping[str, str]) -> float:
    """Seconds after which an ESC by itself is the Escape key: as Textual has it."""
    try:
        return max(1, int(environ.get("ESCDELAY", "100"))) / 1000
    except ValueError:
        return 0.1


class Kind(Enum):
    """What a piece of input is."""

    CHARACTER = auto()
    """One character as typed, control characters included."""
    SEQUENCE = auto()
    """A whole escape sequence of a shape that means something."""
    NAMED = auto()
    """A key, by its Textual name."""
    ALT = auto()
    """The character that was typed together with Alt."""
    PASTE = auto()
    """Pasted text, without control characters but line ends and tabs."""


class Piece(NamedTuple):
    """One keystroke, or one report of the terminal."""

    kind: Kind
    text: str


_ESCAPE_KEY = Piece(Kind.NAMED, "escape")


@dataclass
class _Span:
    """What lasts until its end comes, and is no keystroke: a paste, a string, a sequence without measure."""

    end: re.Pattern[str]
    end_begun: re.Pattern[str]
    since: float
    kept: str | None = None
    """Text to deliver; None when nothing of it is of use."""


_PASTE_END = re.compile(r"\x1b\[201~"), re.compile(r"\x1b(?:\[(?:2(?:01?)?)?)?\Z")
# A new sequence ends an old one, as it does in terminals; so do CAN and SUB.
_STRING_END = re.compile(r"[\x07\x18\x1a]|\x1b\\|(?=\x1b(?s:.))"), re.compile(r"\x1b\Z")
_CSI_END = re.compile(r"[@-~]|(?=[^ -~])"), re.compile(r"(?!)")


class Keystrokes:
    """Bytes in, pieces out; `deadline` says when silence will have decided something.

    Args:
        escape_delay: Seconds after which an ESC by itself is the Escape key.
        clock: Monotonic seconds.
    """

    def __init__(self, escape_delay: float, clock: Callable[[], float]) -> None:
        self._escape_delay = escape_delay
        self._clock = clock
        self._decode = codecs.getincrementaldecoder("utf-8")("ignore").decode
        self._begun = ""
        self._span: _Span | None = None
        self._escaped_at = float("-inf")
        self.deadline: float | None = None

    def feed(self, data: bytes) -> list[Piece]:
        """Take what was read; returns what has become whole by it."""
        now = self._clock()
        pieces = list(self._overdue(now))
        text = self._decode(data)
        # A slow link cut a sequence behind its ESC, which by now was taken for the Escape key. No person types the rest
        # of one within a single read.
        if not self._begun and now - self._escaped_at < 2 * QUIET and _TAIL.fullmatch(text):
            text = ESC + text
        self._escaped_at = float("-inf")
        text, self._begun = self._begun + text, ""
        position = 0
        while position < len(text):
            step = self._in_span if self._span else self._escape if text[position] == ESC else self._character
            position = step(text, position, pieces)
        self._set_deadline(now)
        return pieces

    def expire(self) -> list[Piece]:
        """To be called when `deadline` has passed without input: returns what the silence has decided."""
        now = self._clock()
        if self.deadline is None or now < self.deadline:
            return []
        pieces = list(self._close_span())
        if self._begun == ESC:
            pieces.append(_ESCAPE_KEY)
            self._escaped_at = now
        self._begun = ""
        self.deadline = None
        return pieces

    def _set_deadline(self, now: float) -> None:
        if self._span is not None:
            self.deadline = min(now + QUIET, self._span.since + PATIENCE)
        elif self._begun:
            self.deadline = now + (self._escape_delay if self._begun == ESC else QUIET)
        else:
            self.deadline = None

    def _overdue(self, now: float) -> Iterator[Piece]:
        if self._span is not None and now - self._span.since >= PATIENCE:
            yield from self._close_span()

    def _close_span(self) -> Iterator[Piece]:
        span, self._span = self._span, None
        if span is not None and span.kept and (text := _NOT_FOR_TEXT.sub("", span.kept)):
            yield Piece(Kind.PASTE, text)

    def _in_span(self, text: str, position: int, pieces: list[Piece]) -> int:
        span = self._span
        assert span is not None  # noqa: S101 - for mypy
        if end := span.end.search(text, position):
            stop, after = end.span()
        else:
            begun = span.end_begun.search(text, position)
            stop, after = (begun.start() if begun else len(text)), len(text)
            self._begun = text[stop:]
        if span.kept is not None:
            span.kept += text[position : min(stop, position + PASTE_ROOM - len(span.kept))]
        if end:
            pieces.extend(self._close_span())
        return after

    def _character(self, text: str, position: int, pieces: list[Piece]) -> int:
        character = text[position]
        # The second set of control characters is no key of any keyboard.
        if not "\x80" <= character <= "\x9f":
            pieces.append(Piece(Kind.CHARACTER, character))
        return position + 1

    def _escape(self, text: str, position: int, pieces: list[Piece]) -> int:
        following = text[position + 1 : position + 2]
        if following == "[":
            return self._control_sequence(text, position, pieces)
        if whole := _SS3.match(text, position):
            _append_known(whole[0], pieces)
            return whole.end()
        if begun := _STRING.match(text, position):
            self._span = _Span(*_STRING_END, self._clock())
            return begun.end()
        if not following or _STRING_BEGUN.match(text, position):
            return self._unfinished(text, position)
        if begun := _SS3_BEGUN.match(text, position):
            return self._unfinished(text, position) if begun.end() == len(text) else begun.end()
        if following < " " and following != "\t":
            # Back, and then another key, typed ahead: a remote has no Alt. (ESC TAB is Shift+Tab of the Linux console.)
            pieces.append(_ESCAPE_KEY)
            return position + 1
        if following in "\t\x7f":
            pieces.append(Piece(Kind.SEQUENCE, ESC + following))
        elif following > "\x9f" or following < "\x7f":
            pieces.append(Piece(Kind.ALT, following))
        return position + 2

    def _control_sequence(self, text: str, position: int, pieces: list[Piece]) -> int:
        if whole := _CSI.match(text, position):
            if whole[0] == "\x1b[200~":
                self._span = _Span(*_PASTE_END, self._clock(), kept="")
            else:
                _append_known(whole[0], pieces)
            return whole.end()
        if _CSI_BEGUN.match(text, position):
            return self._unfinished(text, position)
        spoilt = _CSI_SPOILT.match(text, position)
        return spoilt.end() if spoilt else position + 2

    def _unfinished(self, text: str, position: int) -> int:
        if len(text) - position > LONGEST:
            self._span = _Span(*_CSI_END, self._clock())
        else:
            self._begun = text[position:]
        return len(text)


def _append_known(sequence: str, pieces: list[Piece]) -> None:
    meaning = known(sequence) if len(sequence) <= LONGEST else None
    if meaning is not None:
        pieces.append(Piece(Kind.SEQUENCE if meaning.startswith(ESC) else Kind.NAMED, meaning))
