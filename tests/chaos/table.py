"""The table of a run: what happened, what the screen said, how it ended."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from kiosk.smartlogin.refusals import GuidUsed, LinkExpired
from kiosk.words import problem_words
from tests.chaos.faults import TOLD, Fault
from tests.chaos.run import Report
from tests.chaos.verdict import what_was_said


def table_of(reports: Sequence[Report]) -> str:
    """Markdown, one row a fault."""
    said: dict[Fault, Counter[str]] = defaultdict(Counter)
    times: Counter[Fault] = Counter()
    seeds: dict[Fault, set[int]] = defaultdict(set)
    inside = {report.seed for report in reports if report.signed_in}
    for report in reports:
        assert report.device is not None
        for exchange in report.device.proxy.exchanges:
            if exchange.fault is None:
                continue
            times[exchange.fault] += 1
            seeds[exchange.fault].add(report.seed)
            problems = what_was_said(report.device, exchange) if exchange.call != "token" else None
            # Another trouble may stand there from before; of what does no harm only the attempt's end would be news.
            kinds = TOLD.get(exchange.fault, (GuidUsed, LinkExpired))
            for words in {problem_words(each).headline for each in problems or () if issubclass(each.kind, kinds)}:
                said[exchange.fault][words] += 1
    rows = ["| fault | met | what the screen said | outcome |", "|---|--:|---|---|"]
    for fault in Fault:
        words = "; ".join(text for text, _ in said[fault].most_common(1))
        if fault not in TOLD:
            words = f"(nothing: it goes on){f'; several times in a row: {words}' if words else ''}"
        outcome = f"{len(seeds[fault] & inside)} of {len(seeds[fault])} let in at the end"
        rows.append(f"| {fault} | {times[fault]} | {words} | {outcome} |")
    return "\n".join(rows)
