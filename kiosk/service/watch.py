"""What an operator sees of the traffic: one JSON line a request, and figures.

Neither holds a query string, a token, an address or a path that is not ours.
"""

import os
import time
from collections.abc import Callable
from typing import Final

from kiosk.service.figures import Figures

Write = Callable[[str], object]
_METHODS: Final = frozenset({"GET", "POST", "DELETE", "OPTIONS", "HEAD", "PUT", "PATCH"})


class Watch:
    """Sees every request when it is answered."""

    def __init__(self, write: Write | None = None) -> None:
        """Write a line for each request with `write`; None writes none."""
        self.figures = Figures()
        self._write = write
        self._second = 0
        self._now = ""
        self._process = os.getpid()

    def saw(self, path: str, method: str, status: int, code: int, seconds: float) -> None:
        """Count one request, and log it where that is wanted. `path` is the route, never what was asked for."""
        self.figures.count(path, status, code, seconds)
        if self._write is None:
            return
        second = int(time.time())
        if second != self._second:
            self._second, self._now = second, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
        # Every value is a number or a name of ours: nothing that needs escaping.
        self._write(
            f'{{"time":"{self._now}","path":"{path}","method":"{method if method in _METHODS else "OTHER"}",'
            f'"status":{status},"code":{code or "null"},"ms":{seconds * 1000:.2f},"process":{self._process}}}\n'
        )
