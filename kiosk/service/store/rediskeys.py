"""What things are called in Redis, and how records are written there."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from typing import Final

from kiosk.service.decisions import KEPT_AFTER_EXPIRY
from kiosk.service.store.records import Attempt, Grant, MailboxMail, OutboxMail

_TAG_LENGTH: Final = 16


class Keys:
    """Keys of one site."""

    def __init__(self, site: str) -> None:
        # A hash: an API key may hold any character, and a cluster keeps together what shares the part in braces.
        tag = hashlib.sha256(site.encode("utf-8", "replace")).hexdigest()[:_TAG_LENGTH]
        base = f"kiosk:{{{tag}}}:"
        self.attempts = base + "attempt:"
        self.links = base + "link:"
        self.opened = base + "opened"
        self.quotas = base + "quota:"
        self.sessions = base + "session:"
        self.refreshes = base + "refresh:"
        self.refreshes_of = base + "refreshes-of:"
        self.notes = base + "notes:"
        self.people = base + "person:"
        self.names = base + "name:"
        self.names_of = base + "names-of:"
        self.mailbox = base + "mailbox"
        self.outbox = base + "outbox:"
        self.queue = base + "outbox-queue"
        self.given_up = base + "outbox-given-up"
        self.ids = base + "ids"
        self.calls = base + "calls:"


def life(expires: float, now: float) -> int:
    """Milliseconds that Redis keeps a record: beyond its expiry, so that a late caller hears what happened to it."""
    return max(1, math.ceil((expires - now + KEPT_AFTER_EXPIRY) * 1000))


def written_attempt(attempt: Attempt) -> Iterator[str]:
    """Fields and values of a new attempt."""
    yield from ("token", attempt.token.hex(), "uid", attempt.uid)
    yield from ("created", repr(attempt.created), "expires", repr(attempt.expires))
    yield from ("redirect", attempt.redirect, "welcome", attempt.welcome, "number", attempt.number)


def read_attempt(site: str, guid: bytes, row: Mapping[bytes, bytes]) -> Attempt:
    """An attempt from its fields."""
    verified, redeemed = row.get(b"verified"), row.get(b"redeemed")
    return Attempt(
        site=site,
        guid=guid,
        token=bytes.fromhex(row[b"token"].decode()),
        uid=row[b"uid"].decode(),
        created=float(row[b"created"]),
        expires=float(row[b"expires"]),
        redirect=row[b"redirect"].decode(),
        verified=float(verified) if verified else None,
        redeemed=float(redeemed) if redeemed else None,
        welcome=row[b"welcome"].decode(),
        number=row[b"number"].decode(),
        salt=bytes.fromhex(row.get(b"salt", b"").decode()),
    )


def written_grant(grant: Grant, now: float) -> list[str | int]:
    """Arguments of the scripts that begin a session."""
    return [
        repr(now),
        grant.access.hex(),
        repr(grant.expires),
        life(grant.expires, now),
        grant.refresh.hex(),
        repr(grant.refresh_expires),
        life(grant.refresh_expires, now),
    ]


def written_mail(mail: MailboxMail) -> str:
    """A mail of the mailbox; the store puts its id in front."""
    return json.dumps([mail.to, mail.subject, mail.received, mail.text, mail.html])


def read_mail(line: bytes) -> MailboxMail:
    """A mail of the mailbox."""
    number, _, rest = line.partition(b" ")
    to, subject, received, text, html = json.loads(rest)
    return MailboxMail(int(number), to, subject, received, text, html)


def read_outbox_mail(pairs: list[bytes]) -> OutboxMail:
    """A mail of the outbox, as scripts answer it."""
    row = dict(zip(pairs[::2], pairs[1::2], strict=True))
    return OutboxMail(
        id=int(row[b"id"]),
        message=row[b"message"],
        label=row[b"label"].decode(),
        tries=int(row[b"tries"]),
        due=float(row[b"due"]),
        error=row[b"error"].decode(),
    )


def outbox_id(mail: OutboxMail) -> str:
    """The id as it is written: of one width, so that mails that are due at the same moment go in order."""
    return f"{mail.id:015d}"
