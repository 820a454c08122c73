"""How fast and how light: `python -m tests.benchmarks.speed [--short] [--json] [--rounds N]`.

Every figure is the median of the ratios to a bare Textual app (bare_textual.py) that runs in turn with ours, in the
same round; those that are counts stand for themselves. Nothing is asserted, for machines differ; what must not change
on any machine is in test_speed.py. Whether memory grows takes longer to see: growth.py, and soak.py for whole sign-ins.
"""

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kiosk.service.server import EmbeddedService, Options
from tests.benchmarks.probe import Costs, Probe

ROOT = Path(__file__).parents[2]
BARE = Path(__file__).with_name("bare_textual.py")
KIOSK = "import sys; from kiosk.__main__ import main; sys.exit(main())"
READY = r"Sign in[^$]*Email or username"

TARGETS = {
    "first frame": 0.15,
    "interactive": 1.0,
    "arrow p50": 0.7,
    "arrow p95": 1.0,
    "bytes an arrow": 600,
    "idle CPU, entry": 0.05,
    "wakeups/s, entry": 0.5,
    "idle CPU, waiting": 0.8,
    "bytes/s, waiting": 120,
    "PSS, waiting": 1.2,
    "SIGTERM to exit": 0.4,
    "--version": 1.5,
    "token": 4.0,
    "status": 4.0,
}
SUBMIT = "submit"
"""An address and OK, typed as soon as there is a frame → the waiting screen, against the bare app's first key: the
whole way, which keys that are answered on a remembered frame make no shorter. It has no target."""

COUNTS = frozenset({"bytes an arrow", "wakeups/s, entry", "bytes/s, waiting"})
"""Compared with nothing."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="few rounds, for CI")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, help="how often everything is measured")
    options = parser.parse_args()
    rounds = options.rounds or (2 if options.short else 7)
    with tempfile.TemporaryDirectory() as home:
        found = measure(Path(home), rounds, presses=20 if options.short else 60, idle=3.0 if options.short else 10.0)
    if options.json:
        print(json.dumps(found, indent=1))
        return
    print(f"{'what':20} {'figure':>9} {'target':>8}   ({rounds} rounds; ratios to a bare Textual app)")
    for name, target in TARGETS.items():
        verdict = "" if found[name] <= target else "  missed"
        print(f"{name:20} {found[name]:9.2f} {target:8.2f}{verdict}")
    print(f"{SUBMIT:20} {found[SUBMIT]:9.2f}")
    print("What 900 screen switches and 2,000 resends leave behind: python -m tests.benchmarks.growth (1 MB at most).")


def measure(home: Path, rounds: int, presses: int, idle: float) -> dict[str, float]:
    """The whole table."""
    caches = home / "bytecode"
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor",
        "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(caches),
    }  # fmt: skip
    service = EmbeddedService(Options(port=0, store="memory:"))
    service.start()
    environ |= {"KIOSK_API_KEY": "demo-key", "KIOSK_API_URL": service.url}
    found: dict[str, list[float]] = {name: [] for name in (*TARGETS, SUBMIT)}
    try:
        with Probe([sys.executable, "-c", KIOSK, "run"], environ) as it:
            it.see(READY)  # the first start of a box, which leaves its first frame for the others
            it.settle(1)
        for number in range(-1, rounds):  # the first one compiles
            figures = _round(environ, presses, idle if number >= 0 else 0.1)
            if number >= 0:
                for name, figure in figures.items():
                    found[name].append(figure)
    finally:
        service.stop()
    return {name: round(statistics.median(figures), 3) for name, figures in found.items()}


def _round(environ: dict[str, str], presses: int, idle: float) -> dict[str, float]:
    both = {}
    for run in random.sample((_bare, _kiosk), 2):
        both[run] = run(environ, presses, idle)
    bare, ours = both[_bare], both[_kiosk]
    figures = {name: ours[name] if name in COUNTS else ours[name] / bare[name.partition(",")[0]] for name in ours}
    floor = _seconds(["-c", "pass"], environ)
    figures[SUBMIT] = _submit(environ) / bare["interactive"]
    return figures | {name: _seconds(["-c", KIOSK, name], environ) / floor for name in ("--version", "token", "status")}


def _bare(environ: dict[str, str], presses: int, idle: float) -> dict[str, float]:
    with Probe([sys.executable, str(BARE)], environ) as it:
        figures = {"first frame": it.see(READY) - it.started}
        it.press("q")
        figures["interactive"] = it.see(r"\bq\b", quiet=0.05) - it.started
        it.settle(1)
        keys = sorted(it.answer("x" if number % 2 else "\x7f")[0] for number in range(presses))
        figures |= {"arrow p50": keys[len(keys) // 2], "arrow p95": keys[int(len(keys) * 0.95)]}
        figures["idle CPU"] = _spent(it, idle)[0]
        figures["PSS"] = it.memory()
        return figures | {"SIGTERM to exit": it.quit("\x11")}


def _kiosk(environ: dict[str, str], presses: int, idle: float) -> dict[str, float]:
    with Probe([sys.executable, "-c", KIOSK, "run"], environ) as it:
        figures = {"first frame": it.see(READY) - it.started}
        it.press("q")
        figures["interactive"] = it.see(r"║ q", quiet=0.05) - it.started
        it.settle(1)
        it.press("\x7f\x1b[A")
        it.settle(0.5)
        pressed = [it.answer("\x1b[C" if number % 2 else "\x1b[D") for number in range(presses)]
        keys = sorted(seconds for seconds, _ in pressed)
        figures |= {"arrow p50": keys[len(keys) // 2], "arrow p95": keys[int(len(keys) * 0.95)]}
        figures["bytes an arrow"] = statistics.median(count for _, count in pressed)
        figures["idle CPU, entry"], figures["wakeups/s, entry"], _ = _spent(it, idle)
        it.press("jane@example.com\r")
        it.see("Send again")
        it.settle(1)
        figures["idle CPU, waiting"], _, figures["bytes/s, waiting"] = _spent(it, idle)
        figures["PSS, waiting"] = it.memory()
        return figures | {"SIGTERM to exit": it.end(signal.SIGTERM)}


def _submit(environ: dict[str, str]) -> float:
    with Probe([sys.executable, "-c", KIOSK, "run"], environ) as it:
        it.see(READY)
        it.press(f"jane{random.randrange(1 << 32)}@example.com\r")  # each is sent so many mails, and no more
        took = it.see("Send again", quiet=0.05) - it.started
        it.press("\x1b")  # the attempt is given up: the next start begins with an empty entry
        it.see("Sign in")
        return took


def _spent(it: Probe, seconds: float) -> tuple[float, float, float]:
    before: Costs = it.costs()
    it.settle(seconds)
    after = it.costs()
    took = after.at - before.at
    return (
        (after.cpu - before.cpu) / took,
        (after.wakeups - before.wakeups) / took,
        (after.written - before.written) / took,
    )


def _seconds(arguments: list[str], environ: dict[str, str]) -> float:
    times = []
    for _ in range(5):
        began = time.monotonic()
        subprocess.run([sys.executable, *arguments], env=environ, capture_output=True, check=False)
        times.append(time.monotonic() - began)
    return statistics.median(times)


if __name__ == "__main__":
    main()
