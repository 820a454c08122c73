"""The store's records and operations, whatever keeps them."""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol


@dataclass(frozen=True)
class Attempt:
    """One login attempt: a request by e-mail or username, until the session is fetched or the link has expired."""

    site: str
    guid: bytes = field(repr=False)
    """Hash of the client GUID."""
    token: bytes = field(repr=False)
    """Hash of the verification token."""
    uid: str
    """Account; "" when the address is unknown and nobody will ever click."""
    created: float
    expires: float
    redirect: str = field(default="", repr=False)
    """Where the hosted page may lead after the click; "" for nowhere."""
    verified: float | None = None
    """When the link was opened."""
    redeemed: float | None = None
    """When the device fetched the session."""


class Begun(Enum):
    """What became of a new attempt."""

    ADDED = auto()
    GUID_TAKEN = auto()
    LIMIT_REACHED = auto()


@dataclass(frozen=True)
class Beginning:
    """Outcome of `begin_attempt`."""

    outcome: Begun
    wait: float = 0.0
    """Seconds until mails are possible again, for LIMIT_REACHED."""


class Opened(Enum):
    """What a verification token was worth."""

    VERIFIED = auto()
    UNKNOWN = auto()
    EXPIRED = auto()
    AGAIN = auto()
    SPENT = auto()


@dataclass(frozen=True)
class Session:
    """What an access token stands for."""

    uid: str
    expires: float


@dataclass(frozen=True)
class AccountNotes:
    """What was learned about an account since the site file was written."""

    email_verified: bool = False
    policy: str = ""
    """Version of the privacy policy that the person accepted."""
    policy_accepted: float = 0.0


@dataclass(frozen=True)
class MailboxMail:
    """A mail in the service's own mailbox."""

    id: int
    to: str = field(repr=False)
    subject: str
    received: float
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True)
class MailQuota:
    """How many attempts one address may make; see `site.MailLimit`."""

    address: bytes = field(repr=False)
    """Hash of the address (or of what was typed, when it is unknown)."""
    mails: int
    window: float
    disabled: float


class StoreTrouble(Exception):
    """The store does not answer (disk full, locked for long): 950, the call may be tried again."""


class Store(Protocol):
    """Every operation is atomic; `now` is wall-clock time in seconds."""

    async def begin_attempt(self, attempt: Attempt, quota: MailQuota) -> Beginning:
        """Keep a new attempt, unless its GUID is taken (1136) or the address has had its mails (1122)."""
        ...

    async def attempt(self, site: str, guid: bytes) -> Attempt | None:
        """Look an attempt up by its client GUID."""
        ...

    async def open_link(self, site: str, token: bytes, now: float) -> tuple[Opened, Attempt | None]:
        """Mark the attempt as verified; exactly one caller per token hears VERIFIED."""
        ...

    async def redeem(self, attempt: Attempt, access_token: bytes, expires: float, now: float) -> bool:
        """Turn a verified attempt into a session; exactly one caller per attempt hears True."""
        ...

    async def session(self, site: str, access_token: bytes) -> Session | None:
        """Look a session up, expired or not."""
        ...

    async def slide(self, site: str, access_token: bytes, expires: float, now: float) -> bool:
        """Move the expiry of a session that has not expired."""
        ...

    async def end_session(self, site: str, access_token: bytes) -> None:
        """Forget a session."""
        ...

    async def notes(self, site: str, uid: str) -> AccountNotes:
        """What was learned about an account."""
        ...

    async def note_verified(self, site: str, uid: str) -> None:
        """Remember that a click proved the account's address."""
        ...

    async def note_policy(self, site: str, uid: str, version: str, now: float) -> None:
        """Remember that a privacy policy was accepted."""
        ...

    async def put_mail(self, site: str, mail: MailboxMail, keep: int) -> None:
        """Put a mail (its `id` is given by the store) into the mailbox, of which the newest `keep` stay."""
        ...

    async def mails(self, site: str) -> list[MailboxMail]:
        """The mailbox, newest first."""
        ...

    async def clear_mails(self, site: str) -> None:
        """Empty the mailbox."""
        ...

    async def sweep(self, before: float) -> int:
        """Remove what expired before that moment; return how many records went."""
        ...

    async def check(self) -> None:
        """Raise StoreTrouble unless the store answers."""
        ...

    def close(self) -> None:
        """Give everything back; no operation may follow."""
        ...
