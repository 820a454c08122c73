"""What an operator sees of the traffic: one JSON line a request, and Prometheus' figures.

Neither holds a query string, a token, an address or a path that is not ours.
"""

import json
import os
import time
from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from kiosk.service.workers import MULTIPROCESS

Write = Callable[[str], object]
_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_METHODS: Final = frozenset({"GET", "POST", "DELETE", "OPTIONS", "HEAD", "PUT", "PATCH"})


class Watch:
    """Sees every request when it is answered."""

    def __init__(self, write: Write | None = None) -> None:
        """Write a line for each request with `write`; None writes none."""
        self._write = write
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "kiosk_requests", "Requests answered", ["path", "status", "code"], registry=self._registry
        )
        self._seconds = Histogram(
            "kiosk_request_seconds", "Time to answer", ["path"], buckets=_BUCKETS, registry=self._registry
        )
        self._counters: dict[tuple[str, int, int], Counter] = {}
        self._timers: dict[str, Histogram] = {}
        self._second = (0, "")
        self._process = os.getpid()

    def saw(self, path: str, method: str, status: int, code: int, seconds: float) -> None:
        """Count one request, and log it where that is wanted. `path` is the route, never what was asked for."""
        self._counter(path, status, code).inc()
        self._timer(path).observe(seconds)
        if self._write:
            known = method if method in _METHODS else "OTHER"
            # Every value is a number or a name of ours: nothing that needs escaping.
            self._write(
                f'{{"time":"{self._now()}","path":"{path}","method":"{known}","status":{status},'
                f'"code":{code or "null"},"ms":{seconds * 1000:.2f},"process":{self._process}}}\n'
            )

    def figures(self) -> bytes:
        """All figures in Prometheus' text form, of all workers where there are several."""
        if not os.environ.get(MULTIPROCESS):
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def _counter(self, path: str, status: int, code: int) -> Counter:
        key = (path, status, code)
        if key not in self._counters:
            self._counters[key] = self._requests.labels(path, str(status), str(code or ""))
        return self._counters[key]

    def _timer(self, path: str) -> Histogram:
        if path not in self._timers:
            self._timers[path] = self._seconds.labels(path)
        return self._timers[path]

    def _now(self) -> str:
        second = int(time.time())
        if second != self._second[0]:
            self._second = (second, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second)))
        return self._second[1]


def outbox_figures(waiting: int, failed: int) -> bytes:
    """The outbox in Prometheus' text form: the store counts it, not a worker."""
    lines = ["# HELP kiosk_outbox_mails Login mails in the outbox", "# TYPE kiosk_outbox_mails gauge"]
    lines += [
        f"kiosk_outbox_mails{{state={json.dumps(state)}}} {n}"
        for state, n in (("waiting", waiting), ("failed", failed))
    ]
    return ("\n".join(lines) + "\n").encode()
