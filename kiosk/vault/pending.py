"""The pending login attempt as an entry of the keyring: what it says, written and read without trust."""

import json
import math
from datetime import UTC, datetime

from kiosk.smartlogin.attempt import Snapshot
from kiosk.smartlogin.errors import BadAnswer
from kiosk.smartlogin.models import Identifier, IdentifierKind
from kiosk.smartlogin.wire import Fields, moment
from kiosk.values import Value, hidden
from kiosk.vault.problems import VaultError, VaultProblem

_VERSION = 1

LONGEST_WAIT = 24 * 3600.0
"""Seconds: whoever presses for more time gets it, but no entry makes a screen wait for somebody beyond a day."""


class Stamp(Value):
    """When something was written down, on both clocks."""

    boot: str
    """The run of the machine that `now` counts in."""
    now: float
    wall: datetime


class Pending(Value):
    """A login attempt whose mail may be out, and whose link nobody has clicked yet."""

    attempt: Snapshot
    stamp: Stamp
    owner: str = hidden(default="")
    """The process that waits for the click."""
    lives: int = 0
    """How often a new process has taken it up."""


def write_pending(pending: Pending) -> str:
    """The entry of a pending attempt."""
    attempt, stamp = pending.attempt, pending.stamp
    return json.dumps(
        {
            "version": _VERSION,
            "kind": attempt.identifier.kind.value,
            "identifier": attempt.identifier.value,
            "guids": [{"guid": guid, "asked": asked} for guid, asked in attempt.asked],
            "deadline": attempt.deadline,
            "resend_at": attempt.resend_at,
            "mails": attempt.mails,
            "window": attempt.window,
            "boot": stamp.boot,
            "now": stamp.now,
            "wall": stamp.wall.isoformat(),
            "owner": pending.owner,
            "lives": pending.lives,
        }
    )


def read_pending(text: str) -> Pending:
    """The attempt that an entry keeps.

    Raises:
        VaultError: it is not one of ours, damaged, or says what no attempt of ours can.
    """
    try:
        fields = Fields.of(text.encode("utf-8", "surrogatepass"))
        if fields.number("version") != _VERSION:
            raise ValueError
        return _read(fields)
    except (BadAnswer, ValueError):
        pass
    # Raised out here: in the handler it would carry the parser's error, and with it whom the entry is for.
    raise VaultError(VaultProblem.UNREADABLE)


def _read(fields: Fields) -> Pending:
    asked = tuple((each.text("guid"), _seconds(each, "asked")) for each in fields.parts("guids"))
    identifier = Identifier(IdentifierKind(fields.text("kind")), fields.text("identifier"))
    wall = moment(fields.text("wall"), datetime.now(UTC))
    now, window = _seconds(fields, "now"), _seconds(fields, "window")
    deadline = min(_seconds(fields, "deadline"), now + LONGEST_WAIT)
    resend_at = min(_seconds(fields, "resend_at"), now + LONGEST_WAIT)
    if not asked or not all(guid for guid, _ in asked) or not identifier.value or window <= 0:
        raise ValueError
    return Pending(
        Snapshot(identifier, asked, deadline, resend_at, max(0, fields.number("mails") or 0), window),
        # A wall clock that was years off when it was written says nothing, and neither does none.
        Stamp(fields.text("boot"), now, wall or datetime.min.replace(tzinfo=UTC)),
        fields.text("owner"),
        max(0, fields.number("lives") or 0),
    )


def _seconds(fields: Fields, name: str) -> float:
    seconds = float(fields.text(name))
    if not math.isfinite(seconds):
        raise ValueError
    return seconds
