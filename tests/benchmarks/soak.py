"""Months of sign-ins through the real app, in virtual time: does anything grow?

    python -m tests.benchmarks.soak [--count 2000] [--seed 0] [--json]

Every sign-in is typed and pressed key by key in the real headless app, and goes over real sockets to a service of the
benchmark's own that keeps nothing. Some are resent, some meet faults, some expire, some change the address or have to
accept the policy; all end in the welcome and a sign-out. After a fifth of them, for warming up, the memory may
grow by 1 kB a sign-in at most; threads, open files, tasks, screens and their widgets not at all.
"""

import argparse
import asyncio
import gc
import json
import os
import random
import statistics
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual import _time, events

from kiosk.app import KioskApp
from kiosk.looks import look_for
from kiosk.screens.base import Desk
from kiosk.signin.flow import SignIn
from kiosk.signin.stage import Parts
from kiosk.signin.states import Ended, Entering, PolicyDue, State, Waiting, Welcome
from kiosk.smartlogin.client import SmartLoginClient
from kiosk.vault.vault import Vault
from kiosk.widgets.choice import Choice
from tests.benchmarks.soakpeer import SoakPeer
from tests.keyrings import MemoryKeyring
from tests.virtual import InlineLane, VirtualClock, VirtualLoop, run_virtually

SAMPLES = 40
"""How often the memory is looked at."""

WARM_UP = 0.2
"""Share of the sign-ins that is left out: caches fill."""

LIMIT = 3000.0
"""Virtual seconds in which anything that is waited for has to come."""

WAYS = (*["straight"] * 8, "resent", "resent", *["faults"] * 4, "expired", "changed", "policy", "extended")
ADDRESSES = ("jane@x.org", "jo", "maria.garcia1987@yahoo.com")


@dataclass(frozen=True)
class Sample:
    """What there is after so many sign-ins."""

    sign_ins: int
    memory: int
    """Bytes of our own (anonymous pages): what is shared, and so PSS, hangs on who else runs."""
    objects: int
    """What the garbage collector knows of."""
    threads: int
    files: int
    tasks: int
    screens: int
    widgets: int


def sample(app: KioskApp, sign_ins: int) -> Sample:
    """Look."""
    gc.collect()
    modes = [screen for stack in app._screen_stacks.values() for screen in stack]
    return Sample(
        sign_ins=sign_ins,
        memory=_memory(),
        objects=len(gc.get_objects()),
        threads=threading.active_count(),
        files=len(list(Path("/proc/self/fd").iterdir())),
        tasks=len(asyncio.all_tasks()),
        screens=len(modes),
        widgets=sum(1 for screen in modes for _ in screen.walk_children(with_self=True)),
    )


def _memory() -> int:
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1]) * 1024
    return 0


