"""Opens the SQLite file: created for its owner only, in write-ahead mode, with its tables."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

from kiosk.service.errors import ServiceError
from kiosk.service.store.schema import prepare

_BUSY_SECONDS: Final = 5.0
_READ_SECONDS: Final = 0.25
_OWNER_ONLY: Final = 0o600
_SWITCH_TRIES: Final = 20


def connect(path: str | None) -> sqlite3.Connection:
    """Open the file at `path`, or memory when it is None, for reading and writing; one thread at a time may use it.

    Raises:
        ServiceError: it cannot be opened or written, or is no database of ours.
    """
    if path is None:
        return _opened(":memory:", "memory:")
    name = str(Path(path).absolute())
    _make_private(name)
    return _opened(name, name)


def connect_reader(path: str) -> sqlite3.Connection:
    """Open the file at `path`, which `connect` has prepared, for reading only.

    Raises:
        ServiceError: it cannot be opened.
    """
    name = str(Path(path).absolute())
    try:
        # Readers wait for nobody but a process that repairs the log of one that was killed; the event loop waits with.
        db = sqlite3.connect(name, timeout=_READ_SECONDS, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA query_only = ON")
    except sqlite3.Error as error:
        raise ServiceError(f"store {name}: cannot be opened: {error}") from error
    return db


def _make_private(name: str) -> None:
    # The mailbox holds login links; SQLite gives its side files the permissions of the file itself.
    try:
        os.close(os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _OWNER_ONLY))
    except OSError as error:
        raise ServiceError(f"store {name}: cannot be opened: {error.strerror}") from error
    with suppress(PermissionError):  # not ours: whoever made it decides who reads it
        Path(name).chmod(_OWNER_ONLY)


def _opened(target: str, name: str) -> sqlite3.Connection:
    try:
        db = sqlite3.connect(target, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise ServiceError(f"store {name}: cannot be opened: {error}") from error
    try:
        _write_ahead(db)
        # A crash of the process loses nothing; a power cut may lose the last moments, never the file.
        db.execute("PRAGMA synchronous = NORMAL")
        prepare(db, name)
    except sqlite3.Error as error:
        db.close()
        raise ServiceError(f"store {name}: cannot be used: {error}") from error
    except ServiceError:
        db.close()
        raise
    return db


def _write_ahead(db: sqlite3.Connection) -> None:
    # The switch itself does not wait for a busy file; the lock of an empty transaction does.
    if db.execute("PRAGMA journal_mode").fetchone()[0] in ("wal", "memory"):
        return
    for attempt in range(_SWITCH_TRIES):
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if attempt == _SWITCH_TRIES - 1:
                raise
            db.execute("BEGIN IMMEDIATE")
            db.execute("COMMIT")
