"""Does a screen that changes, or a mail that is asked for again, leave anything behind?

    python -m tests.benchmarks.growth [--switches 900] [--resends 2000] [--json] [screens] [resends] [terminal]

`screens` leads the real headless app over all its screens (entry, waiting, PIN, end, policy, welcome, resting, trouble)
and `resends` asks for another mail on one waiting screen, both over real sockets and in virtual time; `terminal` is
`kiosk run` as it is installed, on a pseudo-terminal, between entry, waiting and welcome. Each part warms up first, for
caches fill. After that its memory may grow by 1 MB at most: what Python has allocated (`traced`; the terminal's part
cannot know that) and the process' own pages (`own`). How many objects a switch leaves is held by test_growth.py.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import sys
import threading
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kiosk.screens.welcome import SETTLING
from tests.benchmarks.footprint import footprint, kinds
from tests.benchmarks.headless import Headless
from tests.benchmarks.probe import Probe
from tests.benchmarks.rounds import WINDOW, Rounds, resend
from tests.benchmarks.soakpeer import SoakPeer
from tests.virtual import VirtualLoop, run_virtually

TARGET = 1 << 20
"""Bytes that all the switches, or all the resends, may leave behind."""

SWITCHES, RESENDS = 900, 2000

WARM_UP = 0.2
"""Share of them that is done before anything is measured."""

SAMPLES = 10
"""How often the memory is looked at on the way."""

PROMISED = ("traced", "own")
"""What the target is for: shared pages, and so the rest, hang on who else runs."""

ROUND = 10
"""Switches between two greetings, in the terminal."""

ENTRY, WAITING = "Back (leave|delete)", "Send again"
FRAME = 0.03
"""Seconds of silence that end a frame: half of one would still show what was there before."""

GREEN, BACK, RIGHT = "\x1bOQ", "\x1b", "\x1b[C"
"""The keys: F2, Escape, an arrow."""


@dataclass
class Sample:
    """What there is after so many switches, or resends."""

    done: int
    own: int
    rss: int
    pss: int
    traced: int | None
    """Bytes that Python has allocated."""
    objects: int | None


@dataclass
class Growth:
    """What one part has left behind."""

    what: str
    samples: list[Sample] = field(default_factory=list)
    """The first one is that after the warm-up."""
    more: dict[str, int] = field(default_factory=dict)
    """Kinds of objects that there are more of."""

    @property
    def done(self) -> int:
        """How many were measured."""
        return self.samples[-1].done - self.samples[0].done

    def by(self, name: str) -> int | None:
        """By how much something has grown."""
        first, last = getattr(self.samples[0], name), getattr(self.samples[-1], name)
        return None if first is None else last - first

    @property
    def flat(self) -> bool:
        """Whether it kept within what is promised."""
        return all((self.by(name) or 0) <= TARGET for name in PROMISED)


def screens(switches: int = SWITCHES, tell: Callable[[int], None] = lambda _done: None) -> Growth:
    """Over all screens, until so many switches are measured."""
    found = Growth("screen switches")

    async def main(loop: VirtualLoop) -> None:
        with TemporaryDirectory() as folder:
            rounds = Rounds(loop, Path(folder))
            async with rounds.box.running() as box:
                while box.app.switches < switches * WARM_UP:
                    await rounds.once()
                look(begun := box.app.switches)
                while box.app.switches < begun + switches:
                    await rounds.once()
                    tell(box.app.switches - begun)
                    look(box.app.switches)

    with _traced(found) as look:
        _run(main)
    return found


def resends(count: int = RESENDS, tell: Callable[[int], None] = lambda _done: None) -> Growth:
    """On one waiting screen, as often as that; nobody ever clicks."""
    found = Growth("resends")

    async def main(loop: VirtualLoop) -> None:
        async with Headless(loop, random.Random(2), window=WINDOW).running() as box:
            await box.enter("jane@x.org")
            for _ in range(int(count * WARM_UP)):
                await resend(box)
            look(0)
            for number in range(1, count + 1):
                await resend(box)
                if number % max(1, count // SAMPLES) == 0:
                    tell(number)
                    look(number)

    with _traced(found) as look:
        _run(main)
    return found


@contextmanager
def _traced(found: Growth) -> Iterator[Callable[[int], None]]:
    """Trace what is allocated, from the beginning: or what only takes the place of something older would count."""
    before: Counter[str] = Counter()
    tracemalloc.start()

    def look(done: int) -> None:
        now = kinds()
        if not found.samples:
            before.update(now)
        traced, memory = tracemalloc.get_traced_memory()[0], footprint()
        found.samples.append(Sample(done, memory.own, memory.rss, memory.pss, traced, now.total()))
        found.more = dict((now - before).most_common(8))

    try:
        yield look
    finally:
        tracemalloc.stop()


def _run(main: Callable[[VirtualLoop], Any]) -> None:
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    troubles: list[Mapping[str, Any]] = []
    run_virtually(main, troubles)
    assert not troubles, troubles


@contextmanager
def _service() -> Iterator[SoakPeer]:
    """A service of our own in a thread; its port is its `port`."""
    peer, loop, begun = SoakPeer(random.Random(3)), asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        await peer.start()
        begun.set()
        await asyncio.Event().wait()

    def run() -> None:
        asyncio.set_event_loop(loop)
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    task = loop.create_task(serve())
    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert begun.wait(10)
        yield peer
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)


def terminal(switches: int = SWITCHES, tell: Callable[[int], None] = lambda _done: None) -> Growth:
    """`kiosk run` on a pseudo-terminal: an address that is mended again and again, and at times somebody comes in."""
    found, seen = Growth("in a terminal"), 0
    with _service() as peer, TemporaryDirectory() as home:
        environ = {
            "PATH": os.environ["PATH"], "HOME": home, "TERM": "xterm-256color", "COLORTERM": "truecolor",
            "LANG": "C.UTF-8", "PYTHONPATH": os.environ.get("PYTHONPATH", ""), "KIOSK_API_KEY": "k",
            "KIOSK_API_URL": f"http://127.0.0.1:{peer.port}",
        }  # fmt: skip
        with Probe([sys.executable, "-m", "kiosk", "run"], environ) as it:
            it.see(ENTRY)
            it.press("jo")
            it.see(r"║ jo")
            for number in range(int((1 + WARM_UP) * switches) // ROUND):
                if number % max(1, switches // ROUND // SAMPLES) == 0 and seen >= switches * WARM_UP:
                    memory = footprint(it.pid)
                    found.samples.append(Sample(seen, memory.own, memory.rss, memory.pss, None, None))
                    tell(seen)
                _mend_and_come_in(it, peer)
                seen += ROUND
            memory = footprint(it.pid)
            found.samples.append(Sample(seen, memory.own, memory.rss, memory.pss, None, None))
    return found


def _mend_and_come_in(it: Probe, peer: SoakPeer) -> None:
    """`ROUND` switches between screens."""
    for _ in range(ROUND // 2 - 1):
        it.press(GREEN)
        it.see(WAITING, FRAME)
        it.press(BACK)
        it.see(ENTRY, FRAME)
    it.press(GREEN)
    it.see(WAITING, FRAME)
    peer.clicked = True
    it.press("\r")  # "I opened it"
    it.see("Sign out", FRAME)
    peer.clicked = False
    it.settle(SETTLING + 0.3)
    it.press(f"{RIGHT}\r")
    it.see(ENTRY, FRAME)
    it.press("jo")
    it.see(r"║ jo", FRAME)


PARTS: dict[str, Callable[[int, Callable[[int], None]], Growth]] = {
    "screens": screens,
    "resends": resends,
    "terminal": terminal,
}


def table(all_grown: list[Growth]) -> str:
    """For reading."""
    lines = [f"{'':28}{'before':>10}{'after':>10}{'growth':>10}{'target':>10}"]
    for grown in all_grown:
        lines.append(f"{grown.done} {grown.what}")
        for name in ("traced", "own", "rss", "pss", "objects"):
            if (more := grown.by(name)) is None:
                continue
            first, last = getattr(grown.samples[0], name), getattr(grown.samples[-1], name)
            unit = 1 if name == "objects" else 1024
            target = f"{TARGET // 1024:>10}{'' if more <= TARGET else '  missed'}" if name in PROMISED else ""
            shown = name if unit == 1 else f"{name}, kB"
            lines.append(f"  {shown:26}{first // unit:>10}{last // unit:>10}{more / unit:>10.0f}{target}")
        lines += [f"{more:>14} more {kind}" for kind, more in grown.more.items()]
    return "\n".join(lines)


def _tell(name: str, done: int) -> None:
    print(f"\r{name} {done} ", end="", file=sys.stderr, flush=True)


def main() -> int:
    """Print the figures; 1 where something grows."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all of them unless named")
    parser.add_argument("--switches", type=int, default=SWITCHES)
    parser.add_argument("--resends", type=int, default=RESENDS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    all_grown = []
    for name in options.parts or PARTS:
        count = options.resends if name == "resends" else options.switches
        all_grown.append(PARTS[name](count, partial(_tell, name)))
    print("\r", end="", file=sys.stderr)
    if options.json:
        print(json.dumps({"target": TARGET, "parts": [asdict(grown) for grown in all_grown]}, indent=1))
    else:
        print(table(all_grown))
    return int(not all(grown.flat for grown in all_grown))


if __name__ == "__main__":
    sys.exit(main())
