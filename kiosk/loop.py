"""The event loop's helper threads: none of them holds up the exit.

asyncio looks names up in the threads of its default executor, and joins them when the loop ends and once more when the
interpreter does. A name server that never answers keeps such a thread for 10 seconds and more, and the screen with it.
Daemon threads are left where they hang.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MOST_THREADS = 8
"""A device makes few calls at a time; more than these can only be hanging ones, and the next waits behind them."""


def fulfil(future: "Future[T]", work: Callable[[], T]) -> None:
    """Do the work in this thread, and let the future tell how it ended: with a result, or with whatever was raised."""
    try:
        future.set_result(work())
    except BaseException as error:  # noqa: BLE001 - the outermost boundary of a thread: else its caller waits for ever
        future.set_exception(error)


class DaemonExecutor(ThreadPoolExecutor):
    """Daemon threads, and nobody waits for them. asyncio takes no executor but a `ThreadPoolExecutor`."""

    def __init__(self) -> None:
        super().__init__(max_workers=MOST_THREADS)
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._started = 0
        self._free = 0
        self._ended = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Have `fn` called in a thread."""
        future: Future[T] = Future()
        with self._lock:
            if self._ended:
                raise RuntimeError("no call after the end")
            self._calls.put((future, lambda: fn(*args, **kwargs)))
            if self._free:
                self._free -= 1
            elif self._started < MOST_THREADS:
                self._started += 1
                threading.Thread(target=self._run, name="helper", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Let the threads end when they can; wait for none."""
        with self._lock:
            if not self._ended:
                self._ended = True
                for _ in range(self._started):
                    self._calls.put(None)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            future, work = call
            if future.set_running_or_notify_cancel():
                fulfil(future, work)
            del call, future, work  # a parked thread must not keep what it was asked for alive
            with self._lock:
                self._free += 1


def wait_for_no_thread() -> None:
    """Give the running loop helper threads that its end does not wait for."""
    asyncio.get_running_loop().set_default_executor(DaemonExecutor())


def run(main: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run`, whose end waits for no helper thread."""

    async def with_helpers() -> T:
        wait_for_no_thread()
        return await main

    return asyncio.run(with_helpers())
