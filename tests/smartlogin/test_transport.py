"""The transport over real sockets: what HTTP allows, what it does not, and what becomes of the connection."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from kiosk.smartlogin.connection import MOST_PIECES
from kiosk.smartlogin.errors import BadAnswer, SmartLoginError, TransportError, Unreachable
from kiosk.smartlogin.transport import KEPT, MOST_CONNECTIONS, MOST_IDLE, HttpTransport, Reply
from tests.clock import until

LIMIT = 30.0
LARGEST = 100_000
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


@dataclass
class Server:
    """Says to each request what `says` holds next, the last of it for ever."""

    says: list[bytes] = field(default_factory=lambda: [OK])
    closes: bool = False
    """Hangs up after each answer."""
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.writers.append(writer)
        try:
            while True:
                self.heard.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(self.says.pop(0) if len(self.says) > 1 else self.says[0])
                await writer.drain()
                if self.closes:
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            writer.close()


@asynccontextmanager
async def serving(
    *says: bytes, closes: bool = False, kind: type[Server] = Server
) -> AsyncIterator[tuple[Server, HttpTransport]]:
    it = kind(list(says) or [OK], closes)
    listener = await asyncio.start_server(it.serve, "127.0.0.1", 0)
    it.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    transport = HttpTransport(it.url, LARGEST)
    try:
        async with asyncio.timeout(LIMIT):
            yield it, transport
    finally:
        await transport.close()
        await until(lambda: not it.open, LIMIT)
        listener.close()


async def ask(transport: HttpTransport) -> bytes:
    return (await transport.get("/x?y=1", {"Accept": "application/json"})).body


async def test_what_is_asked_and_what_is_answered() -> None:
    said = b"HTTP/1.1 403 No\r\nX-One: a\r\nx-one: b\r\nDate: \xe4\r\nContent-Length: 4\r\n\r\nbody"
    async with serving(said) as (server, transport):
        status, headers, body = await transport.get("/x?y=1", {"Accept": "application/json"})
        host = server.url.removeprefix("http://").encode()
    assert server.heard == [b"GET /x?y=1 HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\n\r\n" % host]
    assert (status, body) == (403, b"body")
    assert headers == {"x-one": "a, b", "date": "\xe4", "content-length": "4"}


@pytest.mark.parametrize(
    ("said", "body", "kept"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", b"", True),
        (b"HTTP/1.1 204 OK\r\n\r\n", b"", True),
        (b"HTTP/1.1 200\r\ncontent-length: 2\r\n\r\n{}", b"{}", True),
        (b"HTTP/1.1 200 OK\ncontent-length: 2\n\n{}", b"{}", True),
        (CHUNKED + b"1;a=b\r\n{\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n", b"{}", True),
        (b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + OK, b"{}", True),
        (b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}", b"{}", False),
        (b"HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\n{}", b"{}", False),
        (OK + b"x", b"{}", False),
        (OK + OK, b"{}", False),
    ],
    ids=["empty", "204", "no reason", "bare newlines", "chunked", "1xx", "close", "1.0", "a byte more", "two answers"],
)  # fmt: skip
async def test_an_answer_and_whether_the_connection_is_kept(said: bytes, body: bytes, kept: bool) -> None:
    async with serving(said) as (server, transport):
        assert [await ask(transport) for _ in range(3)] == [body] * 3
    assert server.connections == (1 if kept else 3)


@pytest.mark.parametrize("said", [b"HTTP/1.1 200 OK\r\n\r\n{}", b"HTTP/1.0 200 OK\r\n\r\n{}", OK])
async def test_a_body_ends_where_the_connection_does(said: bytes) -> None:
    async with serving(said, closes=True) as (server, transport):
        assert [await ask(transport) for _ in range(3)] == [b"{}"] * 3
    assert server.connections == 3


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", BadAnswer),
        (b"\x16\x03\x01\x00\x05hello\r\n\r\n", BadAnswer),
        (b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n", BadAnswer),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}", BadAnswer),
        (b"HTTP/1.1 200 OK\r\ncontent-length: %s\r\n\r\n" % (b"9" * 5000), BadAnswer),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n", BadAnswer),
        (CHUNKED + b"no size\r\n", BadAnswer),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", BadAnswer),
        (b"HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n", BadAnswer),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000, BadAnswer),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n" + b"y" * 200_000, BadAnswer),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"y" * 200_000, BadAnswer),
        (b"", Unreachable),
        (b"HTTP/1.1 2", Unreachable),
        (b"HTTP/1.1 100 Continue\r\n\r\n", Unreachable),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{}", Unreachable),
        (CHUNKED + b"2\r\n{}\r\n", Unreachable),
    ],
    ids=[
        "ssh", "tls", "length of letters", "two lengths", "vast length", "packed chunks", "chunk of letters",
        "no header", "101", "long head", "long body", "endless body", "nothing", "half a line", "only 100", "short",
        "short chunks",
    ],
)  # fmt: skip
async def test_no_answer(said: bytes, kind: type[SmartLoginError]) -> None:
    async with serving(said, closes=True) as (server, transport):
        for _ in range(2):
            with pytest.raises(TransportError) as caught:
                await ask(transport)
            assert type(caught.value) is kind
            assert caught.value.__context__ is None
            assert caught.value.__cause__ is None
    assert server.connections == 2


async def test_an_answer_in_single_bytes() -> None:
    async with serving(b"") as (server, transport):
        asked = asyncio.create_task(ask(transport))
        await until(lambda: server.heard, LIMIT)
        for byte in OK:
            server.writers[0].write(bytes([byte]))
            await asyncio.sleep(0.001)
        assert await asked == b"{}"


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 102 Processing\r\n\r\n" * (MOST_PIECES + 1),
        CHUNKED + b"1\r\n \r\n" * (MOST_PIECES + 1),
    ],
    ids=["1xx", "chunks"],
)  # fmt: skip
async def test_an_answer_in_endless_pieces(said: bytes) -> None:
    async with serving(said) as (_server, transport):
        with pytest.raises(BadAnswer):
            await ask(transport)


@pytest.mark.parametrize("meanwhile", [b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n", b"x", b""])
@pytest.mark.parametrize("heard_of", [True, False], ids=["heard of", "not yet heard of"])
async def test_what_comes_unasked_is_no_answer(meanwhile: bytes, heard_of: bool) -> None:
    async with serving() as (server, transport):
        await ask(transport)
        (connection,) = transport._idle
        if meanwhile:
            server.writers[0].write(meanwhile)  # written at once: it is with the kernel before our loop's next turn
        else:
            server.writers[0].transport.abort()
            await asyncio.sleep(0)
        if heard_of:
            await until(lambda: connection._ended, LIMIT)
        assert await ask(transport) == b"{}"
    assert server.connections == 2


@pytest.mark.parametrize(("idle", "connections"), [(KEPT - 10, 1), (KEPT, 2)])
async def test_a_kept_connection_is_not_kept_for_ever(idle: float, connections: int) -> None:
    async with serving() as (server, transport):
        await ask(transport)
        (connection,) = transport._idle
        assert connection._idle_since is not None
        connection._idle_since -= idle
        await ask(transport)
    assert server.connections == connections


async def test_few_calls_at_a_time_and_fewer_connections_kept() -> None:
    async with serving(b"") as (server, transport):
        calls = [asyncio.create_task(ask(transport)) for _ in range(MOST_CONNECTIONS + 2)]
        await until(lambda: len(server.heard) == MOST_CONNECTIONS, LIMIT)
        await asyncio.sleep(0.05)
        assert len(server.heard) == MOST_CONNECTIONS
        server.says = [OK]
        for writer in tuple(server.writers):
            writer.write(OK)
        assert await asyncio.gather(*calls) == [b"{}"] * len(calls)
        await until(lambda: server.open == MOST_IDLE, LIMIT)
    assert server.connections <= MOST_CONNECTIONS + 2


@pytest.mark.parametrize("end", [lambda task, _: task.cancel(), lambda _, it: it.close()], ids=["cancel", "close"])
async def test_whoever_waits_no_longer_hangs_up(end: Callable[[asyncio.Task[bytes], HttpTransport], object]) -> None:
    async with serving(b"HTTP/1.0 200 OK\r\n\r\n{") as (server, transport):
        asked = asyncio.create_task(ask(transport))
        await until(lambda: server.heard, LIMIT)
        await asyncio.sleep(0.02)
        if asyncio.iscoroutine(ended := end(asked, transport)):
            await ended
        with pytest.raises((asyncio.CancelledError, Unreachable)):
            await asked
        await until(lambda: not server.open, LIMIT)


async def test_a_dropped_connection_is_not_used_again() -> None:
    async with serving() as (server, transport):
        await ask(transport)
        transport.drop()
        await ask(transport)
    assert server.connections == 2


async def test_nobody_there() -> None:
    async with serving() as (server, _):
        port = server.url
    with pytest.raises(Unreachable) as caught:
        await ask(HttpTransport(port, LARGEST))
    assert caught.value.__context__ is None


def test_an_answer_shows_nothing_of_what_it_says() -> None:
    assert repr(Reply(200, {"x": "secret"}, b"secret")) == "<Reply 200>"


@pytest.mark.parametrize("token", ["a\r\nX-More: b", "a\x00b", "ä", "\ud83d"])
async def test_a_header_that_cannot_be_sent_is_not_sent(token: str) -> None:
    async with serving() as (server, transport):
        with pytest.raises(TransportError) as caught:
            await transport.get("/", {"Authorization": f"Bearer {token}"})
        assert caught.value.__context__ is None
    assert server.heard == []


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://Service.Example/base", "service.example"),
        ("https://service.example:443", "service.example"),
        ("https://service.example:8443", "service.example:8443"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("https://straße.example", "xn--strae-oqa.example"),
    ],
)
def test_the_host_as_it_is_named(url: str, authority: str) -> None:
    assert HttpTransport(url, LARGEST)._way.authority == authority


def test_a_host_name_that_can_be_none_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="not allowed"):
        HttpTransport("https://\u2763.example", LARGEST)


async def test_an_address_is_looked_up_by_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving() as (_server, transport):
        monkeypatch.setattr(asyncio.get_running_loop(), "run_in_executor", None)
        assert await ask(transport) == b"{}"


@dataclass
class Deserter(Server):
    """Answers the first request of its first connection, and then says what is left of `says` and hangs up."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        try:
            for number in range(2):
                self.heard.append(await reader.readuntil(b"\r\n\r\n"))
                first = self.connections == 1
                writer.write(self.says[0] if first and number else OK)
                await writer.drain()
                if first and number:
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            if self.closes:
                writer.close()
            else:
                writer.transport.abort()


