"""The store in Redis, for several hosts that serve one site.

What reads and writes is one script each, so that Redis itself lets one of two racing callers win; records leave by
Redis' own expiry.

Keep Redis' append-only file on (`appendonly yes`): without it, a crash of Redis loses attempts that were answered.
"""

from kiosk.service.store import lua
from kiosk.service.store.records import Attempt, Beginning, Begun, Grant, MailQuota, Opened, Session
from kiosk.service.store.rediskeys import Keys, life, read_attempt, written_attempt, written_grant
from kiosk.service.store.redisrest import RedisAccounts, RedisMails


class RedisStore(RedisAccounts, RedisMails):
    """`base.Store` in Redis."""

    shared = True

    async def begin_attempt(self, attempt: Attempt, quota: MailQuota) -> Beginning:
        """Keep a new attempt, unless its GUID is taken or the address has had its mails."""
        keys = self.keys(attempt.site)
        guid = attempt.guid.hex()
        outcome, wait = await self.run(
            lua.BEGIN,
            [keys.attempts + guid, keys.links + attempt.token.hex(), keys.quotas + quota.address.hex()],
            repr(attempt.created),
            guid,
            life(attempt.expires, attempt.created),
            quota.mails,
            repr(quota.window),
            repr(quota.disabled),
            *written_attempt(attempt),
        )
        return Beginning(Begun[outcome.decode()], float(wait))

    async def attempt(self, site: str, guid: bytes) -> Attempt | None:
        """Look an attempt up by its client GUID."""
        row = await self.ask("HGETALL", self.keys(site).attempts + guid.hex())
        return read_attempt(site, guid, row) if row else None

    async def attempt_of_link(self, site: str, token: bytes) -> Attempt | None:
        """Look an attempt up by its verification token, without opening the link."""
        guid = await self.ask("GET", self.keys(site).links + token.hex())
        return await self.attempt(site, bytes.fromhex(guid.decode())) if guid else None

    async def open_link(self, site: str, token: bytes, now: float, number: str = "") -> tuple[Opened, Attempt | None]:
        """Mark the attempt as verified; exactly one caller per token hears VERIFIED."""
        keys = self.keys(site)
        outcome, guid = await self.run(
            lua.OPEN, [keys.links + token.hex(), keys.opened], keys.attempts, repr(now), number
        )
        attempt = await self.attempt(site, bytes.fromhex(guid.decode())) if guid else None
        return (Opened[outcome.decode()], attempt) if attempt else (Opened.UNKNOWN, None)

    async def opened_since(self, site: str, since: float) -> list[bytes]:
        """The GUIDs of attempts whose link was opened since then, of the last minute."""
        found = await self.ask("ZRANGEBYSCORE", self.keys(site).opened, repr(since), "+inf")
        return [bytes.fromhex(guid.decode()) for guid in found]

    async def redeem(self, attempt: Attempt, grant: Grant, now: float) -> bool:
        """Turn a verified attempt into a session; exactly one caller per attempt hears True."""
        keys = self.keys(attempt.site)
        used = self._session_keys(keys, grant, keys.attempts + attempt.guid.hex())
        return bool(await self.run(lua.REDEEM, used, *written_grant(grant, now), keys.refreshes_of, grant.salt.hex()))

    async def begin_session(self, site: str, uid: str, grant: Grant, now: float) -> None:
        """Keep a session that no login attempt led to."""
        keys = self.keys(site)
        used = self._session_keys(keys, grant)
        await self.run(lua.BEGIN_SESSION, used, *written_grant(grant, now), keys.refreshes_of, uid)

    async def session(self, site: str, access_token: bytes) -> Session | None:
        """Look a session up, expired or not."""
        row = await self.ask("HGETALL", self.keys(site).sessions + access_token.hex())
        return Session(row[b"uid"].decode(), float(row[b"expires"]), b"fresh" in row) if row else None

    async def use_session(self, site: str, access_token: bytes) -> None:
        """Remember that a session has been used: its owner has it."""
        await self.ask("HDEL", self.keys(site).sessions + access_token.hex(), "fresh")

    async def slide(self, site: str, access_token: bytes, expires: float, now: float) -> bool:
        """Move the expiry of a session that has not expired."""
        used = [self.keys(site).sessions + access_token.hex()]
        return bool(await self.run(lua.SLIDE, used, repr(now), repr(expires), life(expires, now)))

    async def end_session(self, site: str, access_token: bytes, *, with_refresh: bool) -> None:
        """Forget a session, and with `with_refresh` the refresh token that came with it."""
        keys = self.keys(site)
        await self.run(lua.END, [keys.sessions + access_token.hex()], keys.refreshes if with_refresh else "")

    async def refresh(self, site: str, refresh_token: bytes, grant: Grant, now: float) -> str | None:
        """Spend a refresh token for a new session."""
        keys = self.keys(site)
        used = self._session_keys(keys, grant, keys.refreshes + refresh_token.hex())
        uid = await self.run(lua.REFRESH, used, *written_grant(grant, now), keys.refreshes_of, keys.sessions)
        return uid.decode() if uid else None

    async def revoke(self, site: str, refresh_token: bytes) -> bool:
        """Forget a refresh token; tell whether there was one."""
        return bool(await self.ask("DEL", self.keys(site).refreshes + refresh_token.hex()))

    async def revoke_all(self, site: str, uid: str) -> None:
        """Forget all refresh tokens of an account."""
        await self.run(lua.REVOKE_ALL, [self.keys(site).refreshes_of + uid])

    async def take_calls(self, site: str, second: int, want: int, limit: int) -> int:
        """Count up to `want` calls in this second; return how many were left."""
        return int(await self.run(lua.TAKE_CALLS, [f"{self.keys(site).calls}{second}"], want, limit))

    async def sweep(self, before: float) -> int:  # noqa: ARG002 - the protocol's
        """Nothing to do: every record has a life that Redis ends."""
        return 0

    async def check(self) -> None:
        """Raise StoreTrouble unless Redis answers."""
        await self.ask("PING")

    def _session_keys(self, keys: Keys, grant: Grant, *spent: str) -> list[str]:
        return [keys.sessions + grant.access.hex(), keys.refreshes + grant.refresh.hex(), *spent]
