"""The tables of the SQLite store and how a file gets them."""

import sqlite3
from typing import Final

from kiosk.service.errors import ServiceError
from kiosk.service.store.transaction import transaction

_FIRST: Final = (
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
_SECOND: Final = (
    "ALTER TABLE attempts ADD COLUMN welcome TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE attempts ADD COLUMN number TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE refreshes (
        site TEXT NOT NULL, token BLOB NOT NULL, access BLOB NOT NULL, uid TEXT NOT NULL, expires REAL NOT NULL,
        PRIMARY KEY (site, token)) WITHOUT ROWID""",
    "CREATE INDEX refreshes_by_access ON refreshes (site, access)",
    "CREATE INDEX refreshes_by_uid ON refreshes (site, uid)",
    "CREATE INDEX refreshes_by_expiry ON refreshes (expires)",
    "CREATE TABLE people (site TEXT NOT NULL, uid TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (site, uid))",
    """CREATE TABLE identities (
        site TEXT NOT NULL, key BLOB NOT NULL, uid TEXT NOT NULL, PRIMARY KEY (site, key)) WITHOUT ROWID""",
    "CREATE INDEX identities_by_uid ON identities (site, uid)",
    "CREATE TABLE rates (site TEXT NOT NULL PRIMARY KEY, second INTEGER NOT NULL, used INTEGER NOT NULL)",
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, message BLOB NOT NULL, label TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL, error TEXT NOT NULL DEFAULT '',
        failed INTEGER NOT NULL DEFAULT 0, expires REAL NOT NULL)""",
    "CREATE INDEX outbox_by_due ON outbox (site, failed, due)",
    "CREATE INDEX outbox_by_expiry ON outbox (expires)",
)
_THIRD: Final = (
    "ALTER TABLE attempts ADD COLUMN salt BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE sessions ADD COLUMN fresh INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX attempts_opened ON attempts (site, verified) WHERE verified IS NOT NULL AND redeemed IS NULL",
)
_STEPS: Final = (_FIRST, _SECOND, _THIRD)
"""What leads from each version to the next; an older file walks the steps that it lacks."""
VERSION: Final = len(_STEPS)


def prepare(db: sqlite3.Connection, name: str) -> None:
    """Give a new file its tables and an older one what it lacks.

    Raises:
        ServiceError: the file belongs to another program or to a newer version of this one.
    """
    with transaction(db):
        version: int = db.execute("PRAGMA user_version").fetchone()[0]
        foreign = version == 0 and db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        if foreign:
            raise ServiceError(f"store {name}: is a database of another program")
        if version > VERSION:
            raise ServiceError(f"store {name}: was written by a newer version of this program")
        for step in _STEPS[version:]:
            for statement in step:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
