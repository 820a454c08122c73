"""One HTTP/1.1 connection: h11 knows what may be said, asyncio has the socket.

A protocol of its own and not asyncio's streams: those keep what comes unasked until somebody reads, and on a connection
that is kept for the next request it has to be noticed, for it would be taken for that one's answer.
"""

import asyncio
import select
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import h11

from kiosk.smartlogin.errors import BadAnswer, TlsError, TransportError, Unreachable
from kiosk.smartlogin.failures import failure_of

if TYPE_CHECKING:
    import ssl

LARGEST_HEAD = 100 * 1024
"""Bytes: a longer status line with its headers is somebody else's."""

MOST_PIECES = 4096
"""Parts of one answer: early words, and the chunks of a body. Those that never end keep the screen from all else."""

Headers = Sequence[tuple[str, str]]


class Connection(asyncio.Protocol):
    """Carries one request at a time. Whoever gets an exception from it must call `abort`."""

    def __init__(self) -> None:
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)
        self._transport: asyncio.Transport | None = None
        self._lowest: asyncio.Transport | None = None
        """The one that has the socket, below all TLS."""
        self._ended = False
        """Nothing will come any more."""
        self._lost: TransportError | None = None
        """Why, where it was no orderly end."""
        self._heard = False
        """Something has been answered to the request that went out last."""
        self._pieces = 0
        """In how many parts."""
        self.deserted = False
        """The peer hung up before it answered a byte to that one."""
        self._news: asyncio.Future[None] | None = None
        self._idle_since: float | None = None
        """Seconds of the loop's time; None while it is in use."""

    async def get(self, target: str, headers: Headers, largest: int) -> tuple[h11.Response, bytes]:
        """Head and body of the answer to a GET; the body has `largest` bytes at most.

        Raises:
            TransportError: the peer hung up, or its answer is too long or in too many pieces.
            h11.ProtocolError: what came is no HTTP, or what should go is none.
            UnicodeError: what should go is no text that HTTP can carry.
        """
        self._idle_since, self._heard = None, False
        self._send(h11.Request(method="GET", target=target, headers=list(headers)))
        head = await self._head()
        body = bytearray()
        while isinstance(event := await self._event(), h11.Data):
            body += event.data
            if len(body) > largest:
                raise BadAnswer
        self._rest()
        return head, bytes(body)

    async def tunnel(self, authority: str, headers: Headers) -> None:
        """Have the proxy at the other end lead this connection on to `authority`.

        Raises:
            TransportError: it will not.
            h11.ProtocolError: it speaks no HTTP.
        """
        self._send(h11.Request(method="CONNECT", target=authority, headers=[("Host", authority), *headers]))
        if not 200 <= (await self._head()).status_code < 300:
            raise Unreachable
        if self._http.trailing_data[0]:
            raise BadAnswer
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)

    async def seal(self, context: "ssl.SSLContext", host: str) -> None:
        """Speak TLS from here on, with `host`.

        Raises:
            OSError: it cannot be trusted (`ssl.SSLError`), or hung up.
            TransportError: likewise.
        """
        # What came before was sent by nobody in particular, and must not pass for a part of what is sealed.
        if self._http.trailing_data[0]:
            raise TlsError
        transport, loop = self._standing(), asyncio.get_running_loop()
        if (lowest := self._lowest) is not None and lowest is not transport and isinstance(loop, asyncio.BaseEventLoop):
            _hold_out(transport, lowest)
        self._transport = await loop.start_tls(transport, self, context, server_hostname=host)

    def reusable(self, kept: float) -> bool:
        """Whether the next request can go out on it: the last one is through, nothing came since, nobody hung up.

        Args:
            kept: Seconds for which it may have been idle.
        """
        transport = self._transport
        if self._idle_since is None or self._ended or transport is None or transport.is_closing():
            return False
        if asyncio.get_running_loop().time() - self._idle_since > kept:
            return False
        # The loop may have had no time yet to hear of it: after a long sleep of the machine, above all.
        poll = select.poll()
        poll.register(transport.get_extra_info("socket"), select.POLLIN)
        return not poll.poll(0)

    def abort(self) -> None:
        """Let it go at once."""
        self._lost = self._lost or Unreachable()
        self._ended, self._idle_since = True, None
        self._wake()
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self._transport = self._lowest = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        if self._idle_since is not None:
            self.abort()
        elif not self._ended:
            self._heard = True
            self._http.receive_data(data)
            self._wake()

    def eof_received(self) -> None:
        """The peer has said all that it will."""
        self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is no more."""
        if exc is not None and not self._ended:
            self._lost = failure_of(exc)
        self._end()

    def _end(self) -> None:
        if not self._ended:
            self._ended, self.deserted = True, not self._heard
        self._wake()

    def _send(self, request: h11.Request) -> None:
        self._pieces = 0
        data = (self._http.send(request) or b"") + (self._http.send(h11.EndOfMessage()) or b"")
        self._standing().write(data)

    def _standing(self) -> asyncio.Transport:
        transport = self._transport
        if self._ended or transport is None or transport.is_closing():
            raise self._lost or Unreachable
        return transport

    async def _head(self) -> h11.Response:
        """The answer's head, after those that only say that it will come."""
        while isinstance(event := await self._event(), h11.InformationalResponse):
            pass
        return cast(h11.Response, event)

    async def _event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._ended:
                return self._last_event()
            self._news = asyncio.get_running_loop().create_future()
            await self._news
        self._pieces += 1
        if self._pieces > MOST_PIECES:
            raise BadAnswer
        return event

    def _last_event(self) -> object:
        """What the end of the connection means: the end of a body that has no other, or that the peer hung up."""
        if self._lost is None:
            self._http.receive_data(b"")
            try:
                return self._http.next_event()
            except h11.RemoteProtocolError:
                pass  # and out of the handler: whoever hears of it must not hear of the bytes
        raise self._lost or Unreachable

    def _rest(self) -> None:
        """The answer is through. What follows it, or an end, leaves nothing to be used again."""
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        if done and not self._ended and not self._http.trailing_data[0]:
            self._http.start_next_cycle()
            self._idle_since = asyncio.get_running_loop().time()

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


def _hold_out(outer: asyncio.Transport, lowest: asyncio.Transport) -> None:
    """Let a TLS that has another one within bear that this fails.

    Before Python 3.13 asyncio trips over itself there, and hides why it failed: `_force_close`, which ends the outer
    one, hands `_abort` one argument more than that takes; and in Python 3.11.2, which Debian 12 has, `abort` knows
    nothing of an outer one that was closed when it had already gone.
    """
    if sys.version_info < (3, 13):
        vars(outer).update(_force_close=lambda _: lowest.abort(), abort=lowest.abort)
