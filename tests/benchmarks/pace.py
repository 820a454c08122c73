"""How long after the click the screen says welcome, for how many pings: our pace beside those of others.

    python -m tests.benchmarks.pace [--attempts N] [--seed N] [--json]

Click times come from `MIXTURE`, network delays from `network`; every schedule meets the same people on the same
network. The real `Pace` with its real rules is what is run, against a service that answers by a token bucket. No
clock is waited for: a window of 15 minutes takes milliseconds.
"""

import argparse
import heapq
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, quantiles
from typing import Protocol

from kiosk.signin.keeping import RETRY, STAGGER
from kiosk.smartlogin.pace import LONGEST_PAUSE, Pace

WINDOW = 900.0
"""Seconds that our screen waits, unless set otherwise."""

LOGINRADIUS_WINDOW = 495.0
"""Seconds after which LoginRadius' script sends its last ping, the 100th."""

EARLY = 120.0
"""Seconds: the clicks for which the figures are promised."""

MEAN_TARGET, P95_TARGET = 1.5, 3.0
"""Seconds from the click to the welcome, for early clicks."""

BOXES, LIMIT = 400, 50
"""A fleet on one site, and the requests a second that LoginRadius allows a site."""

MIXTURE: tuple[tuple[str, float, Callable[[random.Random], float]], ...] = (
    # A phone in the hand: the mail is there within seconds, and is opened.
    ("quick, 15-60 s", 0.60, lambda dice: dice.triangular(15, 60, 28)),
    # The phone is in another room, or the mail program fetches every few minutes.
    ("slow, 1-5 min", 0.20, lambda dice: dice.triangular(60, 300, 90)),
    # Greylisting, a full queue: the mail itself comes minutes late, and is opened soon after.
    ("mail late, 3-14 min", 0.10, lambda dice: dice.triangular(180, 840, 330)),
    ("never", 0.10, lambda _: float("inf")),
)


def network(dice: random.Random) -> float:
    """Seconds of one way: 30 ms most often, a quarter of a second one time in a hundred."""
    return min(dice.lognormvariate(-3.5, 0.9), 3.0)


class Schedule(Protocol):
    """What decides about the next ping; `Pace` is one."""

    due: float

    def sent(self, now: float) -> None: ...
    def answered(self) -> None: ...
    def limited(self, now: float, retry_after: float | None) -> None: ...


class Fixed:
    """LoginRadius' script: every 5 seconds, whatever the answer."""

    def __init__(self, now: float, _dice: Callable[[], float]) -> None:
        self.due = now

    def sent(self, now: float) -> None:
        self.due = now + 5

    def answered(self) -> None: ...

    def limited(self, now: float, retry_after: float | None) -> None: ...


class Rfc8628(Fixed):
    """The device grant's rules: 5 seconds between polls, 5 more for good by each `slow_down`."""

    def __init__(self, now: float, dice: Callable[[], float]) -> None:
        super().__init__(now, dice)
        self._interval = 5.0

    def sent(self, now: float) -> None:
        self.due = now + self._interval

    def limited(self, now: float, retry_after: float | None) -> None:
        self._interval += 5
        self.due = now + max(self._interval, retry_after or 0.0)


Make = Callable[[float, Callable[[], float]], Schedule]
SCHEDULES: dict[str, Make] = {"kiosk": Pace, "fixed 5 s": Fixed, "RFC 8628": Rfc8628}


@dataclass(frozen=True)
class Figures:
    """What a schedule does for the people of the mixture."""

    early_mean: float
    early_p95: float
    all_mean: float
    """Of the clicks within the window."""
    missed: float
    """Share of the clicks that no ping came for any more."""
    pings: float
    """Mean of an attempt."""
    unclicked: int
    """Of an attempt that nobody clicks."""


def draw_click(dice: random.Random) -> float:
    (_, _, draw) = dice.choices(MIXTURE, [share for _, share, _ in MIXTURE])[0]
    return draw(dice)


def attempt(make: Make, click: float, window: float, dice: random.Random) -> tuple[float | None, int]:
    """One attempt: seconds from the click to the welcome, or None; and its pings."""
    schedule, now, pings = make(0.0, dice.random), 0.0, 0
    while True:
        # The last one goes out at the deadline, as the screen and LoginRadius' script do.
        now = max(now, min(schedule.due, window))
        schedule.sent(now)
        pings += 1
        there, back = network(dice), network(dice)
        answered = now + there + back
        if click <= now + there:
            return answered - click, pings
        schedule.answered()
        if now >= window:
            return None, pings
        now = answered


