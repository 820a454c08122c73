"""The calls, one method each, with typed results. This room is the only one that speaks HTTP."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Self
from urllib.parse import quote, urlencode, urlsplit

from kiosk import __version__
from kiosk.smartlogin import answers
from kiosk.smartlogin.address import check_api_url
from kiosk.smartlogin.dates import http_date
from kiosk.smartlogin.errors import BadAnswer, TimedOut, TransportError
from kiosk.smartlogin.models import Identifier, Profile, Session, Token
from kiosk.smartlogin.observing import Onlooker, observed
from kiosk.smartlogin.transport import HttpTransport, Reply, Transport
from kiosk.smartlogin.wire import Fields

LARGEST_BODY = 1 << 20
"""Bytes: no answer of the protocol comes near; a longer one is somebody else's."""

CALL_LIMIT = 10.0
"""Seconds for one whole call, so that an answer that drips in byte by byte ends as well."""

HOLD_GRACE = 5.0
"""Seconds beyond the holding for the rest of such a call."""

_LOGIN = "/identity/v2/auth/login/smartlogin"
_TOKEN = "/identity/v2/auth/access_token"  # noqa: S105 - a path, no secret
_HEADERS = {
    "User-Agent": f"smartlogin-kiosk/{__version__}",
    "Accept": "application/json",
    # Unpacked is unbounded: a few bytes of gzip may be gigabytes, and our answers are small anyway.
    "Accept-Encoding": "identity",
}


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
        transport: Transport | None = None,
        onlooker: Onlooker | None = None,
    ) -> None:
        """Name the site.

        Args:
            api_url: The service's base address.
            api_key: The site's API key.
            options: Further parameters of every login request: `smartloginemailtemplate`, `welcomeemailtemplate`,
                `redirecturl`. Empty ones are left out.
            transport: What carries the requests; the network by default.
            onlooker: Is told of every call that has ended: its name, its time, its kind of end.

        Raises:
            ValueError: the base address is not allowed, or the environment names a proxy that cannot be used.
            OSError: the environment names certificates that cannot be read.
        """
        self._api_url = check_api_url(api_url)
        self._api_key = api_key
        self.onlooker = onlooker
        self.service_time: datetime | None = None
        """What the clock of whoever answered last said, to the second, when it answered."""
        self._options = {name: value for name, value in (options or {}).items() if value}
        self._path = quote(urlsplit(self._api_url).path, safe="/%:@!$&'()*+,;=~")
        self._transport = transport or HttpTransport(self._api_url, LARGEST_BODY)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let the connection go."""
        await self._transport.close()

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
        limit: float | None = None,
    ) -> tuple[Fields, datetime]:
        """The answer's fields and the service's time.

        Args:
            path: The call's, below the base address.
            parameters: All but the API key.
            access_token: Whose call it is; nothing for nobody's.
            limit: Seconds for all of it; `CALL_LIMIT` by default.
        """
        headers = _HEADERS | ({"Authorization": f"Bearer {access_token}"} if access_token else {})
        wanted = {"apikey": self._api_key, **(parameters or {})}
        failure: TransportError
        try:
            async with asyncio.timeout(CALL_LIMIT if limit is None else limit):
                return await self._read(f"{self._path}{path}?{urlencode(wanted)}", headers, again=bool(access_token))
        except TransportError as error:
            failure = error
        except TimeoutError:
            failure = TimedOut()
        except UnicodeError:  # half a character, in what was typed
            failure = BadAnswer()
        # Raised out here: in the handler it would carry frames that know the request, and so the client GUID.
        raise failure.with_traceback(None)

    async def _read(self, target: str, headers: Mapping[str, str], *, again: bool) -> tuple[Fields, datetime]:
        # What a token asks for is the same when it is asked twice. Not so a mail; and pings have a pace of their own.
        reply = await self._transport.get(target, headers, again=again)
        self.service_time = http_date(reply.headers.get("date", ""))
        try:
            return _fields(reply)
        except BadAnswer:
            # Not a word more on this connection: what follows a wrong answer would be taken for the next one.
            self._transport.drop()
            raise


def _pinged(client_guid: str, also: Sequence[str]) -> dict[str, str]:
    # `replay`, an extension of ours: an answer that is lost on the way is given again. LoginRadius ignores it.
    return {"clientguid": client_guid, "replay": "true", **({"also": ",".join(also)} if also else {})}


def _fields(reply: Reply) -> tuple[Fields, datetime]:
    if reply.headers.get("content-encoding", "identity") != "identity":
        raise BadAnswer(reply.status)
    now = http_date(reply.headers.get("date", "")) or datetime.now(UTC)
    if reply.status != 200:
        raise answers.error_in(reply.status, reply.headers, reply.body, now)
    return Fields.of(reply.body), now