@pytest.mark.parametrize("orderly", [True, False], ids=["orderly", "reset"])
async def test_a_kept_connection_on_which_nobody_is_any_more_is_replaced_once(*, orderly: bool) -> None:
    async with serving(b"", closes=orderly, kind=Deserter) as (server, transport):
        assert [(await transport.get("/x", {}, again=True)).body for _ in range(3)] == [b"{}"] * 3
    assert len(server.heard) == 4
    assert server.connections == 2


@pytest.mark.parametrize(("says", "again"), [(b"", False), (b"H", True), (OK[:-1], True)])
async def test_what_may_have_been_done_already_is_not_asked_again(says: bytes, *, again: bool) -> None:
    async with serving(says, closes=True, kind=Deserter) as (server, transport):
        await ask(transport)
        with pytest.raises(Unreachable) as caught:
            await transport.get("/x?y=1", {}, again=again)
        assert caught.value.__context__ is None
        assert len(server.heard) == 2
        assert await ask(transport) == b"{}"


async def test_a_new_connection_on_which_nobody_answers_is_not_replaced() -> None:
    async with serving(b"", closes=True) as (server, transport):
        with pytest.raises(Unreachable):
            await transport.get("/x", {}, again=True)
    assert server.connections == 1


async def test_nothing_goes_out_after_the_end() -> None:
    async with serving() as (server, transport):
        await ask(transport)
        await transport.close()
        with pytest.raises(Unreachable):
            await ask(transport)
    assert len(server.heard) == 1


async def test_whoever_waits_for_a_connection_at_the_end_makes_none() -> None:
    async with serving(b"") as (server, transport):
        calls = [asyncio.create_task(ask(transport)) for _ in range(MOST_CONNECTIONS + 2)]
        await until(lambda: len(server.heard) == MOST_CONNECTIONS, LIMIT)
        await transport.close()
        ends = await asyncio.gather(*calls, return_exceptions=True)
        assert {type(end) for end in ends} == {Unreachable}
        with pytest.raises(Unreachable):
            await ask(transport)
    assert server.connections == MOST_CONNECTIONS
