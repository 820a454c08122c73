"""Mailbox and outbox as SQL; each function runs inside one transaction of the caller."""

import sqlite3
from typing import Final

from kiosk.service.store.records import MailboxMail, OutboxMail

_OUTBOX: Final = "id, message, label, tries, due, error"


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


def outbox_add(db: sqlite3.Connection, site: str, message: bytes, label: str, due: float, expires: float) -> None:
    """Keep a mail to be sent."""
    db.execute(
        "INSERT INTO outbox (site, message, label, due, expires) VALUES (?, ?, ?, ?, ?)",
        (site, message, label, due, expires),
    )


def outbox_lease(db: sqlite3.Connection, site: str, now: float, seconds: float) -> OutboxMail | None:
    """Take the mail that is due first; its end of lease becomes its due time."""
    row = db.execute(
        "UPDATE outbox SET tries = tries + 1, due = ? WHERE id ="  # noqa: S608 - constants
        " (SELECT id FROM outbox WHERE site = ? AND failed = 0 AND due <= ? ORDER BY due, id LIMIT 1)"
        f" RETURNING {_OUTBOX}",
        (now + seconds, site, now),
    ).fetchone()
    return OutboxMail(*row) if row else None


def outbox_done(db: sqlite3.Connection, site: str, mail: OutboxMail) -> None:
    """Forget a mail that was sent, if the lease is still the caller's."""
    db.execute("DELETE FROM outbox WHERE site = ? AND id = ? AND tries = ?", (site, mail.id, mail.tries))


def outbox_retry(db: sqlite3.Connection, site: str, mail: OutboxMail, due: float | None, error: str) -> None:
    """Give a mail back, or give it up, if the lease is still the caller's."""
    lease = (site, mail.id, mail.tries)
    if due is None:
        change = "UPDATE outbox SET error = ?, failed = 1, message = x'' WHERE site = ? AND id = ? AND tries = ?"
        db.execute(change, (error, *lease))
    else:
        db.execute("UPDATE outbox SET error = ?, due = ? WHERE site = ? AND id = ? AND tries = ?", (error, due, *lease))


def outbox_failed(db: sqlite3.Connection, site: str) -> list[OutboxMail]:
    """The mails that were given up, newest first."""
    rows = db.execute(
        f"SELECT {_OUTBOX} FROM outbox WHERE site = ? AND failed = 1 ORDER BY id DESC",  # noqa: S608 - constants
        (site,),
    )
    return [OutboxMail(*row) for row in rows]


def outbox_waiting(db: sqlite3.Connection, site: str) -> int:
    """How many mails are to be sent."""
    count: int = db.execute("SELECT count(*) FROM outbox WHERE site = ? AND failed = 0", (site,)).fetchone()[0]
    return count