def figures(make: Make, window: float, attempts: int, seed: int) -> Figures:
    """Run many attempts; the same seed draws the same people."""
    people = random.Random(seed)
    clicks = [draw_click(people) for _ in range(attempts)]
    ends = [(click, *attempt(make, click, window, random.Random(seed + number))) for number, click in enumerate(clicks)]
    welcomed = [delay for _, delay, _ in ends if delay is not None]
    early = [delay for click, delay, _ in ends if delay is not None and click <= EARLY]
    clicked = sum(click < float("inf") for click in clicks)
    return Figures(
        early_mean=mean(early),
        early_p95=quantiles(early, n=20)[-1],
        all_mean=mean(welcomed),
        missed=1 - len(welcomed) / clicked,
        pings=mean(pings for _, _, pings in ends),
        unclicked=attempt(make, float("inf"), window, random.Random(seed))[1],
    )


class TokenBucket:
    """The service's limit: so many requests a second, a second's worth at once."""

    def __init__(self) -> None:
        self._tokens, self._at = float(LIMIT), 0.0

    def takes(self, now: float) -> bool:
        self._tokens, self._at = min(LIMIT, self._tokens + (now - self._at) * LIMIT), now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@dataclass(frozen=True)
class Fleet:
    """What becomes of many boxes that wait at once."""

    first_429: float
    settled_after: float
    """Seconds from the first 429 until fewer than one of a hundred requests is refused, by tens of seconds."""
    later_a_second: float
    """Requests a second in the second minute."""
    later_refused: float
    """Share of the requests that were refused, later than a minute after the first 429 and before the deadline."""
    fairness: float
    """Jain's index of the pings that were answered to each box in the second minute: 1 is an equal share for all."""
    least_share: float
    """The worst-off box's answered pings in that minute, as a share of the mean."""
    early_mean: float
    """Seconds from click to welcome, for early clicks."""
    failed: int
    """Clicks within the window that did not sign in."""


def fleet(make: Make, *, seed: int, clicking: bool, retry_after: float | None) -> Fleet:
    """Let 400 boxes begin to wait within the same second."""
    dice, bucket = random.Random(seed), TokenBucket()
    starts = [dice.random() for _ in range(BOXES)]
    boxes = [make(start, dice.random) for start in starts]
    clicks = [starts[box] + (draw_click(dice) if clicking else float("inf")) for box in range(BOXES)]
    queue = [(schedule.due, box) for box, schedule in enumerate(boxes)]
    heapq.heapify(queue)
    calls: list[float] = []
    refusals: list[float] = []
    shares: Counter[int] = Counter()
    welcomes: dict[int, float] = {}
    while queue:
        now, box = heapq.heappop(queue)
        boxes[box].sent(now)
        calls.append(now)
        # Which of two is first at the service does not depend on the network here: both ways are taken as one.
        answered = now + network(dice) + network(dice)
        refused = not bucket.takes(now)
        if refused:
            refusals.append(now)
            boxes[box].limited(answered, retry_after)
        elif clicks[box] <= now:
            welcomes[box] = answered
            continue
        else:
            boxes[box].answered()
            shares[box] += 60 <= now < 120
        ends = starts[box] + WINDOW
        due = max(boxes[box].due, answered)
        if now < ends:
            heapq.heappush(queue, (min(due, max(ends, answered)), box))
        elif refused and due <= ends + LONGEST_PAUSE:
            heapq.heappush(queue, (due, box))
    # The last pings of boxes that began together come together: that moment is a matter of its own.
    refused_at = [now for now in refusals if now < WINDOW]
    later = [now for now in calls if refused_at[0] + 60 < now < WINDOW]
    asked, hit = (Counter(int(now / 10) for now in moments) for moments in (calls, refused_at))
    jammed = [ten for ten, count in hit.items() if count > asked[ten] / 100]
    counts = [shares[box] for box in range(BOXES)]
    delays = [welcomes[box] - clicks[box] for box in welcomes if clicks[box] <= EARLY]
    return Fleet(
        first_429=refused_at[0],
        settled_after=10 * (max(jammed) + 1) - refused_at[0],
        later_a_second=sum(60 <= now < 120 for now in calls) / 60,
        later_refused=sum(now > refused_at[0] + 60 for now in refused_at) / len(later) if later else 0.0,
        fairness=sum(counts) ** 2 / (BOXES * sum(count**2 for count in counts)) if any(counts) else 0.0,
        least_share=min(counts) / mean(counts) if any(counts) else 0.0,
        early_mean=mean(delays) if delays else 0.0,
        failed=sum(click <= starts[box] + WINDOW and box not in welcomes for box, click in enumerate(clicks)),
    )