class Soak:
    """Drives one app through its sign-ins."""

    def __init__(self, loop: VirtualLoop, count: int, seed: int, tell: Callable[[Sample], None]) -> None:
        self.samples: list[Sample] = []
        self.ways: Counter[str] = Counter()
        self.growth: Counter[str] = Counter()
        """What kinds of objects there are more of at the end than after the warm-up."""
        self._loop, self._count, self._tell = loop, count, tell
        self._dice = random.Random(seed)
        self._peer = SoakPeer(random.Random(seed + 1))
        self._clock = VirtualClock(loop)

    async def run(self) -> None:
        """All of them."""
        url = f"http://127.0.0.1:{await self._peer.start()}"
        vault = Vault("soak", MemoryKeyring)
        vault._lane = InlineLane()
        self._sign_in = SignIn(
            Parts(
                connect=lambda: SmartLoginClient(url, "key"),
                api_url=url,
                vault=vault,
                clock=self._clock,
                window=60.0,
                dice=self._dice.random,
            )
        )
        desk = Desk(self._sign_in.send, self._clock, site_name="Example TV", device_name="Lobby TV")
        self._app = KioskApp(self._sign_in, desk, look_for("dark", 1 << 24, console=False))
        every = max(1, self._count // SAMPLES)
        before: Counter[str] = Counter()
        with patch.object(_time, "get_time", self._loop.time):  # Textual's timers live in our time as well
            async with self._app.run_test(size=(80, 24)):
                once_each = sorted(set(WAYS))  # every screen is there before anything is compared
                for number in range(1, self._count + 1):
                    await self._sign_in_once(once_each.pop() if once_each else self._dice.choice(WAYS))
                    if number % every == 0:
                        self.samples.append(sample(self._app, number))
                        self._tell(self.samples[-1])
                    if number == int(self._count * WARM_UP):
                        before = _kinds()
                self.growth = _kinds() - before
        self._peer.stop()

    async def _sign_in_once(self, way: str) -> None:
        self.ways[way] += 1
        peer, app = self._peer, self._app
        peer.clicked, peer.policy, peer.faulty = False, way == "policy", 0.5 if way == "faults" else 0.0
        await self._enter(self._dice.choice(ADDRESSES))
        if way == "resent":
            state = await self._see(Waiting)
            await self._until(lambda: self._clock.now() >= state.resend_at)
            mails = peer.mails
            await self._press("again")
            await self._until(lambda: peer.mails > mails)
        elif way == "expired":
            await self._see(Ended)
            await self._press("again")
            await self._see(Waiting)
        elif way == "changed":
            await self._press("change")
            await self._see(Entering)
            await self._enter("")
        elif way == "extended":
            await self._press("reveal")
            await self._press("more")
        await asyncio.sleep(self._dice.uniform(1, 12))
        peer.clicked = True
        await self._get_in()
        await asyncio.sleep(self._dice.uniform(0, 6))
        peer.faulty = 0.0
        await self._press("signout")
        await self._see(Entering)
        assert app.screen.id is None or app.is_running

    async def _get_in(self) -> None:
        """Press what the screen offers, until it greets."""
        end = self._loop.time() + LIMIT
        while not isinstance(self._sign_in.state, Welcome):
            assert self._loop.time() < end, f"no welcome; {self._sign_in.state}"
            match self._sign_in.state:
                case Ended():  # the faults took longer than the link
                    await self._press("again")
                case PolicyDue(accepting=False):
                    await self._press("accept")
                case Entering():
                    await self._enter("")
            await asyncio.sleep(1)
        await asyncio.sleep(0.2)

    async def _enter(self, address: str) -> None:
        """Type it on a keyboard and send it, again and again where the network does not let it through."""
        for character in address:
            self._key(character, character)
        end = self._loop.time() + LIMIT
        while not isinstance(self._sign_in.state, Waiting | PolicyDue | Welcome | Ended):
            assert self._loop.time() < end, f"no mail; {self._sign_in.state}"
            if isinstance(self._sign_in.state, Entering):
                self._key("f2", None)  # the green key
            await asyncio.sleep(0.5)

    async def _press(self, choice: str) -> None:
        """Go to a choice, and press OK."""
        await self._until(lambda: self._app.screen.query(f"#{choice}"))
        await asyncio.sleep(0.2)
        self._app.screen.query_one(f"#{choice}", Choice).focus()
        await asyncio.sleep(0.2)
        self._key("enter", "\r")
        await asyncio.sleep(0.2)

    def _key(self, key: str, character: str | None) -> None:
        event = events.Key(key, character)
        event.set_sender(self._app)
        self._app.post_message(event)

    async def _see(self, kind: type[Any]) -> Any:
        await self._until(lambda: isinstance(self._sign_in.state, kind))
        await asyncio.sleep(0.2)
        return self._sign_in.state

    async def _until(self, condition: Callable[[], object]) -> None:
        end = self._loop.time() + LIMIT
        while not condition():
            state: State = self._sign_in.state
            assert self._loop.time() < end, f"it never came; {state}"
            await asyncio.sleep(1)


def _kinds() -> Counter[str]:
    gc.collect()
    return Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects())


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
    objects = slope(ran.samples, lambda each: each.objects)
    same = ("threads", "files", "tasks", "screens", "widgets")
    grown = [name for name in same if getattr(last, name) > getattr(first, name)]
    print("\r", end="", file=sys.stderr)
    if options.json:
        print(json.dumps({"memory": memory, "objects": objects, "samples": [asdict(each) for each in ran.samples]}))
    else:
        print(f"{options.count} sign-ins: {', '.join(f'{way} {times}' for way, times in ran.ways.most_common())}")
        print(f"memory   {memory:8.0f} bytes a sign-in (1024 at most); {first.memory >> 10} -> {last.memory >> 10} kB")
        print(f"objects  {objects:8.2f} a sign-in; {first.objects} -> {last.objects}")
        for name in same:
            print(f"{name:8} {getattr(first, name):8} -> {getattr(last, name)}")
        for kind, more in ran.growth.most_common(8):
            print(f"         {more:8} more {kind}")
    return 1 if grown or memory > 1024 else 0


if __name__ == "__main__":
    sys.exit(main())
