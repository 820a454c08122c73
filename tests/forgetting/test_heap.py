"""The snapshot itself: it would be worth nothing if it did not see into every corner."""

import asyncio
import contextvars
import functools
import queue
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

from tests.forgetting import heap

MARK = "planted-in-"


class Slots:
    """Has no dict."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


def test_the_snapshot_sees_into_every_corner() -> None:
    def plant(place: str) -> str:
        places.append(place)
        return f"{MARK}{place}"

    places: list[str] = []
    corners: list[Any] = [
        Slots(plant("slots")),
        {1: {"a": (1, plant("a dict that the collector has let go"))}},
        ((plant("tuples in tuples"),),),
        deque([plant("a deque")]),
        {plant("a set")},
        {plant("a key"): 1},
        functools.partial(print, plant("a partial")),
        bytearray(plant("a bytearray").encode()),
        memoryview(plant("a view").encode()),
        Slots(plant("bytes").encode()),
    ]

    cached = functools.lru_cache(lambda text, other: len(text) + other)
    cached(plant("a cache"), 1)
    corners.append(cached)

    inner = plant("a closure")
    corners.append(lambda: inner)

    def generator(value: str) -> Iterator[int]:
        yield 1
        yield len(value)

    waiting = generator(plant("a generator that has begun"))
    next(waiting)
    corners.append(waiting)

    context = contextvars.ContextVar[str]("context")
    copied = contextvars.copy_context()
    copied.run(context.set, plant("a context"))
    corners.append(copied)

    calls: queue.SimpleQueue[str] = queue.SimpleQueue()
    calls.put(plant("a queue"))
    corners.append(calls)

    def fail(value: str) -> None:
        raise ValueError

    try:
        fail(plant("a frame of an error"))
    except ValueError as error:
        corners.append(error)

    begun, enough = threading.Event(), threading.Event()

    def work(value: str) -> None:
        begun.set()
        enough.wait(30)

    thread = threading.Thread(target=lambda: work(plant("a thread's frame")))
    thread.start()
    begun.wait(30)

    async def in_a_loop() -> set[str]:
        async def sleeper(value: str) -> None:
            await asyncio.sleep(30)

        async def ender(value: str) -> str:
            return value

        box: asyncio.Queue[str] = asyncio.Queue()
        box.put_nowait(plant("an asyncio queue"))
        tasks = [asyncio.create_task(sleeper(plant("a coroutine"))), asyncio.create_task(ender(plant("a result")))]
        await asyncio.sleep(0)
        seen = _seen()
        tasks[0].cancel()
        return seen

    try:
        seen = asyncio.run(in_a_loop())
    finally:
        enough.set()
        thread.join()
    assert seen >= set(places), set(places) - seen
    del corners


def test_what_was_let_go_is_not_seen() -> None:
    gone = [f"{MARK}{1}-gone"]
    gone.clear()
    assert "1-gone" not in _seen()


def _seen() -> set[str]:
    found = (heap.as_bytes(text) for text, _ in heap.texts().values())
    return {text.removeprefix(MARK.encode()).decode() for text in found if text.startswith(MARK.encode())}
