"""Management: what an operator's own programs may do with the API secret. Knows the rules and nothing of HTTP."""

from collections.abc import Mapping
from typing import Any

from kiosk.service import decisions
from kiosk.service.addresses import checked_email, checked_username
from kiosk.service.contract import Json, Refused, printed_time
from kiosk.service.grants import Tokens, refuse
from kiosk.service.house import House
from kiosk.service.people import account_from
from kiosk.service.profile import profile, projected
from kiosk.service.site import Account
from kiosk.service.store.base import Attempt, Begun, MailQuota
from kiosk.service.tokens import hashed, new_number, new_verification_token


class Management:
    """Management of one site. Every method raises Refused with a code of the table."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._site = house.site

    async def create(self, body: Mapping[str, Any], fields: str = "") -> Json:
        """Make an account; answer its profile."""
        account = account_from(body)
        await self._house.people.add(account)
        return await self._profile(account, fields)

    async def delete(self, uid: str) -> None:
        """Delete an account; its sessions and refresh tokens end with it."""
        if not await self._house.people.delete(uid):
            raise Refused(938)

    async def account(self, uid: str, fields: str = "") -> Json:
        """The profile of an account by its id."""
        return await self._profile(await self._by_uid(uid), fields)

    async def find(self, email: str, username: str, fields: str = "") -> Json:
        """The profile of an account by its address or username."""
        return await self._profile(await self._find(email, username), fields)

    async def token_of(self, uid: str) -> Json:
        """Begin a session for an account without asking it."""
        account = await self._by_uid(uid)
        refuse(account)
        now = self._house.clock()
        tokens = Tokens.new(self._site, now)
        await self._house.store.begin_session(self._site.api_key, account.uid, tokens.grant, now)
        return tokens.answer

    async def refresh(self, refresh_token: str) -> Json:
        """Spend a refresh token for a new session."""
        now = self._house.clock()
        tokens = Tokens.new(self._site, now)
        uid = await self._house.store.refresh(self._site.api_key, hashed(refresh_token), tokens.grant, now)
        if uid is None:
            raise Refused(decisions.REFRESH_UNKNOWN)
        # The session of an account that was deleted or blocked since is worth nothing: every call of it is refused.
        refuse(await self._by_uid(uid))
        return tokens.answer

    async def revoke(self, refresh_token: str) -> None:
        """Revoke one refresh token; the access token that came with it works until it expires."""
        if not await self._house.store.revoke(self._site.api_key, hashed(refresh_token)):
            raise Refused(decisions.REFRESH_UNKNOWN)

    async def revoke_all(self, uid: str) -> None:
        """Revoke all refresh tokens of an account."""
        account = await self._by_uid(uid)
        await self._house.store.revoke_all(self._site.api_key, account.uid)

    async def email_token(self, body: Mapping[str, Any]) -> Json:
        """Begin a login attempt without a mail: the caller brings the verification token to the person itself."""
        if not self._site.smart_login:
            raise Refused(1135)
        guid = _text(body, "clientguid")
        if not guid:
            raise Refused(decisions.MISSING_PARAMETER, fields=["ClientGuid"])
        account = await self._find(_text(body, "email"), _text(body, "username"))
        refuse(account)
        token, now = new_verification_token(), self._house.clock()
        attempt = Attempt(
            site=self._site.api_key,
            guid=hashed(guid),
            token=hashed(token),
            uid=account.uid,
            created=now,
            expires=now + self._site.link_life,
            number=new_number() if self._site.confirm == "number" else "",
        )
        limit = self._site.mail_limit
        # Counted apart from mails: a program that asks for tokens must not keep a person from getting a mail.
        quota = MailQuota(hashed(f"token {account.primary.casefold()}"), limit.mails, limit.window, limit.disabled)
        begun = await self._house.store.begin_attempt(attempt, quota)
        if begun.outcome is Begun.GUID_TAKEN:
            raise Refused(1136, fields=["ClientGuid"])
        if begun.outcome is Begun.LIMIT_REACHED:
            raise Refused(1178, retry_after=begun.wait)
        return {"Token": token, "ExpiresIn": printed_time(attempt.expires), "IdentityProviders": ["Email"]}

    async def _by_uid(self, uid: str) -> Account:
        account = await self._house.people.by_uid(uid)
        if account is None:
            raise Refused(938)
        return account

    async def _find(self, email: str, username: str) -> Account:
        if email:
            account = await self._house.people.by_email(checked_email(email))
        elif username:
            account = await self._house.people.by_username(checked_username(username))
        else:
            raise Refused(1141, fields=["email", "username"])
        if account is None:
            raise Refused(938)
        return account

    async def _profile(self, account: Account, fields: str) -> Json:
        notes = await self._house.store.notes(self._site.api_key, account.uid)
        return projected(profile(self._site, account, notes), fields)


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > decisions.QUERY_LIMIT:
        raise Refused(908, fields=[key])
    return value.strip()
