"""One thread for all that may hang, and that never holds up the exit."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Lane:
    """One daemon thread that does one thing after the other. Started by the first call."""

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(self, work: Callable[[], T]) -> "Future[T]":
        """Have `work` done after what waits already."""
        future: Future[T] = Future()
        self._work.put((future, work))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="vault", daemon=True)
            self._thread.start()
        return future

    def _run(self) -> None:
        while True:
            future, work = self._work.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - carried over to the caller whole, as executors do
                future.set_exception(error)
            del future, work  # a parked thread must not keep the last secret alive
