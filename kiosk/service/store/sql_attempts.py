"""Login attempts as SQL; each function runs inside one transaction of the caller."""

import sqlite3
from typing import Final

from kiosk.service.store.records import Attempt, Beginning, Begun, Grant, MailQuota, Opened
from kiosk.service.store.sql_sessions import begin_session

_ATTEMPT: Final = "site, guid, token, uid, created, expires, redirect, verified, redeemed, welcome, number, salt"


def begin_attempt(db: sqlite3.Connection, attempt: Attempt, quota: MailQuota) -> Beginning:
    """Keep a new attempt and count its mail."""
    if attempt_by_guid(db, attempt.site, attempt.guid):
        return Beginning(Begun.GUID_TAKEN)
    wait = _count_mail(db, attempt.site, quota, attempt.created)
    if wait > 0:
        return Beginning(Begun.LIMIT_REACHED, wait)
    db.execute(
        f"INSERT INTO attempts ({_ATTEMPT}) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?, ?)",  # noqa: S608 - a constant
        (
            attempt.site,
            attempt.guid,
            attempt.token,
            attempt.uid,
            attempt.created,
            attempt.expires,
            attempt.redirect,
            attempt.welcome,
            attempt.number,
            attempt.salt,
        ),
    )
    return Beginning(Begun.ADDED)


def _count_mail(db: sqlite3.Connection, site: str, quota: MailQuota, now: float) -> float:
    """Count one mail to an address; return the seconds to wait when it has had its share."""
    row = db.execute(
        "SELECT started, mails, disabled_until FROM quotas WHERE site = ? AND address = ?",
        (site, quota.address),
    ).fetchone()
    started, mails, disabled_until = row or (now, 0, 0.0)
    # A clock that was set back must not lock an address for longer than the period itself.
    if now < disabled_until <= now + quota.disabled:
        return float(disabled_until - now)
    if disabled_until or not started <= now < started + quota.window:
        started, mails = now, 0
    disabled_until = now + quota.disabled if mails >= quota.mails else 0.0
    expires = max(started + quota.window, disabled_until)
    db.execute(
        "INSERT OR REPLACE INTO quotas (site, address, started, mails, disabled_until, expires)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (site, quota.address, started, mails + 1, disabled_until, expires),
    )
    return quota.disabled if disabled_until else 0.0


def attempt_by_guid(db: sqlite3.Connection, site: str, guid: bytes) -> Attempt | None:
    """Look an attempt up by its client GUID."""
    return _attempt(db, "guid", site, guid)


def _attempt(db: sqlite3.Connection, column: str, site: str, value: bytes) -> Attempt | None:
    row = db.execute(
        f"SELECT {_ATTEMPT} FROM attempts WHERE site = ? AND {column} = ?",  # noqa: S608 - constants
        (site, value),
    ).fetchone()
    return Attempt(*row) if row else None


def attempt_of_link(db: sqlite3.Connection, site: str, token: bytes) -> Attempt | None:
    """Look an attempt up by its verification token."""
    return _attempt(db, "token", site, token)


def open_link(
    db: sqlite3.Connection, site: str, token: bytes, now: float, number: str
) -> tuple[Opened, Attempt | None]:
    """Mark the attempt behind a verification token as verified."""
    attempt = attempt_of_link(db, site, token)
    if attempt is None:
        return Opened.UNKNOWN, None
    if attempt.redeemed is not None:
        return Opened.SPENT, attempt
    if now >= attempt.expires:
        return Opened.EXPIRED, attempt
    if attempt.verified is not None:
        return Opened.AGAIN, attempt
    if attempt.number and not number:
        return Opened.NUMBER_MISSING, attempt
    if attempt.number and number != attempt.number:
        db.execute("UPDATE attempts SET expires = ? WHERE site = ? AND guid = ?", (now, site, attempt.guid))
        return Opened.NUMBER_WRONG, attempt
    db.execute("UPDATE attempts SET verified = ? WHERE site = ? AND guid = ?", (now, site, attempt.guid))
    return Opened.VERIFIED, attempt


def opened_since(db: sqlite3.Connection, site: str, since: float) -> list[bytes]:
    """The GUIDs of attempts whose link was opened since then and that wait to be redeemed."""
    rows = db.execute(
        "SELECT guid FROM attempts WHERE site = ? AND verified >= ? AND redeemed IS NULL", (site, since)
    ).fetchall()
    return [row[0] for row in rows]


def redeem(db: sqlite3.Connection, attempt: Attempt, grant: Grant, now: float) -> bool:
    """Turn a verified attempt into a session, once."""
    done = db.execute(
        "UPDATE attempts SET redeemed = ?, salt = ? WHERE site = ? AND guid = ?"
        " AND verified IS NOT NULL AND redeemed IS NULL AND expires > ?",
        (now, grant.salt, attempt.site, attempt.guid, now),
    )
    if done.rowcount != 1:
        return False
    begin_session(db, attempt.site, attempt.uid, grant, now)
    return True
