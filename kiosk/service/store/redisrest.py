"""The half of the Redis store that is not about attempts and sessions: accounts, mailbox and outbox."""

from kiosk.service.store import lua
from kiosk.service.store.records import AccountNotes, MailboxMail, OutboxMail, Person
from kiosk.service.store.rediskeys import life, outbox_id, read_mail, read_outbox_mail, written_mail
from kiosk.service.store.redislink import RedisLink


class RedisAccounts(RedisLink):
    """What is known of accounts beyond the site file."""

    async def notes(self, site: str, uid: str) -> AccountNotes:
        """What was learned about an account."""
        row = await self.ask("HGETALL", self.keys(site).notes + uid)
        return AccountNotes(b"verified" in row, row.get(b"policy", b"").decode(), float(row.get(b"accepted", 0)))

    async def note_verified(self, site: str, uid: str) -> bool:
        """Remember that a click proved the account's address; tell whether that was news."""
        return bool(await self.ask("HSET", self.keys(site).notes + uid, "verified", 1))

    async def note_policy(self, site: str, uid: str, version: str, now: float) -> None:
        """Remember that a privacy policy was accepted."""
        key = self.keys(site).notes + uid
        await self.ask("HSET", key, "policy", version, "accepted", repr(now))

    async def person(self, site: str, uid: str) -> Person | None:
        """Look an account that a management call made or deleted up by its id."""
        data = await self.ask("GET", self.keys(site).people + uid)
        return None if data is None else Person(uid, data.decode())

    async def person_known_as(self, site: str, key: bytes) -> Person | None:
        """Look it up by the hash of an address or username."""
        uid = await self.ask("GET", self.keys(site).names + key.hex())
        return await self.person(site, uid.decode()) if uid else None

    async def add_person(self, site: str, person: Person, keys: tuple[bytes, ...]) -> bool:
        """Keep an account under all of these keys, unless one is taken."""
        names = self.keys(site)
        used = [names.people + person.uid, names.names_of + person.uid, *(names.names + key.hex() for key in keys)]
        return bool(await self.run(lua.ADD_PERSON, used, person.uid, person.data))

    async def delete_person(self, site: str, uid: str) -> None:
        """Mark an account as deleted."""
        names = self.keys(site)
        await self.run(lua.DELETE_PERSON, [names.people + uid, names.names_of + uid, names.notes + uid])


class RedisMails(RedisLink):
    """The service's own mailbox, and the outbox."""

    async def put_mail(self, site: str, mail: MailboxMail, keep: int) -> None:
        """Put a mail into the mailbox, of which the newest `keep` stay."""
        names = self.keys(site)
        await self.run(lua.PUT_MAIL, [names.ids, names.mailbox], written_mail(mail), keep)

    async def mails(self, site: str) -> list[MailboxMail]:
        """The mailbox, newest first."""
        lines = await self.ask("LRANGE", self.keys(site).mailbox, 0, -1)
        return [read_mail(line) for line in lines]

    async def clear_mails(self, site: str) -> None:
        """Empty the mailbox."""
        await self.ask("DEL", self.keys(site).mailbox)

    async def outbox_add(self, site: str, message: bytes, label: str, due: float, expires: float) -> None:
        """Keep a mail to be sent at `due`."""
        names = self.keys(site)
        kept = life(expires, due)
        await self.run(lua.OUTBOX_ADD, [names.ids, names.queue], names.outbox, message, label, repr(due), kept)

    async def outbox_lease(self, site: str, now: float, seconds: float) -> OutboxMail | None:
        """Take the mail that is due first, for so long."""
        names = self.keys(site)
        pairs = await self.run(lua.OUTBOX_LEASE, [names.queue], names.outbox, repr(now), repr(now + seconds))
        return read_outbox_mail(pairs) if pairs else None

    async def outbox_done(self, site: str, mail: OutboxMail) -> None:
        """Forget a leased mail, for it was sent."""
        await self._end(site, mail, "done", "", 0.0)

    async def outbox_retry(self, site: str, mail: OutboxMail, due: float | None, error: str) -> None:
        """Give a leased mail back, or give it up."""
        await self._end(site, mail, "fail" if due is None else "retry", error, due or 0.0)

    async def outbox_failed(self, site: str) -> list[OutboxMail]:
        """The mails that were given up, newest first."""
        names = self.keys(site)
        found = await self.run(lua.OUTBOX_FAILED, [names.given_up], names.outbox)
        return [read_outbox_mail(pairs) for pairs in found]

    async def outbox_waiting(self, site: str) -> int:
        """How many mails are to be sent."""
        return int(await self.ask("ZCARD", self.keys(site).queue))

    async def _end(self, site: str, mail: OutboxMail, how: str, error: str, due: float) -> None:
        names = self.keys(site)
        number = outbox_id(mail)
        used = [names.outbox + number, names.queue, names.given_up]
        await self.run(lua.OUTBOX_END, used, number, mail.tries, how, error, repr(due))