def boot(seed: int, stagger: float) -> tuple[int, int]:
    """400 boxes that boot at once and have their kept session validated: most requests in a second, and refusals.

    Who is refused asks again as `keeping` does.
    """
    dice, bucket = random.Random(seed), TokenBucket()
    queue = [dice.random() + stagger * dice.random() for _ in range(BOXES)]
    heapq.heapify(queue)
    seconds: Counter[int] = Counter()
    refused = 0
    while queue:
        now = heapq.heappop(queue)
        seconds[int(now)] += 1
        if not bucket.takes(now):
            refused += 1
            heapq.heappush(queue, now + RETRY * (1 + 0.2 * dice.random()))
    return max(seconds.values()), refused


def report(attempts: int, seed: int) -> dict[str, dict[str, dict[str, float]]]:
    """Every figure, by table and row."""
    windows = {f"window {window:.0f} s": window for window in (WINDOW, LOGINRADIUS_WINDOW)}
    tables = {
        name: {row: vars(figures(make, window, attempts, seed)) for row, make in SCHEDULES.items()}
        for name, window in windows.items()
    }
    for hint in (None, 20.0):
        name = f"{BOXES} boxes wait at once, {'no Retry-After' if hint is None else 'Retry-After: 20'}"
        tables[name] = {
            row: vars(fleet(make, seed=seed, clicking=False, retry_after=hint)) for row, make in SCHEDULES.items()
        }
        tables[f"{name}, and click"] = {
            row: vars(fleet(make, seed=seed, clicking=True, retry_after=hint)) for row, make in SCHEDULES.items()
        }
    boots = {"kiosk": [boot(seed + run, STAGGER) for run in range(20)], "no jitter": [boot(seed, 0.0)]}
    tables[f"{BOXES} boxes boot at once"] = {
        row: {"busiest_second": max(busy for busy, _ in runs), "refused": max(refused for _, refused in runs)}
        for row, runs in boots.items()
    }
    return tables


def unmet(tables: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """The promises that these figures do not keep."""
    broken = []
    for name, rows in tables.items():
        ours = rows["kiosk"]
        if name.startswith("window"):
            checks = {
                "mean": ours["early_mean"] <= MEAN_TARGET,
                "p95": ours["early_p95"] <= P95_TARGET,
                "pings": ours["pings"] <= rows["fixed 5 s"]["pings"],
                "pings of an attempt that nobody clicks": ours["unclicked"] <= rows["fixed 5 s"]["unclicked"],
            }
        elif "wait at once" in name:
            checks = {
                "settled": ours["settled_after"] <= 60 and ours["later_a_second"] <= LIMIT,
                "fair": "click" in name or (ours["fairness"] >= 0.8 and ours["least_share"] >= 0.25),
                "nobody fails": not ours["failed"],
            }
        else:
            checks = {"under the limit": ours["busiest_second"] <= LIMIT and not ours["refused"]}
        broken += [f"{name}: {check}" for check, kept in checks.items() if not kept]
    return broken


def table(tables: dict[str, dict[str, dict[str, float]]]) -> str:
    """For reading."""
    lines: list[str] = []
    for name, rows in tables.items():
        columns = list(next(iter(rows.values())))
        width = max(map(len, columns)) + 2
        lines += [name, " " * 12 + "".join(f"{column.replace('_', ' '):>{width}}" for column in columns)]
        for row, values in rows.items():
            lines.append(f"{row:<12}" + "".join(f"{values[column]:>{width}.4g}" for column in columns))
        lines.append("")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; exit 1 where they break a promise."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pace", description=__doc__.splitlines()[0])
    parser.add_argument("--attempts", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=8628)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    tables = report(options.attempts, options.seed)
    broken = unmet(tables)
    if options.json:
        mixture = {name: share for name, share, _ in MIXTURE}
        print(json.dumps({"mixture": mixture, "figures": tables, "unmet": broken}, indent=2))
    else:
        print("Clicks: " + ", ".join(f"{name} {share:.0%}" for name, share, _ in MIXTURE) + ". Seconds, and counts.\n")
        print(table(tables) + "".join(f"NOT MET: {line}\n" for line in broken))
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
