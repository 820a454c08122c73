"""The calls, one method each, with typed results. The only room that speaks HTTP."""

import asyncio
import logging
import re
import socket
import ssl
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Self

import httpx

from kiosk.smartlogin import answers
from kiosk.smartlogin.address import check_api_url
from kiosk.smartlogin.errors import (
    BadAnswer,
    ClockWrong,
    Intercepted,
    NameNotFound,
    TimedOut,
    TlsError,
    TransportError,
    Unreachable,
    WrongHost,
)
from kiosk.smartlogin.models import Identifier, Profile, Session, Token
from kiosk.smartlogin.observing import Onlooker, observed
from kiosk.smartlogin.wire import Fields

LARGEST_BODY = 1 << 20
"""Bytes: no answer of the protocol comes near; a longer one is somebody else's."""

CALL_LIMIT = 10.0
"""Seconds for one whole call, so that an answer that drips in byte by byte ends as well."""

HOLD_GRACE = 5.0
"""Seconds beyond the holding for the rest of such a call."""

_CONNECT = 5.0
_LOGIN = "/identity/v2/auth/login/smartlogin"
_TOKEN = "/identity/v2/auth/access_token"  # noqa: S105 - a path, no secret
_VERIFY_CODES = {
    9: ClockWrong,
    10: ClockWrong,
    62: WrongHost,
    64: WrongHost,
    18: Intercepted,
    19: Intercepted,
    20: Intercepted,
    21: Intercepted,
}
"""OpenSSL's X509_V_ERR_*: not valid yet, expired; wrong host, wrong IP address; self-signed (leaf, chain), and two ways
of an unknown issuer."""

_HUNG_UP = re.compile("closed|disconnected")
"""In httpx's words, a peer that hung up in the middle; its other broken rules are bytes that are no HTTP at all."""


