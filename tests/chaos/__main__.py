"""`python -m tests.chaos --seed N --count M [--table]`: more schedules than CI runs, or one of them again."""

import argparse
import sys
import time

from tests.chaos.run import run_schedules
from tests.chaos.table import table_of


def main() -> int:
    """Run, and tell what was found; 1 where something was."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--seed", type=int, default=0, help="the first schedule's")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--table", action="store_true", help="fault, what the screen said, outcome")
    options = parser.parse_args()
    began = time.perf_counter()
    reports = run_schedules(range(options.seed, options.seed + options.count))
    wrong = [report for report in reports if report.wrong]
    for report in wrong:
        print(f"seed {report.seed}:", *report.wrong, sep="\n  ")
    if options.table:
        print(table_of(reports))
    exchanges = sum(len(report.device.proxy.exchanges) for report in reports if report.device)
    seconds = time.perf_counter() - began
    print(f"{len(reports)} schedules, {exchanges} exchanges, {seconds:.0f} s: {len(wrong)} with something wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
