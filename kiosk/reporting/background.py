"""A thread for what may wait for a disk: a card that is busy for seconds must not hold up a key press."""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress

MOST = 500
"""Pieces of work that may wait; what comes on top is dropped: the log is not worth the memory of a box."""


class Background:
    """One daemon thread, started by the first piece of work, that does them one after the other."""

    def __init__(self) -> None:
        self._work: queue.Queue[Callable[[], None]] = queue.Queue(MOST)
        self._thread: threading.Thread | None = None

    def put(self, work: Callable[[], None]) -> None:
        """Have it done; or drop it, where too much waits."""
        with suppress(queue.Full):
            self._work.put_nowait(work)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="reporting", daemon=True)
            self._thread.start()

    def finish(self, limit: float) -> None:
        """Wait until all is done, though not longer than `limit` seconds."""
        end = time.monotonic() + limit
        with self._work.all_tasks_done:
            while self._work.unfinished_tasks and (left := end - time.monotonic()) > 0:
                self._work.all_tasks_done.wait(left)

    def _run(self) -> None:
        while True:
            work = self._work.get()
            with suppress(OSError):  # a full disk, a directory that has gone: the sign-in does not care
                work()
            self._work.task_done()
