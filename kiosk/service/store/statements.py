"""The store's operations as SQL; each runs inside one transaction of the caller."""

import sqlite3
from typing import Final

from kiosk.service.store.base import (
    AccountNotes,
    Attempt,
    Beginning,
    Begun,
    MailboxMail,
    MailQuota,
    Opened,
    Session,
)

_ATTEMPT: Final = "site, guid, token, uid, created, expires, redirect, verified, redeemed"


def begin_attempt(db: sqlite3.Connection, attempt: Attempt, quota: MailQuota) -> Beginning:
    """Keep a new attempt and count its mail."""
    if attempt_by_guid(db, attempt.site, attempt.guid):
        return Beginning(Begun.GUID_TAKEN)
    wait = _count_mail(db, attempt.site, quota, attempt.created)
    if wait > 0:
        return Beginning(Begun.LIMIT_REACHED, wait)
    db.execute(
        f"INSERT INTO attempts ({_ATTEMPT}) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)",  # noqa: S608 - a constant
        (
            attempt.site,
            attempt.guid,
            attempt.token,
            attempt.uid,
            attempt.created,
            attempt.expires,
            attempt.redirect,
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


def open_link(db: sqlite3.Connection, site: str, token: bytes, now: float) -> tuple[Opened, Attempt | None]:
    """Mark the attempt behind a verification token as verified."""
    attempt = _attempt(db, "token", site, token)
    if attempt is None:
        return Opened.UNKNOWN, None
    if attempt.redeemed is not None:
        return Opened.SPENT, attempt
    if now >= attempt.expires:
        return Opened.EXPIRED, attempt
    if attempt.verified is not None:
        return Opened.AGAIN, attempt
    db.execute("UPDATE attempts SET verified = ? WHERE site = ? AND guid = ?", (now, site, attempt.guid))
    return Opened.VERIFIED, attempt


def redeem(db: sqlite3.Connection, attempt: Attempt, access_token: bytes, expires: float, now: float) -> bool:
    """Turn a verified attempt into a session, once."""
    done = db.execute(
        "UPDATE attempts SET redeemed = ? WHERE site = ? AND guid = ?"
        " AND verified IS NOT NULL AND redeemed IS NULL AND expires > ?",
        (now, attempt.site, attempt.guid, now),
    )
    if done.rowcount != 1:
        return False
    db.execute(
        "INSERT INTO sessions (site, token, uid, created, expires) VALUES (?, ?, ?, ?, ?)",
        (attempt.site, access_token, attempt.uid, now, expires),
    )
    return True


def session(db: sqlite3.Connection, site: str, access_token: bytes) -> Session | None:
    """Look a session up."""
    row = db.execute("SELECT uid, expires FROM sessions WHERE site = ? AND token = ?", (site, access_token)).fetchone()
    return Session(*row) if row else None


def slide(db: sqlite3.Connection, site: str, access_token: bytes, expires: float, now: float) -> bool:
    """Move the expiry of a live session."""
    done = db.execute(
        "UPDATE sessions SET expires = ? WHERE site = ? AND token = ? AND expires > ?",
        (expires, site, access_token, now),
    )
    return done.rowcount == 1


def end_session(db: sqlite3.Connection, site: str, access_token: bytes) -> None:
    """Forget a session."""
    db.execute("DELETE FROM sessions WHERE site = ? AND token = ?", (site, access_token))


def notes(db: sqlite3.Connection, site: str, uid: str) -> AccountNotes:
    """What was learned about an account."""
    row = db.execute(
        "SELECT email_verified, policy, policy_accepted FROM accounts WHERE site = ? AND uid = ?", (site, uid)
    ).fetchone()
    return AccountNotes(bool(row[0]), row[1], row[2]) if row else AccountNotes()


def note_verified(db: sqlite3.Connection, site: str, uid: str) -> None:
    """Remember that the account's address is proved."""
    db.execute(
        "INSERT INTO accounts (site, uid, email_verified) VALUES (?, ?, 1)"
        " ON CONFLICT (site, uid) DO UPDATE SET email_verified = 1",
        (site, uid),
    )


def note_policy(db: sqlite3.Connection, site: str, uid: str, version: str, now: float) -> None:
    """Remember that a privacy policy was accepted."""
    db.execute(
        "INSERT INTO accounts (site, uid, policy, policy_accepted) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (site, uid) DO UPDATE SET policy = excluded.policy, policy_accepted = excluded.policy_accepted",
        (site, uid, version, now),
    )


def put_mail(db: sqlite3.Connection, site: str, mail: MailboxMail, keep: int) -> None:
    """Put a mail into the mailbox and drop the oldest beyond `keep`."""
    db.execute(
        "INSERT INTO mails (site, recipient, subject, received, text, html) VALUES (?, ?, ?, ?, ?, ?)",
        (site, mail.to, mail.subject, mail.received, mail.text, mail.html),
    )
    db.execute(
        "DELETE FROM mails WHERE site = ? AND id NOT IN (SELECT id FROM mails WHERE site = ? ORDER BY id DESC LIMIT ?)",
        (site, site, keep),
    )


def mails(db: sqlite3.Connection, site: str) -> list[MailboxMail]:
    """The mailbox, newest first."""
    rows = db.execute(
        "SELECT id, recipient, subject, received, text, html FROM mails WHERE site = ? ORDER BY id DESC",
        (site,),
    )
    return [MailboxMail(*row) for row in rows]


def clear_mails(db: sqlite3.Connection, site: str) -> None:
    """Empty the mailbox."""
    db.execute("DELETE FROM mails WHERE site = ?", (site,))


def sweep(db: sqlite3.Connection, before: float) -> int:
    """Remove what expired before that moment."""
    gone = 0
    for table in ("attempts", "sessions", "quotas"):
        gone += db.execute(f"DELETE FROM {table} WHERE expires < ?", (before,)).rowcount  # noqa: S608 - constants
    return gone


def answers(db: sqlite3.Connection) -> None:
    """Ask for something that needs the file."""
    db.execute("SELECT 1 FROM attempts LIMIT 1").fetchone()
