"""The Smart Login flow: request, ping, verify. Knows the rules and nothing of HTTP."""

from dataclasses import dataclass, field

from kiosk.service import decisions
from kiosk.service.addresses import checked_email, checked_username, domain_of
from kiosk.service.confirmation import Confirmation
from kiosk.service.contract import Json, Refused
from kiosk.service.grants import refuse
from kiosk.service.house import House
from kiosk.service.mail.order import Order
from kiosk.service.pinging import Ping, Pings
from kiosk.service.redirects import allowed_redirect
from kiosk.service.site import Account
from kiosk.service.store.base import Attempt, Begun, MailQuota, Opened
from kiosk.service.tokens import hashed, new_number, new_verification_token


@dataclass(frozen=True)
class Request:
    """What a device asks for when it begins a login attempt."""

    guid: str = field(repr=False)
    email: str = field(default="", repr=False)
    username: str = field(default="", repr=False)
    template: str = ""
    welcome: str = ""
    redirect: str = field(default="", repr=False)
    ip_address: str = field(default="", repr=False)
    user_agent: str = field(default="", repr=False)


class Logins:
    """Login attempts of one site."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._site = house.site
        self._pings = Pings(house)

    async def ping(self, ping: Ping) -> Json:
        """Answer the session once the link was opened.

        Raises:
            Refused: 1139 before that; 1140 when the GUID is unknown, spent or expired; the account's own refusal.
        """
        self._check_enabled()
        return await self._pings.answer(ping)

    async def begin(self, request: Request) -> None:
        """Begin a login attempt and send its mail.

        An unknown address runs through the same steps as a known one, the order of a mail to nobody included.

        Raises:
            Refused: with the code that section 4 of the API document lists.
        """
        self._check_enabled()
        if not request.guid:
            raise Refused(decisions.MISSING_PARAMETER, fields=["clientguid"])
        typed, account = await self._find(request)
        if account and account.refuse_at == "request":
            refuse(account)
        if account and self._site.verified_only and not account.email_verified:
            raise Refused(970)
        token = new_verification_token()
        now = self._house.clock()
        attempt = Attempt(
            site=self._site.api_key,
            guid=hashed(request.guid),
            token=hashed(token),
            uid=account.uid if account else "",
            created=now,
            expires=now + self._site.link_life,
            redirect=allowed_redirect(request.redirect, self._site.redirect_hosts),
            welcome=request.welcome,
            number=new_number() if self._site.confirm == "number" else "",
        )
        limit = self._site.mail_limit
        # Counted by recipient, so that neither spelling nor username buys one person more mails.
        address = hashed(account.primary.casefold() if account else typed)
        begun = await self._house.store.begin_attempt(
            attempt, MailQuota(address, limit.mails, limit.window, limit.disabled)
        )
        if begun.outcome is Begun.GUID_TAKEN:
            raise Refused(1136, fields=["clientguid"])
        if begun.outcome is Begun.LIMIT_REACHED:
            raise Refused(1122, retry_after=begun.wait)
        await self._house.post.put(self._order(account, token, request, now))

    async def look(self, token: str) -> Attempt:
        """The attempt behind a verification token that could be approved now; nothing happens to it.

        Raises:
            Refused: the token is unknown, expired or used.
        """
        self._check_enabled()
        attempt = await self._house.store.attempt_of_link(self._site.api_key, hashed(token)) if token else None
        if attempt is None:
            raise Refused(decisions.MISSING_VERIFICATION_TOKEN)
        if attempt.redeemed is not None:
            raise Refused(decisions.VERIFY_SPENT)
        if self._house.clock() >= attempt.expires:
            raise Refused(decisions.VERIFY_EXPIRED)
        if attempt.verified is not None:
            raise Refused(decisions.VERIFY_AGAIN)
        return attempt

    async def open_link(self, token: str, confirmation: Confirmation, welcome: str = "") -> str:
        """Approve the attempt behind a verification token; return where the page may lead ("" for nowhere).

        `welcome` names the template of the welcome mail, should this click prove a new address.

        Raises:
            Refused: the token is unknown, expired or used, not confirmed, or the account may not sign in.
        """
        self._check_enabled()
        if not token:
            raise Refused(decisions.MISSING_VERIFICATION_TOKEN)
        if self._site.confirm == "button" and not confirmation.pressed:
            await self.look(token)
            raise Refused(decisions.CONFIRM_MISSING, fields=[decisions.CONFIRM_PARAMETER])
        now = self._house.clock()
        opened, attempt = await self._house.store.open_link(self._site.api_key, hashed(token), now, confirmation.number)
        if attempt is None:
            raise Refused(1063)
        self._house.holds.opened(attempt.guid)
        if opened is Opened.NUMBER_MISSING:
            raise Refused(decisions.NUMBER_MISSING, fields=[decisions.NUMBER_PARAMETER])
        if opened is not Opened.VERIFIED:
            raise Refused(_LINK_CODES[opened])
        account = await self._house.people.by_uid(attempt.uid)
        if account is None:
            raise Refused(938)
        news = await self._house.store.note_verified(self._site.api_key, account.uid)
        if account.refuse_at != "session":
            refuse(account)
        if news and not account.email_verified:
            await self._house.post.put(Order(account, "", welcome or attempt.welcome, "", "", now, welcome=True))
        return attempt.redirect

    def _check_enabled(self) -> None:
        if not self._site.smart_login:
            raise Refused(1135)

    async def _find(self, request: Request) -> tuple[str, Account | None]:
        if request.email:
            return await self._find_by_email(request.email)
        if request.username:
            return await self._find_by_username(request.username)
        raise Refused(1141, fields=["email", "username"])

    async def _find_by_email(self, text: str) -> tuple[str, Account | None]:
        if self._site.username_login == "only":
            raise Refused(1183)
        email = checked_email(text)
        if email in self._site.blocked_emails:
            raise Refused(1056, fields=["email"])
        if self._site.allowed_domains and domain_of(email) not in self._site.allowed_domains:
            raise Refused(1247, fields=["email"])
        account = await self._house.people.by_email(email)
        if account is None and self._site.tell_unknown:
            raise Refused(decisions.UNKNOWN_EMAIL)
        return email, account

    async def _find_by_username(self, text: str) -> tuple[str, Account | None]:
        if self._site.username_login == "off":
            raise Refused(1238)
        username = checked_username(text)
        account = await self._house.people.by_username(username)
        if account is None and self._site.tell_unknown:
            raise Refused(decisions.UNKNOWN_USERNAME)
        return username, account

    def _order(self, account: Account | None, token: str, request: Request, now: float) -> Order:
        return Order(
            account=account or _NOBODY,
            nobody=account is None,
            token=token,
            template=request.template,
            ip_address=request.ip_address,
            user_agent=request.user_agent,
            ordered=now,
        )


_NOBODY = Account("", ("nobody@example.invalid",), "nobody", "No", "Body")
_LINK_CODES = {
    Opened.EXPIRED: decisions.VERIFY_EXPIRED,
    Opened.AGAIN: decisions.VERIFY_AGAIN,
    Opened.SPENT: decisions.VERIFY_SPENT,
    Opened.NUMBER_WRONG: decisions.NUMBER_WRONG,
}
