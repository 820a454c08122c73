"""The store in SQLite: one file (or memory), write-ahead log, short transactions.

Writes run in a thread of the store's own, so the event loop never waits for a disk to sync or for another process;
committed work survives `kill -9` at any point. Reads are one look at an index in pages that are in memory, cheaper than
a change of threads, and in write-ahead mode nobody makes them wait: they run in the event loop, on a connection of
their own. A store in memory has one connection and no thread.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from kiosk.service.errors import ServiceError
from kiosk.service.store import statements
from kiosk.service.store.base import (
    AccountNotes,
    Attempt,
    Beginning,
    MailboxMail,
    MailQuota,
    Opened,
    Session,
    StoreTrouble,
)
from kiosk.service.store.connection import connect, connect_reader

_T = TypeVar("_T")


class SqliteStore:
    """`base.Store` in SQLite."""

    def __init__(self, path: str | None) -> None:
        """Open the file at `path`, or a store in memory when it is None.

        Raises:
            ServiceError: the file cannot be used.
        """
        self._writer = connect(path)
        if path is None:
            self._reader, self._thread = self._writer, None
            return
        try:
            self._reader = connect_reader(path)
        except ServiceError:
            self._writer.close()
            raise
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kiosk-store")

    async def begin_attempt(self, attempt: Attempt, quota: MailQuota) -> Beginning:
        """Keep a new attempt, unless its GUID is taken or the address has had its mails."""
        return await self._write(statements.begin_attempt, attempt, quota)

    async def attempt(self, site: str, guid: bytes) -> Attempt | None:
        """Look an attempt up by its client GUID."""
        return await self._read(statements.attempt_by_guid, site, guid)

    async def open_link(self, site: str, token: bytes, now: float) -> tuple[Opened, Attempt | None]:
        """Mark the attempt as verified; exactly one caller per token hears VERIFIED."""
        return await self._write(statements.open_link, site, token, now)

    async def redeem(self, attempt: Attempt, access_token: bytes, expires: float, now: float) -> bool:
        """Turn a verified attempt into a session; exactly one caller per attempt hears True."""
        return await self._write(statements.redeem, attempt, access_token, expires, now)

    async def session(self, site: str, access_token: bytes) -> Session | None:
        """Look a session up, expired or not."""
        return await self._read(statements.session, site, access_token)

    async def slide(self, site: str, access_token: bytes, expires: float, now: float) -> bool:
        """Move the expiry of a session that has not expired."""
        return await self._write(statements.slide, site, access_token, expires, now)

    async def end_session(self, site: str, access_token: bytes) -> None:
        """Forget a session."""
        await self._write(statements.end_session, site, access_token)

    async def notes(self, site: str, uid: str) -> AccountNotes:
        """What was learned about an account."""
        return await self._read(statements.notes, site, uid)

    async def note_verified(self, site: str, uid: str) -> None:
        """Remember that a click proved the account's address."""
        await self._write(statements.note_verified, site, uid)

    async def note_policy(self, site: str, uid: str, version: str, now: float) -> None:
        """Remember that a privacy policy was accepted."""
        await self._write(statements.note_policy, site, uid, version, now)

    async def put_mail(self, site: str, mail: MailboxMail, keep: int) -> None:
        """Put a mail into the mailbox, of which the newest `keep` stay."""
        await self._write(statements.put_mail, site, mail, keep)

    async def mails(self, site: str) -> list[MailboxMail]:
        """The mailbox, newest first."""
        return await self._read(statements.mails, site)

    async def clear_mails(self, site: str) -> None:
        """Empty the mailbox."""
        await self._write(statements.clear_mails, site)

    async def sweep(self, before: float) -> int:
        """Remove what expired before that moment; return how many records went."""
        return await self._write(statements.sweep, before)

    async def check(self) -> None:
        """Raise StoreTrouble unless the store answers."""
        await self._read(statements.answers)

    def close(self) -> None:
        """Close the file; no operation may follow."""
        if self._thread:
            self._thread.shutdown()
            self._reader.close()
        self._writer.close()

    async def _read(self, work: Callable[..., _T], *arguments: Any) -> _T:
        try:
            return work(self._reader, *arguments)
        except sqlite3.Error as error:
            raise StoreTrouble(type(error).__name__) from error

    async def _write(self, work: Callable[..., _T], *arguments: Any) -> _T:
        def transaction() -> _T:
            with _immediate(self._writer):
                return work(self._writer, *arguments)

        try:
            if self._thread is None:
                return transaction()
            return await asyncio.get_running_loop().run_in_executor(self._thread, transaction)
        except sqlite3.Error as error:
            raise StoreTrouble(type(error).__name__) from error


@contextmanager
def _immediate(db: sqlite3.Connection) -> Iterator[None]:
    # IMMEDIATE takes the write lock before the first read, so what was read is still true when it is written.
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled it back already.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
