"""The store's operations, whatever keeps the records."""

from collections.abc import Iterable
from typing import Protocol

from kiosk.service.store.records import (
    AccountNotes,
    Attempt,
    Beginning,
    Begun,
    Grant,
    MailboxMail,
    MailQuota,
    Opened,
    OutboxMail,
    Person,
    Session,
    StoreTrouble,
)

__all__ = [
    "AccountNotes",
    "Attempt",
    "Beginning",
    "Begun",
    "Grant",
    "MailQuota",
    "MailboxMail",
    "Opened",
    "OutboxMail",
    "Person",
    "Session",
    "Store",
    "StoreTrouble",
]


class Attempts(Protocol):
    """Login attempts."""

    async def begin_attempt(self, attempt: Attempt, quota: MailQuota) -> Beginning:
        """Keep a new attempt, unless its GUID is taken (1136) or the address has had its mails (1122)."""
        ...

    async def attempt(self, site: str, guid: bytes) -> Attempt | None:
        """Look an attempt up by its client GUID."""
        ...

    async def attempt_of_link(self, site: str, token: bytes) -> Attempt | None:
        """Look an attempt up by its verification token, without opening the link."""
        ...

    async def open_link(self, site: str, token: bytes, now: float, number: str = "") -> tuple[Opened, Attempt | None]:
        """Mark the attempt as verified; exactly one caller per token hears VERIFIED.

        `number` is what the person picked; it counts where the attempt has one.
        """
        ...

    async def opened_since(self, site: str, since: float) -> Iterable[bytes]:
        """The GUIDs of attempts whose link was opened since then, by any process; those redeemed may be missing.

        A store that nothing has changed since it was last asked may answer with none.
        """
        ...

    async def redeem(self, attempt: Attempt, grant: Grant, now: float) -> bool:
        """Turn a verified attempt into a session; exactly one caller per attempt hears True."""
        ...


class Sessions(Protocol):
    """Access and refresh tokens."""

    async def begin_session(self, site: str, uid: str, grant: Grant, now: float) -> None:
        """Keep a session that no login attempt led to."""
        ...

    async def session(self, site: str, access_token: bytes) -> Session | None:
        """Look a session up, expired or not."""
        ...

    async def use_session(self, site: str, access_token: bytes) -> None:
        """Remember that a session has been used: its owner has it."""
        ...

    async def slide(self, site: str, access_token: bytes, expires: float, now: float) -> bool:
        """Move the expiry of a session that has not expired."""
        ...

    async def end_session(self, site: str, access_token: bytes, *, with_refresh: bool) -> None:
        """Forget a session, and with `with_refresh` the refresh token that came with it."""
        ...

    async def refresh(self, site: str, refresh_token: bytes, grant: Grant, now: float) -> str | None:
        """Spend a refresh token: its session ends, a new one begins. The account's id; None: it was worth nothing."""
        ...

    async def revoke(self, site: str, refresh_token: bytes) -> bool:
        """Forget a refresh token; tell whether there was one."""
        ...

    async def revoke_all(self, site: str, uid: str) -> None:
        """Forget all refresh tokens of an account."""
        ...


class Accounts(Protocol):
    """What is known of accounts beyond the site file."""

    async def notes(self, site: str, uid: str) -> AccountNotes:
        """What was learned about an account."""
        ...

    async def note_verified(self, site: str, uid: str) -> bool:
        """Remember that a click proved the account's address; tell whether that was news to the store."""
        ...

    async def note_policy(self, site: str, uid: str, version: str, now: float) -> None:
        """Remember that a privacy policy was accepted."""
        ...

    async def person(self, site: str, uid: str) -> Person | None:
        """Look an account that a management call made or deleted up by its id."""
        ...

    async def person_known_as(self, site: str, key: bytes) -> Person | None:
        """Look it up by the hash of an address or username."""
        ...

    async def add_person(self, site: str, person: Person, keys: tuple[bytes, ...]) -> bool:
        """Keep an account under all of these keys; False, and nothing happens, when one is taken."""
        ...

    async def delete_person(self, site: str, uid: str) -> None:
        """Mark an account as deleted, whether a management call made it or the site file; its keys are free."""
        ...


class Mails(Protocol):
    """The service's own mailbox, and the outbox of mails that go to a mail server."""

    async def put_mail(self, site: str, mail: MailboxMail, keep: int) -> None:
        """Put a mail (its `id` is given by the store) into the mailbox, of which the newest `keep` stay."""
        ...

    async def mails(self, site: str) -> list[MailboxMail]:
        """The mailbox, newest first."""
        ...

    async def clear_mails(self, site: str) -> None:
        """Empty the mailbox."""
        ...

    async def outbox_add(self, site: str, message: bytes, label: str, due: float, expires: float) -> None:
        """Keep a mail to be sent at `due`; whatever becomes of it, it is gone some time after `expires`."""
        ...

    async def outbox_lease(self, site: str, now: float, seconds: float) -> OutboxMail | None:
        """Take the mail that is due first, for so long: no other process gets it until then."""
        ...

    async def outbox_done(self, site: str, mail: OutboxMail) -> None:
        """Forget a leased mail, for it was sent. A lease that has passed to another process is left alone."""
        ...

    async def outbox_retry(self, site: str, mail: OutboxMail, due: float | None, error: str) -> None:
        """Give a leased mail back to be tried again at `due`; None: give it up, keep label and error only."""
        ...

    async def outbox_failed(self, site: str) -> list[OutboxMail]:
        """The mails that were given up, newest first."""
        ...

    async def outbox_waiting(self, site: str) -> int:
        """How many mails are to be sent."""
        ...


class Store(Attempts, Sessions, Accounts, Mails, Protocol):
    """Every operation is atomic, also between processes; `now` is wall-clock time in seconds."""

    shared: bool
    """Whether other processes may use it too."""

    async def take_calls(self, site: str, second: int, want: int, limit: int) -> int:
        """Count up to `want` calls in this second, of which all processes together have `limit`; return how many."""
        ...

    async def sweep(self, before: float) -> int:
        """Remove what expired before that moment; return how many records went."""
        ...

    async def check(self) -> None:
        """Raise StoreTrouble unless the store answers."""
        ...

    async def aclose(self) -> None:
        """Give back what belongs to the running event loop."""
        ...

    def close(self) -> None:
        """Give everything back; no operation may follow."""
        ...
