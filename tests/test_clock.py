"""Sleeping through a suspend, and through a wall clock that jumps."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.virtual import VirtualClock, VirtualLoop, run_virtually


def awake(seconds: float, suspended: float, *, wrong: timedelta = timedelta()) -> float:
    """How long the machine was awake until a sleep of `seconds` ended that was suspended after one second."""

    async def main(loop: VirtualLoop) -> float:
        clock = VirtualClock(loop)
        began = loop.time()
        sleep = asyncio.create_task(clock.sleep(seconds))
        await asyncio.sleep(1)
        clock.suspend(suspended)
        clock.set_wrong(wrong)
        await sleep
        return loop.time() - began

    troubles: list[Mapping[str, Any]] = []
    found: float = run_virtually(main, troubles)
    assert not troubles
    return found


@pytest.mark.parametrize("seconds", [3.0, 9.0, 20.0, 30.0])
def test_what_was_due_soon_is_done_at_once_after_a_suspend(seconds: float) -> None:
    assert awake(seconds, 7200) <= 3


@pytest.mark.parametrize("seconds", [300.0, 900.0])
def test_what_was_due_later_is_done_within_half_a_minute(seconds: float) -> None:
    assert awake(seconds, 7200) <= 31


@pytest.mark.parametrize("seconds", [9.0, 900.0])
def test_a_suspend_counts_and_the_wall_clock_does_not(seconds: float) -> None:
    assert awake(seconds, 0, wrong=timedelta(days=-20_000)) == pytest.approx(seconds)
    assert awake(seconds, 5) == pytest.approx(seconds - 5)
