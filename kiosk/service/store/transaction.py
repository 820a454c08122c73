"""One transaction of the SQLite store: all of it, or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Have all that is done inside take hold together, or none of it where that raises.

    It takes the write lock before the first read: what was read is still true when it is written, and of two processes
    that start on a new file the second finds the tables of the first.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    finally:
        if db.in_transaction:  # a full disk may have rolled it back already
            db.execute("ROLLBACK")
