"""Months of sign-ins through the real app, in virtual time: does anything grow?

    python -m tests.benchmarks.soak [--count 2000] [--seed 0] [--json]

Every sign-in is typed and pressed key by key in the real headless app, and goes over real sockets to a service of the
benchmark's own that keeps nothing. Some are resent, some meet faults, some expire, some change the address or have to
accept the policy; all end in the welcome and a sign-out. After a fifth of them, for warming up, the memory may
grow by 1 kB a sign-in at most; threads, open files, tasks, screens and their widgets not at all.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kiosk.signin.states import Ended, Entering, Waiting
from tests.benchmarks.footprint import Holdings, footprint, holdings, kinds
from tests.benchmarks.headless import Headless
from tests.virtual import VirtualLoop, run_virtually

SAMPLES = 40
"""How often the memory is looked at."""

WARM_UP = 0.2
"""Share of the sign-ins that is left out: caches fill."""

WAYS = (*["straight"] * 8, "resent", "resent", *["faults"] * 4, "expired", "changed", "policy", "extended")
ADDRESSES = ("jane@x.org", "jo", "maria.garcia1987@yahoo.com")


@dataclass(frozen=True)
class Sample:
    """What there is after so many sign-ins."""

    sign_ins: int
    memory: int
    """Bytes of our own."""
    held: Holdings


class Soak:
    """Drives one app through its sign-ins."""

    def __init__(self, loop: VirtualLoop, count: int, seed: int, tell: Callable[[Sample], None]) -> None:
        self.samples: list[Sample] = []
        self.ways: Counter[str] = Counter()
        self.growth: Counter[str] = Counter()
        """What kinds of objects there are more of at the end than after the warm-up."""
        self._count, self._tell = count, tell
        self._dice = random.Random(seed)
        self._box = Headless(loop, random.Random(seed + 1))

    async def run(self) -> None:
        """All of them."""
        every = max(1, self._count // SAMPLES)
        before: Counter[str] = Counter()
        async with self._box.running() as box:
            once_each = sorted(set(WAYS))  # every screen is there before anything is compared
            for number in range(1, self._count + 1):
                await self._sign_in_once(once_each.pop() if once_each else self._dice.choice(WAYS))
                if number % every == 0:
                    self.samples.append(Sample(number, footprint().own, holdings(box.app)))
                    self._tell(self.samples[-1])
                if number == int(self._count * WARM_UP):
                    before = kinds()
            self.growth = kinds() - before

    async def _sign_in_once(self, way: str) -> None:
        self.ways[way] += 1
        box, peer = self._box, self._box.peer
        peer.clicked, peer.policy, peer.faulty = False, way == "policy", 0.5 if way == "faults" else 0.0
        await box.enter(self._dice.choice(ADDRESSES))
        if way == "resent":
            state = await box.see(Waiting)
            await box.until(lambda: box.clock.now() >= state.resend_at)
            mails = peer.mails
            await box.press("again")
            await box.until(lambda: peer.mails > mails)
        elif way == "expired":
            await box.see(Ended)
            await box.press("again")
            await box.see(Waiting)
        elif way == "changed":
            await box.press("change")
            await box.see(Entering)
            await box.enter("")
        elif way == "extended":
            await box.press("reveal")
            await box.press("more")
        await asyncio.sleep(self._dice.uniform(1, 12))
        peer.clicked = True
        await box.get_in()
        await asyncio.sleep(self._dice.uniform(0, 6))
        peer.faulty = 0.0
        await box.press("signout")
        await box.see(Entering)
        assert box.app.is_running


def soak(count: int, seed: int = 0, tell: Callable[[Sample], None] = lambda _sample: None) -> Soak:
    """Run `count` sign-ins; `tell` is told how it goes."""
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    troubles: list[Mapping[str, Any]] = []
    found: list[Soak] = []

    async def main(loop: VirtualLoop) -> None:
        found.append(Soak(loop, count, seed, tell))
        await found[0].run()

    run_virtually(main, troubles)
    assert not troubles, troubles
    return found[0]


def slope(samples: list[Sample], what: Callable[[Sample], int]) -> float:
    """How much more of it there is with every sign-in, by least squares, after the warm-up."""
    warm = [each for each in samples if each.sign_ins > samples[-1].sign_ins * WARM_UP]
    if len(warm) < 2:
        return 0.0
    return statistics.linear_regression([each.sign_ins for each in warm], [what(each) for each in warm]).slope


def main() -> int:
    """Print the figures; 1 where something grows."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    ran = soak(
        options.count, options.seed, lambda each: print(f"\r{each.sign_ins}", end="", file=sys.stderr, flush=True)
    )
    first = next(each for each in ran.samples if each.sign_ins >= options.count * WARM_UP)
    last = ran.samples[-1]
    memory = slope(ran.samples, lambda each: each.memory)
    objects = slope(ran.samples, lambda each: each.held.objects)
    same = ("threads", "files", "tasks", "screens", "widgets")
    grown = [name for name in same if getattr(last.held, name) > getattr(first.held, name)]
    print("\r", end="", file=sys.stderr)
    if options.json:
        print(json.dumps({"memory": memory, "objects": objects, "samples": [asdict(each) for each in ran.samples]}))
    else:
        print(f"{options.count} sign-ins: {', '.join(f'{way} {times}' for way, times in ran.ways.most_common())}")
        print(f"memory   {memory:8.0f} bytes a sign-in (1024 at most); {first.memory >> 10} -> {last.memory >> 10} kB")
        print(f"objects  {objects:8.2f} a sign-in; {first.held.objects} -> {last.held.objects}")
        for name in same:
            print(f"{name:8} {getattr(first.held, name):8} -> {getattr(last.held, name)}")
        for kind, more in ran.growth.most_common(8):
            print(f"         {more:8} more {kind}")
    return 1 if grown or memory > 1024 else 0


if __name__ == "__main__":
    sys.exit(main())
