"""The calls of LoginRadius' protocol over HTTP: parameters in, rules asked, bodies out."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request as HttpRequest

from kiosk.service.confirmation import Confirmation
from kiosk.service.contract import POSTED, VERIFIED, Json, Refused
from kiosk.service.decisions import CONFIRM_PARAMETER, NUMBER_PARAMETER
from kiosk.service.house import House
from kiosk.service.limits import RateLimit
from kiosk.service.logins import Logins, Request
from kiosk.service.parameters import bearer, parameters
from kiosk.service.sessions import Sessions
from kiosk.service.tokens import same_secret

_AUTH: Final = "/identity/v2/auth"


@dataclass(frozen=True)
class Call:
    """One call, its parameters read and its API key checked."""

    values: Mapping[str, str] = field(repr=False)
    access_token: str = field(repr=False)
    ip_address: str = field(repr=False)
    user_agent: str = field(repr=False)

    def value(self, *names: str) -> str:
        """The first of these parameters that is there; "" for none."""
        return next((self.values[name] for name in names if name in self.values), "")


Answer = Mapping[str, Any]
Handler = Callable[[Call], Awaitable[Answer]]


class Api:
    """All calls of one site, by path."""

    def __init__(self, house: House) -> None:
        self._site = house.site
        self._logins = Logins(house)
        self._sessions = Sessions(house)
        self._rate = RateLimit(house.site.requests_per_second, house.clock)
        self.calls: Mapping[str, Handler] = {
            f"{_AUTH}/login/smartlogin": self._begin,
            f"{_AUTH}/login/smartlogin/ping": self._ping,
            f"{_AUTH}/email/smartlogin": self._verify,
            f"{_AUTH}/access_token": self._info,
            f"{_AUTH}/access_token/validate": self._validate,
            f"{_AUTH}/access_token/sliding_token": self._slide,
            f"{_AUTH}/access_token/invalidate": self._invalidate,
            f"{_AUTH}/account": self._account,
            f"{_AUTH}/privacypolicy/accept": self._accept_policy,
            f"{_AUTH}/email": self._email_exists,
            f"{_AUTH}/username": self._username_exists,
        }

    async def answer(self, handler: Handler, request: HttpRequest) -> Answer:
        """Check API key and rate, then answer one call.

        Raises:
            Refused: with the code to send back.
        """
        values = parameters(request.scope["query_string"])
        self._check_key(values.get("apikey") or request.headers.get("x-loginradius-apikey", ""))
        if wait := self._rate.wait():
            raise Refused(429, retry_after=wait)
        token = bearer(request.headers.get("authorization", "")) or values.get("access_token", "")
        call = Call(
            values=values,
            access_token=token,
            ip_address=request.client.host if request.client else "",
            user_agent=request.headers.get("user-agent", ""),
        )
        return await handler(call)

    def _check_key(self, key: str) -> None:
        if not key:
            raise Refused(922)
        if not same_secret(key, self._site.api_key):
            raise Refused(920)

    async def _begin(self, call: Call) -> Answer:
        await self._logins.begin(
            Request(
                guid=call.value("clientguid"),
                email=call.value("email"),
                username=call.value("username"),
                template=call.value("smartloginemailtemplate"),
                welcome=call.value("welcomeemailtemplate"),
                redirect=call.value("redirecturl"),
                ip_address=call.ip_address,
                user_agent=call.user_agent,
            )
        )
        return POSTED

    async def _ping(self, call: Call) -> Json:
        return await self._logins.ping(call.value("clientguid"), call.value("fields"))

    async def _verify(self, call: Call) -> Answer:
        await self._logins.open_link(
            call.value("verificationtoken", "vtoken"),
            Confirmation.read([call.value(CONFIRM_PARAMETER)], [call.value(NUMBER_PARAMETER)]),
            call.value("welcomeemailtemplate"),
        )
        return VERIFIED

    async def _info(self, call: Call) -> Json:
        return await self._sessions.info(call.access_token)

    async def _validate(self, call: Call) -> Json:
        return await self._sessions.validate(call.access_token)

    async def _slide(self, call: Call) -> Json:
        return await self._sessions.slide(call.access_token)

    async def _invalidate(self, call: Call) -> Answer:
        await self._sessions.invalidate(
            call.access_token, prevent_refresh=call.value("preventrefresh").casefold() == "true"
        )
        return POSTED

    async def _account(self, call: Call) -> Json:
        return await self._sessions.account(call.access_token, call.value("fields"))

    async def _accept_policy(self, call: Call) -> Json:
        return await self._sessions.accept_policy(call.access_token, call.value("fields"))

    async def _email_exists(self, call: Call) -> Answer:
        return {"IsExist": self._sessions.email_exists(call.value("email"))}

    async def _username_exists(self, call: Call) -> Answer:
        return {"IsExist": self._sessions.username_exists(call.value("username"))}
