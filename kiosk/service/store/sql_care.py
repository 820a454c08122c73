"""What concerns the whole store as SQL: call rates, sweeping, its health."""

import sqlite3
from typing import Final

_EXPIRING: Final = ("attempts", "sessions", "refreshes", "quotas", "outbox")
_SKEW: Final = 2
"""Seconds by which another process may be ahead; a count from further ahead is from before the clock was set back."""


def take_calls(db: sqlite3.Connection, site: str, second: int, want: int, limit: int) -> int:
    """Count calls in a second."""
    row = db.execute("SELECT second, used FROM rates WHERE site = ?", (site,)).fetchone()
    counted, used = row or (second, 0)
    if second > counted or counted > second + _SKEW:
        counted, used = second, 0
    taken = max(0, min(want, limit - used))
    db.execute("INSERT OR REPLACE INTO rates (site, second, used) VALUES (?, ?, ?)", (site, counted, used + taken))
    return taken


def sweep(db: sqlite3.Connection, before: float) -> int:
    """Remove what expired before that moment."""
    gone = 0
    for table in _EXPIRING:
        gone += db.execute(f"DELETE FROM {table} WHERE expires < ?", (before,)).rowcount  # noqa: S608 - constants
    return gone


def version(db: sqlite3.Connection) -> int:
    """A number that is another one as soon as another connection has written, in whatever process."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


def answers(db: sqlite3.Connection) -> None:
    """Ask for something that needs the file."""
    db.execute("SELECT 1 FROM attempts LIMIT 1").fetchone()
