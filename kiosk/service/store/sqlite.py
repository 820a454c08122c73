"""The store in SQLite: one file (or memory), write-ahead log, short transactions.

Writes run in a thread of the store's own, so the event loop never waits for a disk to sync or for another process;
committed work survives `kill -9` at any point. Reads are one look at an index in pages that are in memory, cheaper than
a change of threads, and in write-ahead mode nobody makes them wait: they run in the event loop, on a connection of
their own. A store in memory has one connection and no thread.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from kiosk.service.errors import ServiceError
from kiosk.service.store import sql_accounts, sql_attempts, sql_care, sql_mails, sql_sessions
from kiosk.service.store.connection import connect, connect_reader
from kiosk.service.store.records import (
    AccountNotes,
    Attempt,
    Beginning,
    Grant,
    MailboxMail,
    MailQuota,
    Opened,
    OutboxMail,
    Person,
    Session,
    StoreTrouble,
)
from kiosk.service.store.transaction import transaction

_T = TypeVar("_T")


class SqliteStore:
    """`base.Store` in SQLite."""

    def __init__(self, path: str | None) -> None:
        """Open the file at `path`, or a store in memory when it is None.

        Raises:
            ServiceError: the file cannot be used.
        """
        self.shared = path is not None
        self._writer = connect(path)
        self._version = 0
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
        return await self._write(sql_attempts.begin_attempt, attempt, quota)

    async def attempt(self, site: str, guid: bytes) -> Attempt | None:
        """Look an attempt up by its client GUID."""
        return await self._read(sql_attempts.attempt_by_guid, site, guid)

    async def attempt_of_link(self, site: str, token: bytes) -> Attempt | None:
        """Look an attempt up by its verification token, without opening the link."""
        return await self._read(sql_attempts.attempt_of_link, site, token)

    async def open_link(self, site: str, token: bytes, now: float, number: str = "") -> tuple[Opened, Attempt | None]:
        """Mark the attempt as verified; exactly one caller per token hears VERIFIED."""
        return await self._write(sql_attempts.open_link, site, token, now, number)

    async def opened_since(self, site: str, since: float) -> list[bytes]:
        """The GUIDs of attempts whose link was opened since then; none while nobody has written."""
        version = await self._read(sql_care.version)
        if version == self._version:
            return []
        self._version = version
        return await self._read(sql_attempts.opened_since, site, since)

    async def redeem(self, attempt: Attempt, grant: Grant, now: float) -> bool:
        """Turn a verified attempt into a session; exactly one caller per attempt hears True."""
        return await self._write(sql_attempts.redeem, attempt, grant, now)

    async def begin_session(self, site: str, uid: str, grant: Grant, now: float) -> None:
        """Keep a session that no login attempt led to."""
        await self._write(sql_sessions.begin_session, site, uid, grant, now)

    async def session(self, site: str, access_token: bytes) -> Session | None:
        """Look a session up, expired or not."""
        return await self._read(sql_sessions.session, site, access_token)

    async def use_session(self, site: str, access_token: bytes) -> None:
        """Remember that a session has been used: its owner has it."""
        await self._write(sql_sessions.use_session, site, access_token)

    async def slide(self, site: str, access_token: bytes, expires: float, now: float) -> bool:
        """Move the expiry of a session that has not expired."""
        return await self._write(sql_sessions.slide, site, access_token, expires, now)

    async def end_session(self, site: str, access_token: bytes, *, with_refresh: bool) -> None:
        """Forget a session, and with `with_refresh` the refresh token that came with it."""
        await self._write(sql_sessions.end_session, site, access_token, with_refresh)

    async def refresh(self, site: str, refresh_token: bytes, grant: Grant, now: float) -> str | None:
        """Spend a refresh token for a new session."""
        return await self._write(sql_sessions.refresh, site, refresh_token, grant, now)

    async def revoke(self, site: str, refresh_token: bytes) -> bool:
        """Forget a refresh token; tell whether there was one."""
        return await self._write(sql_sessions.revoke, site, refresh_token)

    async def revoke_all(self, site: str, uid: str) -> None:
        """Forget all refresh tokens of an account."""
        await self._write(sql_sessions.revoke_all, site, uid)

    async def notes(self, site: str, uid: str) -> AccountNotes:
        """What was learned about an account."""
        return await self._read(sql_accounts.notes, site, uid)

    async def note_verified(self, site: str, uid: str) -> bool:
        """Remember that a click proved the account's address; tell whether that was news."""
        return await self._write(sql_accounts.note_verified, site, uid)

    async def note_policy(self, site: str, uid: str, version: str, now: float) -> None:
        """Remember that a privacy policy was accepted."""
        await self._write(sql_accounts.note_policy, site, uid, version, now)

    async def person(self, site: str, uid: str) -> Person | None:
        """Look an account that a management call made or deleted up by its id."""
        return await self._read(sql_accounts.person, site, uid)

    async def person_known_as(self, site: str, key: bytes) -> Person | None:
        """Look it up by the hash of an address or username."""
        return await self._read(sql_accounts.person_known_as, site, key)

    async def add_person(self, site: str, person: Person, keys: tuple[bytes, ...]) -> bool:
        """Keep an account under all of these keys, unless one is taken."""
        return await self._write(sql_accounts.add_person, site, person, keys)

    async def delete_person(self, site: str, uid: str) -> None:
        """Mark an account as deleted."""
        await self._write(sql_accounts.delete_person, site, uid)

    async def put_mail(self, site: str, mail: MailboxMail, keep: int) -> None:
        """Put a mail into the mailbox, of which the newest `keep` stay."""
        await self._write(sql_mails.put_mail, site, mail, keep)

    async def mails(self, site: str) -> list[MailboxMail]:
        """The mailbox, newest first."""
        return await self._read(sql_mails.mails, site)

    async def clear_mails(self, site: str) -> None:
        """Empty the mailbox."""
        await self._write(sql_mails.clear_mails, site)

    async def outbox_add(self, site: str, message: bytes, label: str, due: float, expires: float) -> None:
        """Keep a mail to be sent at `due`."""
        await self._write(sql_mails.outbox_add, site, message, label, due, expires)

    async def outbox_lease(self, site: str, now: float, seconds: float) -> OutboxMail | None:
        """Take the mail that is due first, for so long."""
        return await self._write(sql_mails.outbox_lease, site, now, seconds)

    async def outbox_done(self, site: str, mail: OutboxMail) -> None:
        """Forget a leased mail, for it was sent."""
        await self._write(sql_mails.outbox_done, site, mail)

    async def outbox_retry(self, site: str, mail: OutboxMail, due: float | None, error: str) -> None:
        """Give a leased mail back, or give it up."""
        await self._write(sql_mails.outbox_retry, site, mail, due, error)

    async def outbox_failed(self, site: str) -> list[OutboxMail]:
        """The mails that were given up, newest first."""
        return await self._read(sql_mails.outbox_failed, site)

    async def outbox_waiting(self, site: str) -> int:
        """How many mails are to be sent."""
        return await self._read(sql_mails.outbox_waiting, site)

    async def take_calls(self, site: str, second: int, want: int, limit: int) -> int:
        """Count up to `want` calls in this second; return how many were left."""
        return await self._write(sql_care.take_calls, site, second, want, limit)

    async def sweep(self, before: float) -> int:
        """Remove what expired before that moment; return how many records went."""
        return await self._write(sql_care.sweep, before)

    async def check(self) -> None:
        """Raise StoreTrouble unless the store answers."""
        await self._read(sql_care.answers)

    async def aclose(self) -> None:
        """Nothing belongs to an event loop."""

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
        def written() -> _T:
            with transaction(self._writer):
                return work(self._writer, *arguments)

        try:
            if self._thread is None:
                return written()
            return await asyncio.get_running_loop().run_in_executor(self._thread, written)
        except sqlite3.Error as error:
            raise StoreTrouble(type(error).__name__) from error
