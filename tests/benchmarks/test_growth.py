"""What a screen switch and a resend leave behind, in objects: no machine changes that. Megabytes: the long form.

Textual keeps sizes and places with each widget, a few of each; how many there are hangs on what was shown when, and so
they are emptied before anything is counted. That they are few is asserted beside it.
"""

import gc
import random
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from textual.cache import FIFOCache, LRUCache

from kiosk.forgetting import _caches
from kiosk.smartlogin.attempt import MOST_GUIDS
from tests.benchmarks.footprint import kinds
from tests.benchmarks.headless import Headless
from tests.benchmarks.rounds import WINDOW, Rounds, resend
from tests.virtual import VirtualLoop, run_virtually

SWITCHES = 20
"""Of screens, in one round."""

RESENDS = 15

SHEETS = (64, 4096)
"""Sizes of those caches that a style sheet has."""

MOST_KEPT = 16
"""Answers in any one of the caches that Textual has with each screen, widget and line."""


def counted() -> Counter[str]:
    """What there is, but for what is kept only to be quick."""
    for each in gc.get_objects():
        if isinstance(each, LRUCache | FIFOCache):
            each.clear()
    for cache in set(_caches()):
        cache.cache_clear()
    return kinds()


def fullest() -> int:
    """How many answers there are in the fullest one; the style sheet's own hold what is written in it."""
    mine = (each for each in gc.get_objects() if isinstance(each, LRUCache | FIFOCache))
    return max(len(each) for each in mine if each._maxsize not in SHEETS)


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


def test_screens_that_come_and_go_leave_no_object_behind(tmp_path: Path) -> None:
    async def main(loop: VirtualLoop) -> None:
        rounds = Rounds(loop, tmp_path)
        async with rounds.box.running() as box:
            for _ in range(2):
                await rounds.once()
            counted()
            await rounds.once()  # what was emptied is there again, where it is kept elsewhere
            for _ in range(2):
                before, begun = counted(), box.app.switches
                await rounds.once()
                assert box.app.switches - begun == SWITCHES
                assert fullest() <= MOST_KEPT
                more = counted() - before
                assert more.total() < SWITCHES, more

    _run(main)


def test_resends_leave_no_object_behind() -> None:
    async def main(loop: VirtualLoop) -> None:
        async with Headless(loop, random.Random(2), window=WINDOW).running() as box:
            await box.enter("jane@x.org")
            for _ in range(MOST_GUIDS):
                await resend(box)
            counted()
            await resend(box)
            before = counted()
            for _ in range(RESENDS):
                await resend(box)
                assert fullest() <= MOST_KEPT
            more = counted() - before
            assert more.total() < RESENDS, more

    _run(main)


def _run(main: Callable[[VirtualLoop], Any]) -> None:
    troubles: list[Mapping[str, Any]] = []
    run_virtually(main, troubles)
    assert not troubles
