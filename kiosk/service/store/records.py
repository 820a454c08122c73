"""What a store keeps, and how its operations end."""

from dataclasses import dataclass, field
from enum import Enum, auto


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
    welcome: str = ""
    """E-mail template for the welcome mail, as the request named it; "" for the default."""
    number: str = field(default="", repr=False)
    """Two digits that the screen shows and the person must pick; "" where the site does not ask for that."""
    salt: bytes = field(default=b"", repr=False)
    """What the session's tokens were derived with; b"": they were not, and cannot be told again."""


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
    NUMBER_MISSING = auto()
    """The attempt has a number and none was given; nothing happened."""
    NUMBER_WRONG = auto()
    """Another number was given; the attempt has expired by that, or the page could try them all."""


@dataclass(frozen=True)
class Grant:
    """The tokens of a new session, hashed."""

    access: bytes = field(repr=False)
    expires: float
    refresh: bytes = field(default=b"", repr=False)
    """b"" for none."""
    refresh_expires: float = 0.0
    salt: bytes = field(default=b"", repr=False)
    """What they were derived with, so that the attempt can be answered again until they are used; b"": never again."""


@dataclass(frozen=True)
class Session:
    """What an access token stands for."""

    uid: str
    expires: float
    fresh: bool = False
    """Nobody has used it yet, and the ping that began it may be answered again."""


@dataclass(frozen=True)
class AccountNotes:
    """What was learned about an account since the site file was written."""

    email_verified: bool = False
    policy: str = ""
    """Version of the privacy policy that the person accepted."""
    policy_accepted: float = 0.0


@dataclass(frozen=True)
class Person:
    """An account that a management call made, or the mark that one was deleted."""

    uid: str
    data: str = field(repr=False)
    """The account as JSON; "": it was deleted."""


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
class OutboxMail:
    """A mail that waits to be sent, is being sent, or was given up."""

    id: int
    message: bytes = field(repr=False)
    """Whatever the post needs to write and send it; b"" once it was given up, for it may hold a login link."""
    label: str
    """What an operator may see of it."""
    tries: int
    """How often it was leased, this time included; also tells one lease from the next."""
    due: float
    """When it is to be tried, or when the lease ends."""
    error: str = ""
    """Why the last try failed."""


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
