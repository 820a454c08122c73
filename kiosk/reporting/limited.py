"""Something that is done at once, and then not again before its time; the last wish is never lost."""

import asyncio
from collections.abc import Callable


class Limited:
    """Does something when asked to, at most every `pause` seconds. Lives in the loop that asks."""

    def __init__(self, pause: float, work: Callable[[], None]) -> None:
        self._pause = pause
        self._work = work
        self._timer: asyncio.TimerHandle | None = None
        self._asked = False

    def ask(self) -> None:
        """Have it done: now, or as soon as it may be."""
        if self._timer is not None:
            self._asked = True
            return
        self._timer = asyncio.get_running_loop().call_later(self._pause, self._again)
        self._work()

    def stop(self) -> None:
        """Do nothing further."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _again(self) -> None:
        self._timer = None
        if self._asked:
            self._asked = False
            self.ask()
