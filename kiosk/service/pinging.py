"""Pings: the device asks whether the link was opened, and fetches the session. Knows the rules and nothing of HTTP."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from kiosk.service import decisions
from kiosk.service.contract import Json, Refused
from kiosk.service.grants import Tokens, refuse
from kiosk.service.house import House
from kiosk.service.profile import policy_accepted, profile, projected
from kiosk.service.site import Account
from kiosk.service.store.base import Attempt
from kiosk.service.tokens import hashed, new_salt


@dataclass(frozen=True)
class Ping:
    """What a device asks; all but the GUID and the fields are extensions of ours, described in `decisions`."""

    guid: str = field(repr=False)
    fields: str = ""
    replay: bool = False
    wait: float = 0.0
    also: tuple[str, ...] = field(default=(), repr=False)
    gone: Callable[[], Awaitable[object]] | None = field(default=None, repr=False)
    """Returns when the caller has gone away."""

    @property
    def extended(self) -> bool:
        """Whether the caller knows of our extensions."""
        return self.replay or self.wait > 0 or bool(self.also)


def read_wait(text: str) -> float:
    """The seconds that a caller is ready to wait; 0 for what is no such number."""
    try:
        seconds = float(text[:20])
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), decisions.WAIT_LIMIT) if math.isfinite(seconds) else 0.0


def read_also(text: str) -> tuple[str, ...]:
    """The further GUIDs that a caller asks about."""
    return tuple(guid for guid in text.split(",", decisions.ALSO_LIMIT)[: decisions.ALSO_LIMIT] if guid)


class Pings:
    """Pings of one site."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._site = house.site

    async def answer(self, ping: Ping) -> Json:
        """Answer a ping, and hold it open until the link is opened where the caller asks for that.

        Raises:
            Refused: 1139 before the link is opened; 1140 when the GUID is unknown, spent or expired; the account's own.
        """
        if not ping.guid:
            raise Refused(decisions.MISSING_PARAMETER, fields=["clientguid"])
        if not ping.wait or ping.gone is None:
            return await self._answer_now(ping)
        place = self._house.holds.place([hashed(guid) for guid in (ping.guid, *ping.also)])
        if place is None:
            return await self._answer_now(ping, held=False)
        try:
            try:
                return await self._answer_now(ping)
            except Refused as refused:
                if refused.code != 1139:
                    raise
                not_yet = refused
            if not await place.until_opened(ping.wait, ping.gone()):
                # Nobody listens any more, or this process ends: no word of holding the next one.
                extra = {key: value for key, value in not_yet.extra.items() if key != decisions.WAIT_FIELD}
                raise Refused(1139, extra=extra)
            return await self._answer_now(ping)
        finally:
            place.leave()

    async def _answer_now(self, ping: Ping, *, held: bool = True) -> Json:
        try:
            return await self._answer_one(ping.guid, ping, held=held)
        except Refused as refused:
            if refused.code not in (1139, decisions.PING_EXPIRED, decisions.PING_SPENT):
                raise
            for guid in ping.also:
                try:
                    return await self._answer_one(guid, ping, held=held)
                except Refused as other:
                    if other.code not in (1139, decisions.PING_EXPIRED, decisions.PING_SPENT):
                        raise
            raise refused from None

    async def _answer_one(self, guid: str, ping: Ping, *, held: bool) -> Json:
        now = self._house.clock()
        attempt = await self._house.store.attempt(self._site.api_key, hashed(guid))
        if attempt is None:
            raise Refused(1140)
        if attempt.redeemed is not None:
            return await self._replay(attempt, guid, ping, now)
        if now >= attempt.expires:
            raise Refused(decisions.PING_EXPIRED)
        if attempt.verified is None:
            raise self._not_yet(attempt, ping, held=held)
        return await self._redeem(attempt, guid, ping, now)

    def _not_yet(self, attempt: Attempt, ping: Ping, *, held: bool) -> Refused:
        extra: Json = {decisions.NUMBER_FIELD: attempt.number} if attempt.number else {}
        if ping.extended and held:
            extra[decisions.WAIT_FIELD] = decisions.WAIT_LIMIT
        return Refused(1139, extra=extra, retry_after=None if held else decisions.POLL_HINT)

    async def _redeem(self, attempt: Attempt, guid: str, ping: Ping, now: float) -> Json:
        account = await self._account_of(attempt)
        tokens = Tokens.derived(self._site, now, guid, new_salt()) if ping.replay else Tokens.new(self._site, now)
        if not await self._house.store.redeem(attempt, tokens.grant, now):
            # Another ping was faster.
            winner = await self._house.store.attempt(self._site.api_key, attempt.guid)
            if winner is None:
                raise Refused(1140)
            return await self._replay(winner, guid, ping, now)
        return await self._session(account, tokens, ping.fields)

    async def _replay(self, attempt: Attempt, guid: str, ping: Ping, now: float) -> Json:
        """Answer a redeemed attempt's session once more, if it may still be missing where it belongs."""
        redeemed = attempt.redeemed
        if not (ping.replay and attempt.salt and redeemed is not None and now - redeemed < decisions.REPLAY_SECONDS):
            raise Refused(decisions.PING_SPENT)
        tokens = Tokens.derived(self._site, redeemed, guid, attempt.salt)
        session = await self._house.store.session(self._site.api_key, tokens.grant.access)
        if session is None or not session.fresh or now >= session.expires:
            raise Refused(decisions.PING_SPENT)
        return await self._session(await self._account_of(attempt), tokens, ping.fields)

    async def _account_of(self, attempt: Attempt) -> Account:
        account = await self._house.people.by_uid(attempt.uid)
        if account is None:
            raise Refused(938)
        if account.refuse_at != "session":
            refuse(account)
        return account

    async def _session(self, account: Account, tokens: Tokens, fields: str) -> Json:
        notes = await self._house.store.notes(self._site.api_key, account.uid)
        if not policy_accepted(self._site, account, notes):
            raise Refused(1194, data=tokens.answer)
        return {"Profile": projected(profile(self._site, account, notes), fields), **tokens.answer}
