"""What carries the requests, and the real one: a few warm connections to the one site.

A request is a GET with a small answer, so this is no library for HTTP: h11 reads and writes it, asyncio moves the
bytes, and here is what lies between the two. No redirects, no cookies, nothing unpacked, nothing logged.
"""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple, Protocol

import h11

from kiosk.smartlogin.connecting import Way
from kiosk.smartlogin.connection import Connection, Headers
from kiosk.smartlogin.errors import TransportError, Unreachable
from kiosk.smartlogin.failures import failure_of

MOST_CONNECTIONS = 4
"""Calls at one time; the next one waits until one of them has ended."""

MOST_IDLE = 2
"""Connections that are kept for the next call: pings and a token's keep-alive may overlap."""

KEPT = 60.0
"""Seconds for which an idle connection is kept. Many servers close theirs after 60 to 75."""


class Reply(NamedTuple):
    """An HTTP answer, whatever it says."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters; what came several times is one text, parted by commas."""
    body: bytes
    """As it came: nothing is unpacked."""

    def __repr__(self) -> str:
        return f"<Reply {self.status}>"  # the rest may be a token


class Transport(Protocol):
    """Brings requests to one site, and answers back."""

    async def get(self, target: str, headers: Mapping[str, str], *, again: bool = False) -> Reply:
        """The answer to `GET target`, which may take its time: the caller sets the limit.

        Args:
            target: Path and query, both percent-encoded.
            headers: Those that are the request's own; the connection adds `Host`.
            again: It may be sent once more, where the peer seems to have hung up before it came.

        Raises:
            TransportError: there is none. It knows nothing of the request.
        """

    def drop(self) -> None:
        """Use no connection again that is idle by now."""

    async def close(self) -> None:
        """Let every connection go, and end what is under way."""


class HttpTransport:
    """The network."""

    def __init__(self, api_url: str, largest: int) -> None:
        """Read where the site is, whom to trust, and which proxy leads there; no connection is made yet.

        Args:
            api_url: The site's base address, of which the path does not matter here.
            largest: Bytes of the longest body that is taken.

        Raises:
            ValueError: a host name that can be none, or a proxy that cannot be used.
            OSError: the environment names certificates that cannot be read.
        """
        self._way = Way(api_url)
        self._largest = largest
        self._room = asyncio.Semaphore(MOST_CONNECTIONS)
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._coming: set[asyncio.Timeout] = set()
        """What ends the making of each connection that is being made."""
        self._closed = False

    async def get(self, target: str, headers: Mapping[str, str], *, again: bool = False) -> Reply:
        """The answer to `GET target`."""
        asked: Headers = [("Host", self._way.authority), *headers.items()]
        failure: TransportError
        try:
            async with self._room:
                return await self._exchange(target, asked, again=again)
        except TransportError as error:
            failure = error
        except (h11.ProtocolError, OSError, UnicodeError) as error:
            failure = Unreachable() if self._closed else failure_of(error)
        # Raised out here: in the handler it would carry the other one, and that the frames that know the request.
        raise failure.with_traceback(None)

    def drop(self) -> None:
        """Use no connection again that is idle by now."""
        while self._idle:
            self._idle.pop().abort()

    async def close(self) -> None:
        """Let every connection go, and end what is under way."""
        self._closed = True
        self.drop()
        for connection in self._busy:
            connection.abort()
        while self._coming:
            self._coming.pop().reschedule(0)  # long ago: at once
        await asyncio.sleep(0)  # asyncio closes the sockets in its next turn

    async def _exchange(self, target: str, headers: Headers, *, again: bool) -> Reply:
        if (connection := self._warm()) is not None:
            try:
                return await self._over(connection, target, headers)
            except (TransportError, OSError):
                # Hung up without a word: while idle, and the news had not come yet. A new one may do (RFC 9110, 9.2.2).
                if not (again and connection.deserted):
                    raise
        return await self._over(await self._connect(), target, headers)

    async def _connect(self) -> Connection:
        if self._closed:
            raise Unreachable
        async with asyncio.timeout(None) as coming:
            self._coming.add(coming)
            try:
                return await self._way.connect()
            finally:
                self._coming.discard(coming)

    async def _over(self, connection: Connection, target: str, headers: Headers) -> Reply:
        self._busy.add(connection)
        try:
            if self._closed:
                raise Unreachable
            head, body = await connection.get(target, headers, self._largest)
        finally:
            self._busy.discard(connection)
            self._put_back(connection)
        return Reply(head.status_code, _by_name(head), body)

    def _put_back(self, connection: Connection) -> None:
        """Keep it for the next call, unless an answer is not through: that would be taken for the next one's."""
        if not self._closed and connection.reusable(KEPT) and len(self._idle) < MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.abort()

    def _warm(self) -> Connection | None:
        """The connection that was used last, if it still stands."""
        while self._idle:
            connection = self._idle.pop()
            if connection.reusable(KEPT):
                return connection
            connection.abort()
        return None


def _by_name(head: h11.Response) -> dict[str, str]:
    named: dict[str, str] = {}
    for raw_name, raw_value in head.headers:
        name, value = raw_name.decode("ascii"), raw_value.decode("latin-1")
        named[name] = f"{named[name]}, {value}" if name in named else value
    return named
