"""The tables of the SQLite store and how a file gets them."""

import sqlite3
from typing import Final

from kiosk.service.errors import ServiceError

VERSION: Final = 1

_TABLES: Final = (
    """CREATE TABLE attempts (
        site TEXT NOT NULL, guid BLOB NOT NULL, token BLOB NOT NULL, uid TEXT NOT NULL, created REAL NOT NULL,
        expires REAL NOT NULL, redirect TEXT NOT NULL, verified REAL, redeemed REAL,
        PRIMARY KEY (site, guid)) WITHOUT ROWID""",
    "CREATE UNIQUE INDEX attempts_by_token ON attempts (site, token)",
    "CREATE INDEX attempts_by_expiry ON attempts (expires)",
    """CREATE TABLE sessions (
        site TEXT NOT NULL, token BLOB NOT NULL, uid TEXT NOT NULL, created REAL NOT NULL, expires REAL NOT NULL,
        PRIMARY KEY (site, token)) WITHOUT ROWID""",
    "CREATE INDEX sessions_by_expiry ON sessions (expires)",
    """CREATE TABLE accounts (
        site TEXT NOT NULL, uid TEXT NOT NULL, email_verified INTEGER NOT NULL DEFAULT 0,
        policy TEXT NOT NULL DEFAULT '', policy_accepted REAL NOT NULL DEFAULT 0,
        PRIMARY KEY (site, uid)) WITHOUT ROWID""",
    """CREATE TABLE quotas (
        site TEXT NOT NULL, address BLOB NOT NULL, started REAL NOT NULL, mails INTEGER NOT NULL,
        disabled_until REAL NOT NULL, expires REAL NOT NULL,
        PRIMARY KEY (site, address)) WITHOUT ROWID""",
    "CREATE INDEX quotas_by_expiry ON quotas (expires)",
    """CREATE TABLE mails (
        id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL,
        received REAL NOT NULL, text TEXT NOT NULL, html TEXT NOT NULL)""",
)


def prepare(db: sqlite3.Connection, name: str) -> None:
    """Give a new file its tables; leave one that has them alone.

    Raises:
        ServiceError: the file belongs to another program or to a newer version of this one.
    """
    # One transaction: of two processes that start on a new file, the second finds the tables of the first.
    db.execute("BEGIN IMMEDIATE")
    try:
        version: int = db.execute("PRAGMA user_version").fetchone()[0]
        foreign = version == 0 and db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        if foreign:
            raise ServiceError(f"store {name}: is a database of another program")
        if version > VERSION:
            raise ServiceError(f"store {name}: was written by a newer version of this program")
        if version == 0:
            for statement in _TABLES:
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
