"""What is known of accounts as SQL; each function runs inside one transaction of the caller."""

import sqlite3

from kiosk.service.store.records import AccountNotes, Person


def notes(db: sqlite3.Connection, site: str, uid: str) -> AccountNotes:
    """What was learned about an account."""
    row = db.execute(
        "SELECT email_verified, policy, policy_accepted FROM accounts WHERE site = ? AND uid = ?", (site, uid)
    ).fetchone()
    return AccountNotes(bool(row[0]), row[1], row[2]) if row else AccountNotes()


def note_verified(db: sqlite3.Connection, site: str, uid: str) -> bool:
    """Remember that the account's address is proved; tell whether that is new."""
    if notes(db, site, uid).email_verified:
        return False
    db.execute(
        "INSERT INTO accounts (site, uid, email_verified) VALUES (?, ?, 1)"
        " ON CONFLICT (site, uid) DO UPDATE SET email_verified = 1",
        (site, uid),
    )
    return True


def note_policy(db: sqlite3.Connection, site: str, uid: str, version: str, now: float) -> None:
    """Remember that a privacy policy was accepted."""
    db.execute(
        "INSERT INTO accounts (site, uid, policy, policy_accepted) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (site, uid) DO UPDATE SET policy = excluded.policy, policy_accepted = excluded.policy_accepted",
        (site, uid, version, now),
    )


def person(db: sqlite3.Connection, site: str, uid: str) -> Person | None:
    """Look an account up by its id."""
    row = db.execute("SELECT uid, data FROM people WHERE site = ? AND uid = ?", (site, uid)).fetchone()
    return Person(*row) if row else None


def person_known_as(db: sqlite3.Connection, site: str, key: bytes) -> Person | None:
    """Look an account up by an address or username."""
    row = db.execute(
        "SELECT p.uid, p.data FROM identities i JOIN people p ON p.site = i.site AND p.uid = i.uid"
        " WHERE i.site = ? AND i.key = ?",
        (site, key),
    ).fetchone()
    return Person(*row) if row else None


def add_person(db: sqlite3.Connection, site: str, new: Person, keys: tuple[bytes, ...]) -> bool:
    """Keep an account, unless its id or one of its keys is taken."""
    if person(db, site, new.uid) or any(person_known_as(db, site, key) for key in keys):
        return False
    db.execute("INSERT INTO people (site, uid, data) VALUES (?, ?, ?)", (site, new.uid, new.data))
    db.executemany("INSERT INTO identities (site, key, uid) VALUES (?, ?, ?)", [(site, key, new.uid) for key in keys])
    return True


def delete_person(db: sqlite3.Connection, site: str, uid: str) -> None:
    """Mark an account as deleted; what it was called and what was learned about it is forgotten."""
    db.execute("DELETE FROM identities WHERE site = ? AND uid = ?", (site, uid))
    db.execute("DELETE FROM accounts WHERE site = ? AND uid = ?", (site, uid))
    db.execute("INSERT OR REPLACE INTO people (site, uid, data) VALUES (?, ?, '')", (site, uid))
