"""What a check found: how bad it is, what it is, how it is mended."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.language import gettext as _


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
    """What was looked at, as programs know it; `subject_words` has the words for people."""
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


def subject_words(subject: str) -> str:
    """What was looked at, for people's eyes."""
    return {
        "settings": _("settings"),
        "bytecode": _("bytecode"),
        "program": _("program"),
        "terminal": _("terminal"),
        "size": _("size"),
        "colours": _("colours"),
        "encoding": _("encoding"),
        "font": _("font"),
        "kernel log": _("kernel log"),
        "keyring": _("keyring"),
        "keyring key": _("keyring key"),
        "keyring protection": _("keyring protection"),
        "keyring set aside": _("keyring set aside"),
        "connection": _("connection"),
        "API key": _("API key"),
        "Smart Login": "Smart Login",
        "clock": _("clock"),
        "mail": _("mail"),
    }[subject]
