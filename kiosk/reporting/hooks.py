"""What libraries and the interpreter have to say, by the names of who, how bad, what kind and where; never in words.

Their messages are made of whatever they hold at the time: addresses with client GUIDs in them, values of variables.
By default they also land on stderr, which is the screen.
"""

import asyncio
import logging
import sys
import threading
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Any

from kiosk.crash import crash_text

Tell = Callable[..., None]
"""Takes `logger`, `severity` and `error`."""


class Hooks:
    """Stands where these things come out; `remove` puts back what stood there."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._handler = _Quiet(tell)
        self._undo: list[Callable[[], None]] = []

    def install(self) -> None:
        """Stand there."""
        root = logging.getLogger()
        root.addHandler(self._handler)
        self._undo.append(lambda: root.removeHandler(self._handler))
        self._replace(sys, "excepthook", self._on_exception)
        self._replace(sys, "unraisablehook", self._on_unraisable)
        self._replace(threading, "excepthook", self._on_thread)
        self._replace(warnings, "showwarning", self._on_warning)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stand at the end of this loop's tasks, too."""
        before = loop.get_exception_handler()
        loop.set_exception_handler(self._on_task)
        self._undo.append(lambda: loop.set_exception_handler(before))

    def remove(self) -> None:
        """Put back what stood there."""
        while self._undo:
            self._undo.pop()()

    def _replace(self, module: Any, name: str, hook: Callable[..., None]) -> None:
        before = getattr(module, name)
        setattr(module, name, hook)
        self._undo.append(lambda: setattr(module, name, before))

    def _on_exception(
        self, _kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._tell(logger="kiosk", severity="CRITICAL", error=error)
        if sys.stderr is not None:  # the process ends with this: its last word, without values
            sys.stderr.write(crash_text(error))

    def _on_unraisable(self, what: Any) -> None:
        self._tell(logger="kiosk", severity="ERROR", error=what.exc_value)

    def _on_thread(self, what: threading.ExceptHookArgs) -> None:
        if what.exc_type is not SystemExit:
            self._tell(logger="kiosk", severity="ERROR", error=what.exc_value)

    def _on_task(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self._tell(logger="asyncio", severity="ERROR", error=context.get("exception"))

    def _on_warning(self, message: Warning | str, *_: object, **__: object) -> None:
        self._tell(logger="py.warnings", severity="WARNING", error=message)


class _Quiet(logging.Handler):
    """Passes on who and how bad. With it in place, `logging`'s last resort prints nothing."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Pass it on; the message is not even put together."""
        error = record.exc_info[1] if record.exc_info else None
        self._tell(logger=record.name, severity=record.levelname, error=error)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - as logging has it
        """Say nothing: logging's own way prints the record on stderr."""
        return
