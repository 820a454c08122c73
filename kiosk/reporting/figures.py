"""Figures of one box for a fleet's monitoring: how often, how long, what fails by kind. Nothing of anybody.

As text in the format of Prometheus, for node_exporter's textfile collector.
"""

import os
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from kiosk.signin.states import State

RECENT = 200
"""Pings that the quantiles are taken of: the last quarter of an hour of waiting."""

STATES = tuple(state.__name__ for state in get_args(State))


@dataclass
class Figures:
    """What is counted since the start."""

    version: str
    started: float
    """When it started: seconds of the Unix epoch, by this box's clock."""
    state: str = ""
    since: float = 0.0
    """Since when it is in this state, like `started`."""
    attempts: int = 0
    mails: int = 0
    sign_ins: int = 0
    restored: int = 0
    """Kept sessions that were found again."""
    sign_outs: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    """By kind of problem."""
    keyring: Counter[str] = field(default_factory=Counter)
    """By problem of the keyring."""
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By call and what it ended in."""
    ping_seconds: float = 0.0
    pings: int = 0
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))

    def pinged(self, seconds: float) -> None:
        """Count a ping that was answered."""
        self.ping_seconds += seconds
        self.pings += 1
        self.recent.append(seconds)

    @property
    def quantiles(self) -> tuple[tuple[float, float], ...]:
        """How long recent pings took, in seconds: half of them, and 95 of 100; none where there was no ping."""
        ordered = sorted(self.recent)
        return tuple((q, ordered[min(len(ordered) - 1, int(q * len(ordered)))]) for q in (0.5, 0.95) if ordered)

    def report(self) -> dict[str, object]:
        """Those that `kiosk status` shows."""
        half, most = (round(seconds, 3) for _, seconds in self.quantiles) if self.recent else (None, None)
        return {
            "version": self.version,
            "state": self.state,
            "attempts": self.attempts,
            "mails": self.mails,
            "sign_ins": self.sign_ins,
            "restored": self.restored,
            "sign_outs": self.sign_outs,
            "failures": dict(self.failures),
            "keyring_problems": dict(self.keyring),
            "pings": self.pings,
            "ping_seconds_median": half,
            "ping_seconds_p95": most,
        }

    def text(self, *, up: bool = True) -> str:
        """All of them."""
        lines = [
            *_gauge("kiosk_up", "1 while the app runs.", {"": int(up)}),
            *_gauge("kiosk_info", "The version that runs.", {f'{{version="{self.version}"}}': 1}),
            *_gauge("kiosk_start_time_seconds", "When it started.", {"": round(self.started)}),
            *_gauge("kiosk_state", "What it is doing.", {_label("state", name): name == self.state for name in STATES}),
            *_gauge("kiosk_state_since_seconds", "Since when.", {"": round(self.since)}),
            *_counter("kiosk_attempts_total", "Login attempts begun.", {"": self.attempts}),
            *_counter("kiosk_mails_total", "Login mails asked for and granted.", {"": self.mails}),
            *_counter("kiosk_sign_ins_total", "Attempts that ended in a session.", {"": self.sign_ins}),
            *_counter("kiosk_restored_total", "Kept sessions found again.", {"": self.restored}),
            *_counter("kiosk_sign_outs_total", "Sign-outs.", {"": self.sign_outs}),
            *_counter("kiosk_failures_total", "Problems by kind.", _by("kind", self.failures)),
            *_counter("kiosk_keyring_problems_total", "Problems of the keyring.", _by("problem", self.keyring)),
            *_counter("kiosk_calls_total", "Calls by what they ended in.", self._by_call()),
            *self._ping_summary(),
        ]
        return "\n".join(lines) + "\n"

    def _by_call(self) -> dict[str, int]:
        return {f'{{call="{call}",outcome="{end}"}}': n for (call, end), n in sorted(self.calls.items())}

    def _ping_summary(self) -> list[str]:
        name = "kiosk_ping_seconds"
        return [
            f"# HELP {name} How long answered pings took.",
            f"# TYPE {name} summary",
            *(f'{name}{{quantile="{q}"}} {value:.3f}' for q, value in self.quantiles),
            f"{name}_sum {self.ping_seconds:.3f}",
            f"{name}_count {self.pings}",
        ]


def write_figures(path: Path, text: str) -> None:
    """Put the text in place of the file at once, so that no reader sees half of it. No `fsync`: flash wears out.

    Raises:
        OSError: it cannot be written.
    """
    beside = path.with_name(f".{path.name}.new")
    # A file of our own: what somebody has put there may be another name of one that is worth something, or a pipe.
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    os.replace(beside, path)  # noqa: PTH105 - beside its siblings of os


def _by(label: str, counts: Mapping[str, int]) -> dict[str, int]:
    return {_label(label, name): count for name, count in sorted(counts.items())}


def _label(label: str, value: str) -> str:
    return f'{{{label}="{value}"}}'


def _counter(name: str, words: str, values: Mapping[str, int]) -> list[str]:
    return _series(name, "counter", words, values)


def _gauge(name: str, words: str, values: Mapping[str, int]) -> list[str]:
    return _series(name, "gauge", words, values)


def _series(name: str, kind: str, words: str, values: Mapping[str, int]) -> list[str]:
    return [f"# HELP {name} {words}", f"# TYPE {name} {kind}", *(f"{name}{at} {int(n)}" for at, n in values.items())]
