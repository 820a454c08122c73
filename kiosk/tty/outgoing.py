"""What Textual writes, as it is sent to the terminal: whole frames, without what the terminal has no use for."""

import re

_ORDER = "\x1b(B\x0f\x1b[4;20l\x1b[?5l\x1b[m\x1b[?1l\x1b>"
"""Letters for letters, nothing inserted, lines end as usual, no colours, keys as usual."""
_WHOLE = "\x1b7\x1b[r\x1b8\x1b[?1049h\x1b[?6l"
"""The whole screen, the cursor where it was; then the second screen, with places counted from its corner."""

TAKE = f"{_ORDER}\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?69l{_WHOLE}"
"""Takes the terminal, whatever a program that was killed has left on."""
TAKE_CONSOLE = _ORDER + _WHOLE
"""The same for the Linux console."""
_SECOND_SCREEN = "\x1b[?1049h"
"""What Textual takes the terminal with."""

_CONTROL = re.compile(r"\x1b\[([<=>?])([0-9;]*)\$?([a-z])|\x1b\][0-9].*", re.DOTALL)
_CONSOLE_MODES = frozenset({"7", "25", "1049"})

_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
"""Around a frame, for terminals that know it: they show nothing of it before they have all of it."""


class Outgoing:
    """What is sent.

    Args:
        console: The terminal is the Linux console.
    """

    def __init__(self, *, console: bool) -> None:
        self._console = console
        self.taken = False
        """The terminal has been taken already: taken again, some would clear the frame."""
        self._frame = ""
        """What has come of a frame that has not ended yet."""

    def of(self, data: str) -> str:
        """What to send now for what is written now: nothing, while a frame is not whole."""
        if data == _SECOND_SCREEN:
            data = "" if self.taken else TAKE_CONSOLE if self._console else TAKE
        if self._frame or data == _BEGIN:
            self._frame += data
            if data != _END:
                return ""
            data, self._frame = self._frame, ""
        return terse(data) if not self._console or fit_for_console(data) else ""

    def forget(self) -> None:
        """Let what has come of a frame be: what follows is more important, and has to be sent now."""
        self._frame = ""


def fit_for_console(text: str) -> bool:
    """Whether the Linux console takes a control sequence for one; older kernels print parts of what they do not know.

    It answers no queries and has no keyboard protocol, mouse or paste reports either way. Frames are always fit.
    """
    control = _CONTROL.fullmatch(text)
    return control is None or (control[1] == "?" and control[3] in {"h", "l"} and control[2] in _CONSOLE_MODES)


_USELESS = re.compile(r"\n+(?=\x1b\[\d+;\d+H)")
"""Line ends before the cursor goes to a place of its own."""


def terse(frame: str) -> str:
    """The same picture in fewer bytes: a serial line takes a millisecond for each."""
    return _USELESS.sub("", frame).replace("\x1b[0m", "\x1b[m")
