"""`kiosk doctor --keys`: what each press of a remote arrives as, and the settings that make it what it should be.

Asked for one after the other, as people would press them. What arrives at the terminal is shown by its name; what a
device of the kernel tells beside it shows keys that get lost on the way, and which.
"""

import asyncio
import os
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from textual import events

from kiosk.language import gettext as _
from kiosk.remote.evdev import Press
from kiosk.remote.receiver import Receiver
from kiosk.remote.table import BY_CODE, BY_NAME, Action
from kiosk.tty.decoder import Decoder
from kiosk.tty.keystrokes import Keystrokes, Piece, escape_delay

ASKED = ("up", "down", "left", "right", "ok", "back", "red", "green", "yellow", "blue", "menu", "1", "erase")
"""What people are asked to press, in this order."""

PATIENCE = 8.0
"""Seconds that a press is waited for; a remote may not have the key."""

SETTLE = 0.3
"""Seconds that a press gets for all of its ways to us."""

_END = "ctrl+c"
_CLOSED = "closed"
"""No key's name: the terminal is gone."""
_KERNEL_NAMES = {code: name for action in BY_CODE.values() for name, code in action.codes.items()}


class KeyCheck:
    """Asks for keys, and remembers as what they arrived.

    Args:
        say: Shows words, and what comes after them: a new line, or nothing.
        descriptor: The terminal.
        mapping: What the settings make of keys already.
        patience: Seconds for each key.
    """

    def __init__(
        self,
        say: Callable[[str, str], None],
        descriptor: int,
        mapping: Mapping[str, str],
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._say = say
        self._descriptor = descriptor
        self._mapping = mapping
        self._patience = patience
        self._keystrokes = Keystrokes(escape_delay(os.environ), time.monotonic)
        self._decoder = Decoder(mouse=False)
        self._arrived: asyncio.Queue[str] = asyncio.Queue()
        self._seen: list[int] = []
        self._over = False

    async def run(self) -> dict[str, str]:
        """Ask for all of them; returns, by action, the key that stands in for one that arrived under another name."""
        loop = asyncio.get_running_loop()
        receiver = Receiver(lambda _action: None, raw=self._on_device)
        with raw(self._descriptor):
            loop.add_reader(self._descriptor, self._readable)
            receiver.start()
            try:
                return await self._ask_for_all(watched=bool(receiver.remotes))
            finally:
                receiver.close()
                loop.remove_reader(self._descriptor)

    async def _ask_for_all(self, *, watched: bool) -> dict[str, str]:
        self._say(_("Press each key that is named; Ctrl+C ends this. Keys that your remote lacks: wait."), "\n")
        if not watched:
            self._say(_("(/dev/input cannot be read here: keys that never reach the terminal cannot be named.)"), "\n")
        found: dict[str, str] = {}
        for name in ASKED:
            key = await self._ask_for(BY_NAME[name])
            if self._over:
                break
            if key is not None and key != BY_NAME[name].key and self._mapping.get(key) != BY_NAME[name].key:
                found[name] = key
        return found

    async def _ask_for(self, action: Action) -> str | None:
        self._say(f"  {action.name:<8} -> ", "")
        self._seen.clear()
        key = self._left_over()
        try:
            async with asyncio.timeout(self._patience):
                key = key or await self._arrived.get()
        except TimeoutError:
            self._say(self._nothing(), "\n")
            return None
        if key in {_END, _CLOSED}:
            self._say("", "\n")
            self._over = True
            return None
        await asyncio.sleep(SETTLE)  # a remote may send more than one key for a press: the first is the one that counts
        expected = _("as it should") if key == action.key else _("expected: {key}").format(key=action.key)
        if self._mapping.get(key) == action.key:
            expected = _("taken for {key} by the settings").format(key=action.key)
        self._say(f"{key} ({expected})", "\n")
        return key

    def _left_over(self) -> str:
        """What arrived since the last press was told is of that press; all but the end."""
        end = ""
        while not self._arrived.empty():
            key = self._arrived.get_nowait()
            end = key if key in {_END, _CLOSED} else end
        return end

    def _nothing(self) -> str:
        names = ", ".join(_KERNEL_NAMES.get(code, str(code)) for code in dict.fromkeys(self._seen))
        if names:
            return _("{names} at the kernel, nothing at the terminal: see packaging/remotes.md").format(names=names)
        return _("nothing")

    def _on_device(self, press: Press) -> None:
        self._seen.append(press.code)

    def _readable(self) -> None:
        try:
            data = os.read(self._descriptor, 1024)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            self._arrived.put_nowait(_CLOSED)
            return
        self._take(self._keystrokes.feed(data))
        if self._keystrokes.deadline is not None:
            asyncio.get_running_loop().call_later(
                max(0.0, self._keystrokes.deadline - time.monotonic()) + 0.01, self._expire
            )

    def _expire(self) -> None:
        self._take(self._keystrokes.expire())

    def _take(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            for event in self._decoder.events(piece):
                if isinstance(event, events.Key):
                    self._arrived.put_nowait(event.key)


@contextmanager
def raw(descriptor: int) -> Iterator[None]:
    """The terminal handing on every key at once, unseen; afterwards as it was."""
    before = termios.tcgetattr(descriptor)
    try:
        tty.setraw(descriptor, termios.TCSADRAIN)
        modes = termios.tcgetattr(descriptor)
        modes[1] |= termios.OPOST  # lines that are shown still begin on the left
        termios.tcsetattr(descriptor, termios.TCSADRAIN, modes)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def say(words: str, end: str = "\n") -> None:
    """Words on the terminal, not among what is written for other programs."""
    print(words, end=end, file=sys.stderr, flush=True)