class SmartLoginClient:
    """One site of a Smart Login service, spoken to over one warm connection.

    Every method raises `SmartLoginError` for anything but the wanted answer, and nothing else.
    """

    def __init__(
        self,
        api_url: str,
        api_key: str,
        *,
        options: Mapping[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        onlooker: Onlooker | None = None,
    ) -> None:
        """Name the site.

        Args:
            api_url: The service's base address.
            api_key: The site's API key.
            options: Further parameters of every login request: `smartloginemailtemplate`, `welcomeemailtemplate`,
                `redirecturl`. Empty ones are left out.
            transport: What carries the requests; httpx's own by default.
            onlooker: Is told of every call that has ended: its name, its time, its kind of end.

        Raises:
            ValueError: the base address is not allowed.
        """
        # httpx logs whole addresses, and ours carry the client GUID. The level holds for their children as well.
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        self._api_url = check_api_url(api_url)
        self._api_key = api_key
        self.onlooker = onlooker
        self.service_time: datetime | None = None
        """What the clock of whoever answered last said, to the second, when it answered."""
        self._options = {name: value for name, value in (options or {}).items() if value}
        self._http = _Http(
            transport=transport,
            verify=_trusted_for(self._api_url),
            follow_redirects=False,
            limits=httpx.Limits(max_connections=4, max_keepalive_connections=2, keepalive_expiry=60),
            # Unpacked is unbounded: a few bytes of gzip may be gigabytes, and our answers are small anyway.
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let the connection go."""
        await self._http.aclose()

    @observed
    async def request_login(self, identifier: Identifier, client_guid: str) -> None:
        """Ask for a login under a fresh client GUID; the service mails the login link."""
        wanted = {identifier.kind.value: identifier.value, "clientguid": client_guid}
        fields, _ = await self._get(_LOGIN, self._options | wanted)
        answers.posted(fields)

    @observed
    async def ping(self, client_guid: str, also: Sequence[str] = ()) -> Session:
        """The session, once the login link was clicked; `NotClickedYet` until then.

        `also` names further GUIDs of the same attempt, for services that answer for all of them at once.
        """
        fields, now = await self._get(f"{_LOGIN}/ping", _pinged(client_guid, also))
        return answers.session(fields, now)

    @observed
    async def hold(self, client_guid: str, seconds: float, also: Sequence[str] = ()) -> Session:
        """The same, by a ping that the service may hold for so many seconds. Only for a service that offers it."""
        wanted = {**_pinged(client_guid, also), "wait": f"{seconds:.3f}"}
        fields, now = await self._get(f"{_LOGIN}/ping", wanted, limit=seconds + HOLD_GRACE)
        return answers.session(fields, now)

    @observed
    async def verify(self, verification_token: str) -> None:
        """Verify Token, as the hosted page calls it: marks the attempt behind a login link as verified."""
        path = "/identity/v2/auth/email/smartlogin"
        fields, _ = await self._get(path, {"verificationtoken": verification_token})
        answers.posted(fields)

    @observed
    async def validate(self, access_token: str) -> Token:
        """Is this access token still good; with its expiry."""
        return answers.token(*await self._get(f"{_TOKEN}/validate", access_token=access_token))

    @observed
    async def slide(self, access_token: str) -> Token:
        """Move the access token's expiry forward (sliding token); needs no secret."""
        return answers.token(*await self._get(f"{_TOKEN}/sliding_token", access_token=access_token))

    @observed
    async def invalidate(self, access_token: str) -> None:
        """End the access token at the service, and keep it from being refreshed."""
        fields, _ = await self._get(f"{_TOKEN}/invalidate", {"preventrefresh": "true"}, access_token=access_token)
        answers.posted(fields)

    @observed
    async def account(self, access_token: str) -> Profile:
        """The profile behind an access token."""
        fields, _ = await self._get("/identity/v2/auth/account", access_token=access_token)
        return answers.profile(fields)

    @observed
    async def accept_privacy_policy(self, access_token: str) -> Profile:
        """Accept the site's privacy policy (after LoginRadius code 1194)."""
        fields, _ = await self._get("/identity/v2/auth/privacypolicy/accept", access_token=access_token)
        return answers.profile(fields)

    async def _get(
        self,
        path: str,
        parameters: dict[str, str] | None = None,
        *,
        access_token: str = "",
        limit: float = CALL_LIMIT,
    ) -> tuple[Fields, datetime]:
        """The answer's fields and the service's time."""
        headers = {"Authorization": f"Bearer {access_token}"} if access_token else {}
        failure: TransportError
        try:
            async with asyncio.timeout(limit):
                return await self._read(path, {"apikey": self._api_key, **(parameters or {})}, headers, limit)
        except TransportError as error:
            failure = error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError, OSError) as error:
            failure = _transport_error(error)
        # Raised out here: in the handler it would carry httpx's exception, its request, and so the client GUID.
        raise failure.with_traceback(None)

    async def _read(
        self, path: str, parameters: dict[str, str], headers: dict[str, str], limit: float
    ) -> tuple[Fields, datetime]:
        url = f"{self._api_url}{path}"
        timeout = httpx.Timeout(limit, connect=_CONNECT)
        async with self._http.stream("GET", url, params=parameters, headers=headers, timeout=timeout) as response:
            self.service_time = answers.http_date(response.headers.get("date", ""))
            try:
                return _read_answer(response, await _body(response))
            except BadAnswer:
                # Not a word more on this connection: what follows a wrong answer would be taken for the next one.
                if (stream := response.extensions.get("network_stream")) is not None:
                    await stream.aclose()
                raise


class _NoCookies(httpx.Cookies):
    """Takes none and gives none."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Take none."""

    def set_cookie_header(self, request: httpx.Request) -> None:
        """Give none."""


class _Http(httpx.AsyncClient):
    """httpx without cookies: one would tell a service that the next person at this screen is the last one.

    Its search for them would also keep each address, client GUID and all, in a cache of the standard library.
    """

    @property
    def cookies(self) -> httpx.Cookies:
        """None, for every request anew."""
        return _NoCookies()

    @cookies.setter
    def cookies(self, _cookies: object) -> None:
        """None that anybody could set."""


def _trusted_for(api_url: str) -> ssl.SSLContext | bool:
    """Whom to trust: whom httpx trusts. Nobody at all for plain http, since 140 certificates take a megabyte."""
    return True if api_url.lower().startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _pinged(client_guid: str, also: Sequence[str]) -> dict[str, str]:
    # `replay`, an extension of ours: an answer that is lost on the way is given again. LoginRadius ignores it.
    return {"clientguid": client_guid, "replay": "true", **({"also": ",".join(also)} if also else {})}


async def _body(response: httpx.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise BadAnswer(response.status_code)
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise BadAnswer
    return bytes(body)


def _read_answer(response: httpx.Response, body: bytes) -> tuple[Fields, datetime]:
    now = answers.http_date(response.headers.get("date", "")) or datetime.now(UTC)
    if response.status_code != 200:
        raise answers.error_in(response.status_code, response.headers, body, now)
    return Fields.of(body), now


def _transport_error(error: Exception) -> TransportError:
    """What a failed exchange means, by the cause that hides under httpx's own exceptions."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _VERIFY_CODES.get(cause.verify_code, TlsError)()
        if isinstance(cause, ssl.SSLError):
            return TlsError()
        if isinstance(cause, socket.gaierror):
            return NameNotFound()
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return TimedOut()
    if isinstance(error, httpx.RemoteProtocolError) and not _HUNG_UP.search(str(error)):
        return BadAnswer()
    return Unreachable() if isinstance(error, httpx.TransportError | OSError) else BadAnswer()
