"""How many presses an address takes, counted on the real app.

    python -m tests.benchmarks.presses [--json] [--layout NAME] [ADDRESS…]

For each address the fewest presses are searched on the real board (tests/benchmarks/optimal.py), then the app itself is
driven key by key along that way, and must submit exactly that address. KSPC is presses for each character.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from textual.pilot import Pilot

from kiosk.app import KioskApp
from kiosk.entry.layouts import LAYOUTS
from kiosk.screens.entry import EntryScreen
from kiosk.signin.intents import Submit
from kiosk.signin.states import Entering, Outcome
from tests.benchmarks.optimal import PAUSE_KEY, PAUSE_SECONDS, Remote, Search, Way
from tests.clock import FakeClock
from tests.screens.stage import app_in, still_of

REFERENCE = (
    "jane.doe@gmail.com",
    "john.smith@outlook.com",
    "maria.garcia1987@yahoo.com",
    "anna-lena_b@icloud.com",
    "k.mueller@web.de",
    "liwei88@qq.com",
    "s.o@gmx.net",
    "admin@example.org",
)
"""The addresses of the table in experience.md, section 3."""

OTHERS = {
    "linear A-Z strip": 8.29,
    "Kodi, ABC": 7.4,
    "QWERTY 10 wide, no wrap": 5.62,
    "ABC 6 wide, no wrap": 5.49,
    "QWERTY, wrap, a row of domains": 3.40,
    "ABC 6 wide, wrap, completion on colour keys": 2.45,
    "number keys, multi-tap, completion on colour keys": 1.39,
}
"""The rest of that table."""


@dataclass(frozen=True)
class Hands:
    """A way to hold a remote."""

    name: str
    remote: Remote
    target: float | None = None
    """KSPC of the reference addresses that is not to be exceeded."""
    phone: bool = False
    """The phone layout is on, as its owner has set it."""


HANDS = (
    Hands("arrows + OK", Remote(), 2.6),
    Hands("arrows + OK + colour keys", Remote(colours=True)),
    Hands("the same, layouts changed on the way", Remote(colours=True, layouts=True), 2.2),
    Hands("number keys + colour keys", Remote(colours=True, digits=True), 1.4, phone=True),
)


@dataclass(frozen=True)
class Count:
    """What one way of holding the remote took."""

    hands: Hands
    ways: dict[str, Way]

    @property
    def kspc(self) -> float:
        """Presses for each character."""
        return sum(way.presses for way in self.ways.values()) / sum(map(len, self.ways))


async def count(hands: Hands, addresses: Sequence[str], layout: str) -> Count:
    """Search the ways and walk them."""
    app = app_in(Entering())
    ways = {}
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen = cast(EntryScreen, app.screen)
        screen.keyboard.begin(layout="phone" if hands.phone else layout)
        search = Search(screen.keyboard.board, hands.remote)
        for address in addresses:
            screen.keyboard.begin(layout="phone" if hands.phone else layout)
            ways[address] = search.fewest(address)
            submitted = await walk(app, pilot, ways[address])
            if submitted != [address]:
                raise AssertionError(f"{address}: the app submitted {submitted}")
    return Count(hands, ways)


async def walk(app: KioskApp, pilot: Pilot[Outcome], way: Way) -> list[str]:
    """Press the keys on the app; returns what it submitted."""
    clock = cast(FakeClock, cast(EntryScreen, app.screen).desk.clock)
    still_of(app).intents.clear()
    for key in way.keys:
        if key in {PAUSE_KEY, "f4"}:
            await clock.advance(PAUSE_SECONDS)
        if key != PAUSE_KEY:
            await pilot.press(key)
    await pilot.pause()
    return [intent.typed for intent in still_of(app).intents if isinstance(intent, Submit)]


def table(counts: Sequence[Count]) -> str:
    """For reading."""
    addresses = list(counts[0].ways)
    lines = [f"{'presses':<50}" + "  ".join(count.hands.name for count in counts)]
    for address in addresses:
        presses = (f"{count.ways[address].presses:>{len(count.hands.name)}}" for count in counts)
        lines.append(f"{address:<50}" + "  ".join(presses))
    lines.append("")
    rows = [(name, kspc, "") for name, kspc in OTHERS.items()]
    for each in counts:
        target = "" if each.hands.target is None else f"  (at most {each.hands.target})"
        rows.append((f"kiosk: {each.hands.name}", each.kspc, target))
    lines += [f"{name:<58}{kspc:6.2f}{target}" for name, kspc, target in rows]
    return "\n".join(lines)


def as_json(counts: Sequence[Count]) -> str:
    """For machines."""
    return json.dumps(
        {
            each.hands.name: {
                "kspc": round(each.kspc, 3),
                "target": each.hands.target,
                "presses": {address: way.presses for address, way in each.ways.items()},
                "keys": {address: way.keys for address, way in each.ways.items()},
            }
            for each in counts
        },
        indent=2,
    )


def main() -> int:
    """Print the figures; exit 1 where the reference addresses take more presses than they should."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.presses", description=__doc__.splitlines()[0])
    parser.add_argument("addresses", nargs="*", metavar="ADDRESS", help="in place of the reference addresses")
    parser.add_argument("--layout", choices=[name for name in LAYOUTS if name != "phone"], default="abc")
    parser.add_argument("--json", action="store_true", help="with every key")
    options = parser.parse_args()
    addresses = options.addresses or REFERENCE
    counts = [asyncio.run(count(hands, addresses, options.layout)) for hands in HANDS]
    print(as_json(counts) if options.json else table(counts))
    if options.addresses or options.layout != "abc":
        return 0
    return int(any(each.hands.target is not None and each.kspc > each.hands.target for each in counts))


if __name__ == "__main__":
    sys.exit(main())
