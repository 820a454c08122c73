"""The one place where what is reported is made: known fields with known kinds of values; nothing else gets through.

A list of what may be said, not of what may not: no text that was typed, came over the wire or stands in an exception
has a way in, whatever it looks like. Texts that do get in are names that stand in source code.
"""

import logging
import math
import signal
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum, IntEnum, StrEnum
from typing import get_args

from kiosk import __version__
from kiosk.crash import error_name, frames_of, name_in_source
from kiosk.settings.table import SETTINGS
from kiosk.signin.states import Notice, Outcome, State
from kiosk.smartlogin.errors import SmartLoginError
from kiosk.values import Value
from kiosk.vault.problems import VaultProblem

Plain = str | int | float | tuple[str, ...]

CALLS = frozenset(
    ["request_login", "ping", "hold", "verify", "validate", "slide", "invalidate", "account", "accept_privacy_policy"]
)
"""The calls of the protocol; a test holds them and the client together."""

FOREIGN = frozenset(
    {
        "asyncio",
        "concurrent",
        "jeepney",
        "keyring",
        "kiosk",
        "py",
        "qrcode",
        "rich",
        "secretstorage",
        "textual",
    }
)
"""Whose loggers are named; a name made at run time could say anything. `py` is that of `py.warnings`."""

OTHER = "other"


class Event(StrEnum):
    """What is reported."""

    START = "start"
    STATE = "state"
    CALL = "call"
    SIGNAL = "signal"
    TERMINAL_LOST = "terminal-lost"
    RESTART_WISHED = "restart-wished"
    FOREIGN = "foreign"
    """Something that a library, or the interpreter, had to say."""
    CRASH = "crash"
    END = "end"


class Level(IntEnum):
    """How much it matters: the numbers are syslog's (RFC 5424 section 6.2.1)."""

    ERROR = 3
    WARNING = 4
    INFO = 6
    DEBUG = 7


class Record(Value):
    """One line of the log."""

    event: Event
    level: Level
    at: datetime
    facts: Mapping[str, Plain]


def record(event: Event, level: Level, at: datetime, **facts: object) -> Record:
    """Make a record of what may be said of `facts`; the rest is left out."""
    return Record(event, level, at, plain(**facts))


def plain(**facts: object) -> dict[str, Plain]:
    """What may be said of these facts."""
    said: dict[str, Plain] = {}
    for name, value in facts.items():
        reading = _READINGS.get(name)
        if reading is not None and (text := reading(value)) is not None and text != ():
            said[name] = text
    return said


def foreign_logger(name: object) -> str:
    """The library whose logger it is."""
    top = name.partition(".")[0] if isinstance(name, str) else ""
    return top if top in FOREIGN else OTHER


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return round(value, 3) if 0 <= value < 1e9 else None


def _yes(value: object) -> bool | None:
    return True if value is True else None


def _code(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100_000 else None


def _kind(value: object) -> str | None:
    return name_in_source(value) if isinstance(value, type) and issubclass(value, SmartLoginError) else None


def _state(value: object) -> str | None:
    return value.__name__ if isinstance(value, type) and value in get_args(State) else None


def _member(kind: type[Enum]) -> Callable[[object], str | None]:
    return lambda value: value.name.lower() if isinstance(value, kind) else None


def _one_of(names: frozenset[str]) -> Callable[[object], str | None]:
    return lambda value: value if isinstance(value, str) and value in names else None


def _some_of(names: frozenset[str]) -> Callable[[object], tuple[str, ...] | None]:
    def read(value: object) -> tuple[str, ...] | None:
        if not isinstance(value, tuple | list):
            return None
        return tuple(name for name in value if isinstance(name, str) and name in names)

    return read


def _error(value: object) -> str | None:
    return error_name(value) if isinstance(value, BaseException) else None


def _frames(value: object) -> tuple[str, ...] | None:
    return tuple(frames_of(value)) if isinstance(value, BaseException) else None


_NAMES_OF_SETTINGS = frozenset(setting.name for setting in SETTINGS)
_FLAGS = frozenset(
    name for state in get_args(State) for name, kind in state.__annotations__.items() if kind in {bool, "bool"}
)

_READINGS: dict[str, Callable[[object], Plain | None]] = {
    "after_fault": _yes,
    "version": _one_of(frozenset({__version__})),
    "from_flag": _some_of(_NAMES_OF_SETTINGS),
    "from_environment": _some_of(_NAMES_OF_SETTINGS),
    "from_file": _some_of(_NAMES_OF_SETTINGS),
    "state": _state,
    "before": _state,
    "after_seconds": _number,
    "flags": _some_of(_FLAGS),
    "notice": _member(Notice),
    "outcome": _member(Outcome),
    "keyring": _member(VaultProblem),
    "call": _one_of(CALLS),
    "problem": _kind,
    "code": _code,
    "seconds": _number,
    "exit": _code,
    "signal": _member(signal.Signals),
    "logger": foreign_logger,
    "severity": _one_of(frozenset(logging.getLevelNamesMapping())),
    "error": _error,
    "frames": _frames,
}
"""What may be said, and how each is read; whatever does not read as its kind is not said."""
