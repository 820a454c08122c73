"""Sessions and refresh tokens as SQL; each function runs inside one transaction of the caller."""

import sqlite3

from kiosk.service.store.records import Grant, Session


def begin_session(db: sqlite3.Connection, site: str, uid: str, grant: Grant, now: float) -> None:
    """Keep a new session and its refresh token."""
    db.execute(
        "INSERT INTO sessions (site, token, uid, created, expires, fresh) VALUES (?, ?, ?, ?, ?, ?)",
        (site, grant.access, uid, now, grant.expires, bool(grant.salt)),
    )
    if grant.refresh:
        db.execute(
            "INSERT INTO refreshes (site, token, access, uid, expires) VALUES (?, ?, ?, ?, ?)",
            (site, grant.refresh, grant.access, uid, grant.refresh_expires),
        )


def session(db: sqlite3.Connection, site: str, access_token: bytes) -> Session | None:
    """Look a session up."""
    row = db.execute(
        "SELECT uid, expires, fresh FROM sessions WHERE site = ? AND token = ?", (site, access_token)
    ).fetchone()
    return Session(row[0], row[1], bool(row[2])) if row else None


def use_session(db: sqlite3.Connection, site: str, access_token: bytes) -> None:
    """Remember that a session has been used."""
    db.execute("UPDATE sessions SET fresh = 0 WHERE site = ? AND token = ?", (site, access_token))


def slide(db: sqlite3.Connection, site: str, access_token: bytes, expires: float, now: float) -> bool:
    """Move the expiry of a live session."""
    done = db.execute(
        "UPDATE sessions SET expires = ? WHERE site = ? AND token = ? AND expires > ?",
        (expires, site, access_token, now),
    )
    return done.rowcount == 1


def end_session(db: sqlite3.Connection, site: str, access_token: bytes, with_refresh: bool) -> None:  # noqa: FBT001
    """Forget a session, and its refresh token if asked to."""
    db.execute("DELETE FROM sessions WHERE site = ? AND token = ?", (site, access_token))
    if with_refresh:
        db.execute("DELETE FROM refreshes WHERE site = ? AND access = ?", (site, access_token))


def refresh(db: sqlite3.Connection, site: str, refresh_token: bytes, grant: Grant, now: float) -> str | None:
    """Spend a refresh token for a new session."""
    row = db.execute(
        "DELETE FROM refreshes WHERE site = ? AND token = ? RETURNING uid, access, expires", (site, refresh_token)
    ).fetchone()
    if row is None or row[2] <= now:
        return None
    db.execute("DELETE FROM sessions WHERE site = ? AND token = ?", (site, row[1]))
    begin_session(db, site, row[0], grant, now)
    return str(row[0])


def revoke(db: sqlite3.Connection, site: str, refresh_token: bytes) -> bool:
    """Forget a refresh token."""
    return db.execute("DELETE FROM refreshes WHERE site = ? AND token = ?", (site, refresh_token)).rowcount == 1


def revoke_all(db: sqlite3.Connection, site: str, uid: str) -> None:
    """Forget all refresh tokens of an account."""
    db.execute("DELETE FROM refreshes WHERE site = ? AND uid = ?", (site, uid))
