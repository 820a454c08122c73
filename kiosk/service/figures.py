"""Counts of requests: by path, status and code, and how long they took.

Plain numbers in memory, because a counter object with a lock costs more than a ping; Prometheus' library only prints
them. Workers of one service each leave their counts in a folder, and whoever is asked adds them up. What a worker
counted stays when it ends, so that no figure ever falls.
"""

import json
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from kiosk.service.workers import FOLDER

_BOUNDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Figures:
    """What this process counted."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, int, int], int] = {}
        self._buckets: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}
        folder = os.environ.get(FOLDER)
        self._file = Path(folder) / f"{os.getpid()}.json" if folder else None

    def count(self, path: str, status: int, code: int, seconds: float) -> None:
        """Count one request."""
        key = (path, status, code)
        self._requests[key] = self._requests.get(key, 0) + 1
        buckets = self._buckets.get(path)
        if buckets is None:
            buckets = self._buckets[path] = [0] * (len(_BOUNDS) + 1)
        buckets[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds[path] = self._seconds.get(path, 0.0) + seconds

    def save(self) -> None:
        """Leave the counts for the other workers to read."""
        if self._file is None:
            return
        new = self._file.with_suffix(".new")
        with suppress(OSError):  # a full disk must not end the service
            new.write_text(json.dumps(self._as_json()))
            new.replace(self._file)

    def printed(self, waiting: int, failed: int) -> bytes:
        """All figures of all workers, and the outbox, in Prometheus' text form."""
        self.save()
        parts = [self._as_json()] if self._file is None else _read(self._file.parent)
        registry = CollectorRegistry()
        registry.register(_Printed([*_metrics(parts), _outbox(waiting, failed)]))
        return generate_latest(registry)

    def _as_json(self) -> dict[str, Any]:
        return {
            "requests": [[*key, count] for key, count in self._requests.items()],
            "buckets": self._buckets,
            "seconds": self._seconds,
        }


class _Printed(Collector):
    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _read(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(file.read_text()) for file in folder.glob("*.json")]


def _metrics(parts: list[dict[str, Any]]) -> Iterator[Metric]:
    requests: dict[tuple[str, str, str], float] = {}
    buckets: dict[str, list[int]] = {}
    seconds: dict[str, float] = {}
    for part in parts:
        for path, status, code, count in part["requests"]:
            key = (path, str(status), str(code or ""))
            requests[key] = requests.get(key, 0) + count
        for path, counts in part["buckets"].items():
            buckets[path] = [a + b for a, b in zip(buckets.get(path, [0] * len(counts)), counts, strict=True)]
            seconds[path] = seconds.get(path, 0.0) + part["seconds"][path]
    counter = CounterMetricFamily("kiosk_requests", "Requests answered", labels=["path", "status", "code"])
    for labels, count in requests.items():
        counter.add_metric(labels, count)
    yield counter
    timer = HistogramMetricFamily("kiosk_request_seconds", "Time to answer", labels=["path"])
    for path, counts in buckets.items():
        timer.add_metric([path], list(_cumulative(counts)), seconds[path])
    yield timer


def _cumulative(counts: list[int]) -> Iterator[tuple[str, float]]:
    total = 0
    for bound, count in zip((*map(str, _BOUNDS), "+Inf"), counts, strict=True):
        total += count
        yield bound, total


def _outbox(waiting: int, failed: int) -> Metric:
    gauge = GaugeMetricFamily("kiosk_outbox_mails", "Login mails in the outbox", labels=["state"])
    gauge.add_metric(["waiting"], waiting)
    gauge.add_metric(["failed"], failed)
    return gauge
