"""The calls after login: what an access token is good for. Knows the rules and nothing of HTTP."""

from kiosk.service import decisions
from kiosk.service.addresses import checked_email, checked_username
from kiosk.service.contract import Json, Refused, token_answer
from kiosk.service.grants import refuse
from kiosk.service.house import House
from kiosk.service.profile import policy_accepted, profile, projected
from kiosk.service.site import Account
from kiosk.service.store.base import Session
from kiosk.service.tokens import hashed


class Sessions:
    """Sessions of one site. Every method raises Refused with the code of section 4 of the API document."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._site = house.site

    async def validate(self, access_token: str) -> Json:
        """Tell that a token is good, and until when."""
        session, _ = await self._live(access_token)
        return token_answer(access_token, session.expires)

    async def slide(self, access_token: str) -> Json:
        """Give a good token a whole new life."""
        await self._live(access_token)
        now = self._house.clock()
        expires = now + self._site.token_life
        if not await self._house.store.slide(self._site.api_key, hashed(access_token), expires, now):
            raise Refused(decisions.TOKEN_EXPIRED)
        return token_answer(access_token, expires)

    async def invalidate(self, access_token: str, *, prevent_refresh: bool = False) -> None:
        """End the session of a token that is known, expired or not, and on request its refresh token too."""
        await self._known(access_token)
        await self._house.store.end_session(self._site.api_key, hashed(access_token), with_refresh=prevent_refresh)

    async def info(self, access_token: str) -> Json:
        """Say what kind of token it is."""
        await self._live(access_token)
        return {"provider": "Email", "access_token": access_token, "isrememberme": False}

    async def account(self, access_token: str, fields: str = "") -> Json:
        """Answer the profile; 1194 while the privacy policy in force is not accepted."""
        session, account = await self._live(access_token)
        notes = await self._house.store.notes(self._site.api_key, account.uid)
        if not policy_accepted(self._site, account, notes):
            raise Refused(1194, data=token_answer(access_token, session.expires))
        return projected(profile(self._site, account, notes), fields)

    async def accept_policy(self, access_token: str, fields: str = "") -> Json:
        """Remember that the person accepts the privacy policy in force; answer the profile."""
        _, account = await self._live(access_token)
        if self._site.privacy_policy:
            await self._house.store.note_policy(
                self._site.api_key, account.uid, self._site.privacy_policy, self._house.clock()
            )
        notes = await self._house.store.notes(self._site.api_key, account.uid)
        return projected(profile(self._site, account, notes), fields)

    async def email_exists(self, email: str) -> bool:
        """Tell whether an address has an account, if the site tells that at all."""
        self._check_telling()
        if not email:
            raise Refused(1032, fields=["email"])
        return await self._house.people.by_email(checked_email(email)) is not None

    async def username_exists(self, username: str) -> bool:
        """Tell whether a username is taken, if the site tells that at all."""
        self._check_telling()
        if not username:
            raise Refused(1075, fields=["username"])
        return await self._house.people.by_username(checked_username(username)) is not None

    def _check_telling(self) -> None:
        if not self._site.tell_unknown:
            raise Refused(decisions.EXISTENCE_CLOSED)

    async def _known(self, access_token: str) -> Session:
        if not access_token:
            raise Refused(1060)
        session = await self._house.store.session(self._site.api_key, hashed(access_token))
        if session is None:
            raise Refused(decisions.TOKEN_UNKNOWN)
        if session.fresh:
            await self._house.store.use_session(self._site.api_key, hashed(access_token))
        return session

    async def _live(self, access_token: str) -> tuple[Session, Account]:
        session = await self._known(access_token)
        if self._house.clock() >= session.expires:
            raise Refused(decisions.TOKEN_EXPIRED)
        account = await self._house.people.by_uid(session.uid)
        if account is None:
            raise Refused(decisions.TOKEN_UNKNOWN)
        refuse(account)
        return session, account
