"""What a check found: how bad it is, what it is, how it is mended."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, and could be better or may not be what is meant."""
    PROBLEM = "problem"
    """Nobody can sign in like this, or the sign-in does not last."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    subject: str
    """What was looked at: a word for people's eyes and for programs."""
    level: Level
    says: str
    mend: str = ""
    """What to do about it; empty where all is well."""


def ok(subject: str, says: str) -> Finding:
    """All is well."""
    return Finding(subject, Level.OK, says)


def warning(subject: str, says: str, mend: str) -> Finding:
    """It works, but."""
    return Finding(subject, Level.WARNING, says, mend)


def problem(subject: str, says: str, mend: str) -> Finding:
    """It does not work."""
    return Finding(subject, Level.PROBLEM, says, mend)
