"""The calls of LoginRadius' protocol: which there are, who may make them, what of a call goes to which rule."""

import ipaddress
from typing import Final

from kiosk.service.calls import Answer, Call, Route, Routes, required
from kiosk.service.confirmation import Confirmation
from kiosk.service.contract import DELETED, POSTED, VERIFIED, Json, Refused
from kiosk.service.decisions import (
    ALSO_PARAMETER,
    CONFIRM_PARAMETER,
    NUMBER_PARAMETER,
    REPLAY_PARAMETER,
    SECRET_WRONG,
    TOKEN_KINDS,
    WAIT_PARAMETER,
)
from kiosk.service.house import House
from kiosk.service.limits import RateLimit
from kiosk.service.logins import Logins, Request
from kiosk.service.manage import Management
from kiosk.service.pinging import Ping, read_also, read_wait
from kiosk.service.sessions import Sessions
from kiosk.service.tokens import Secret

_AUTH: Final = "/identity/v2/auth"
_MANAGE: Final = "/identity/v2/manage/account"


class Api:
    """All calls of one site."""

    def __init__(self, house: House) -> None:
        self._site = house.site
        self._key = Secret(house.site.api_key)
        self._secret = Secret(house.site.api_secret)
        self._networks = [ipaddress.ip_network(network) for network in house.site.allowed_ips]
        self._logins = Logins(house)
        self._sessions = Sessions(house)
        self._management = Management(house)
        self._rate = RateLimit(house)
        self.routes = Routes([*self._flow(), *self._after_login(), *self._manage()])

    def _flow(self) -> list[Route]:
        return [
            Route("GET", f"{_AUTH}/login/smartlogin", self._begin),
            Route("GET", f"{_AUTH}/login/smartlogin/ping", self._ping),
            Route("GET", f"{_AUTH}/email/smartlogin", self._verify),
        ]

    def _after_login(self) -> list[Route]:
        return [
            Route("GET", f"{_AUTH}/access_token", self._info),
            Route("GET", f"{_AUTH}/access_token/validate", self._validate),
            Route("GET", f"{_AUTH}/access_token/sliding_token", self._slide),
            Route("GET", f"{_AUTH}/access_token/invalidate", self._invalidate),
            Route("GET", f"{_AUTH}/account", self._account),
            Route("GET", f"{_AUTH}/privacypolicy/accept", self._accept_policy),
            Route("GET", f"{_AUTH}/email", self._email_exists),
            Route("GET", f"{_AUTH}/username", self._username_exists),
        ]

    def _manage(self) -> list[Route]:
        return [
            Route("POST", _MANAGE, self._create, secret=True),
            Route("GET", _MANAGE, self._find, secret=True),
            Route("GET", f"{_MANAGE}/identities", self._identities, secret=True),
            Route("GET", f"{_MANAGE}/access_token", self._token_of, secret=True),
            Route("GET", f"{_MANAGE}/access_token/refresh", self._refresh, secret=True),
            Route("GET", f"{_MANAGE}/access_token/refresh/revoke", self._revoke, secret=True),
            Route("POST", f"{_MANAGE}/emailtoken/{{kind}}", self._email_token, secret=True),
            Route("GET", f"{_MANAGE}/{{uid}}", self._account_of, secret=True),
            Route("DELETE", f"{_MANAGE}/{{uid}}", self._delete, secret=True),
            Route("DELETE", f"{_MANAGE}/{{uid}}/access_token/refresh/revoke", self._revoke_all, secret=True),
        ]

    async def answer(self, route: Route, call: Call) -> Answer:
        """Check API key, secret, network and rate, then answer one call.

        Raises:
            Refused: with the code to send back.
        """
        self._check_key(call)
        if route.secret:
            self._check_secret(call)
        if wait := await self._rate.wait():
            raise Refused(429, retry_after=wait)
        return await route.handler(call)

    def _check_key(self, call: Call) -> None:
        key = call.value("apikey") or call.header(b"x-loginradius-apikey")
        if not key:
            raise Refused(922)
        if not self._key.is_same(key):
            raise Refused(920)
        if not self._site.enabled:
            raise Refused(901)
        if self._networks and not self._may_come_from(call.ip_address):
            raise Refused(1206)

    def _may_come_from(self, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    def _check_secret(self, call: Call) -> None:
        secret = call.header(b"x-loginradius-apisecret") or call.value("apisecret")
        if not secret:
            raise Refused(923)
        if not self._secret.is_same(secret):
            raise Refused(SECRET_WRONG)
        if not self._site.management:
            raise Refused(902)

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
        return await self._logins.ping(
            Ping(
                guid=call.value("clientguid"),
                fields=call.value("fields"),
                replay=call.value(REPLAY_PARAMETER).casefold() == "true",
                wait=read_wait(call.value(WAIT_PARAMETER)),
                also=read_also(call.value(ALSO_PARAMETER)),
                gone=call.gone,
            )
        )

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
        return {"IsExist": await self._sessions.email_exists(call.value("email"))}

    async def _username_exists(self, call: Call) -> Answer:
        return {"IsExist": await self._sessions.username_exists(call.value("username"))}

    async def _create(self, call: Call) -> Json:
        return await self._management.create(await call.json(), call.value("fields"))

    async def _find(self, call: Call) -> Json:
        return await self._management.find(call.value("email"), call.value("username"), call.value("fields"))

    async def _identities(self, call: Call) -> Answer:
        return {"Data": [await self._management.find(required(call, "email"), "", call.value("fields"))]}

    async def _account_of(self, call: Call) -> Json:
        return await self._management.account(call.argument, call.value("fields"))

    async def _delete(self, call: Call) -> Answer:
        await self._management.delete(call.argument)
        return DELETED

    async def _token_of(self, call: Call) -> Json:
        return await self._management.token_of(required(call, "uid"))

    async def _refresh(self, call: Call) -> Json:
        return await self._management.refresh(required(call, "refresh_token"))

    async def _revoke(self, call: Call) -> Answer:
        await self._management.revoke(required(call, "refresh_token"))
        return DELETED

    async def _revoke_all(self, call: Call) -> Answer:
        await self._management.revoke_all(call.argument)
        return DELETED

    async def _email_token(self, call: Call) -> Json:
        if call.argument.casefold() not in TOKEN_KINDS:
            raise Refused(404)
        return await self._management.email_token(await call.json())
