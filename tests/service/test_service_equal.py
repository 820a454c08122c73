"""Whether somebody has an account is not told: not by the answer, not by the work done, not by the time taken."""

import statistics
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.service.sample import sample_site
from kiosk.service.site import MailLimit
from tests.service.world import JANE, World, world

pytestmark = pytest.mark.usefixtures("each_store")

_STRANGER = "jane.dxe@example.com"


def spied(demo: World) -> Counter[str]:
    """Count what the store is asked."""
    asked: Counter[str] = Counter()
    for name in dir(demo.store):
        work = getattr(demo.store, name)
        if name.startswith("_") or not callable(work) or name in {"keys", "ask", "run", "redis", "close", "aclose"}:
            continue

        async def counted(*args: Any, _work: Any = work, _name: str = name, **kwargs: Any) -> Any:
            asked[_name] += 1
            return await _work(*args, **kwargs)

        setattr(demo.store, name, counted)
    return asked


@pytest.mark.parametrize("way", ["email", "username"])
async def test_the_store_does_the_same_work(demo: World, way: str) -> None:
    known, stranger = (JANE, _STRANGER) if way == "email" else ("jane", "jxne")
    work: list[Counter[str]] = []
    for number, who in enumerate((known, stranger)):
        asked = spied(demo)
        before = asked.copy()
        answer = await demo.call("login/smartlogin", **{way: who}, clientguid=f"g{number}")
        assert answer.json() == {"IsPosted": True}
        work.append(asked - before)
    work[0].pop("take_calls", None)
    work[1].pop("take_calls", None)
    assert work[0] == work[1]
    assert sum(work[0].values()) >= 4


async def test_the_answers_are_the_same_to_the_letter(demo: World) -> None:
    answers = [await demo.call("login/smartlogin", email=who, clientguid=who) for who in (JANE, _STRANGER)]
    pings = [await demo.ping(who) for who in (JANE, _STRANGER)]
    again = [await demo.call("login/smartlogin", email=who, clientguid=who) for who in (JANE, _STRANGER)]
    for known, stranger in (answers, pings, again):
        assert (known.status_code, known.content) == (stranger.status_code, stranger.content)
        assert dict(known.headers) == dict(stranger.headers)


async def test_the_time_is_the_same(tmp_path: Path) -> None:
    site = replace(sample_site(), requests_per_second=0, mail_limit=MailLimit(mails=1_000_000))
    async with world(site) as demo:
        took: dict[str, list[float]] = {JANE: [], _STRANGER: []}
        for number in range(120):
            for who in took if number % 2 else reversed(took):
                began = time.perf_counter()
                await demo.call("login/smartlogin", email=who, clientguid=f"{who}{number}")
                took[who].append(time.perf_counter() - began)
    known, stranger = (statistics.median(times) for times in took.values())
    # Generous, because this machine does other things too: without equal work it is a factor of two.
    assert 0.7 < known / stranger < 1.4
