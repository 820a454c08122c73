"""The way to the site over real sockets: proxies, several addresses, names, TLS that never comes about."""

import asyncio
import os
import socket
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kiosk.smartlogin import connecting
from kiosk.smartlogin.client import CALL_LIMIT, LARGEST_BODY, SmartLoginClient
from kiosk.smartlogin.errors import BadAnswer, Intercepted, NameNotFound, SmartLoginError, TimedOut, Unreachable
from kiosk.smartlogin.models import Session
from kiosk.smartlogin.refusals import NotClickedYet
from kiosk.smartlogin.transport import HttpTransport
from tests.clock import until
from tests.smartlogin.test_sockets import certificate, listening, not_clicked, server_side

LIMIT = 30.0
GUID = "guid-of-jane"
Call = asyncio.Task[Session]
LED_ON = b"HTTP/1.1 200 Connection established\r\n\r\n"


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's side for `localhost`, signed by an authority that the environment names."""
    authority = certificate("authority.example")
    (tmp_path / "known.pem").write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "known.pem"))
    return server_side(tmp_path, certificate("localhost", authority))


@dataclass
class Proxy:
    """Leads on whoever asks with CONNECT."""

    heads: list[bytes] = field(default_factory=list)
    carried: bytearray = field(default_factory=bytearray)
    """What the device said through it."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append(head := await reader.readuntil(b"\r\n\r\n"))
        writer.write(LED_ON)
        host, _, port = head.split()[1].decode().rpartition(":")
        away, back = await asyncio.open_connection(host, int(port))
        both = (self._pass(reader, back, self.carried), self._pass(away, writer, bytearray()))
        ways = [asyncio.create_task(each) for each in both]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for each in ways:
            each.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        back.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray) -> None:
        while data := await reader.read(65536):
            kept += data
            writer.write(data)
            await writer.drain()


async def ping(url: str) -> SmartLoginError:
    """What a ping ends in."""
    async with asyncio.timeout(LIMIT), SmartLoginClient(url, "key-1") as client:
        with pytest.raises(SmartLoginError) as caught:
            await client.ping(GUID)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    return caught.value


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("scheme", ["http://", ""])
async def test_a_proxy_leads_on_and_reads_nothing(
    name: str, scheme: str, trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Proxy()
    async with listening(proxy.serve) as door, listening(not_clicked, trusted) as port:
        monkeypatch.setenv(name, f"{scheme}127.0.0.1:{door}")
        assert isinstance(await ping(f"https://localhost:{port}"), NotClickedYet)
    assert proxy.heads == [b"CONNECT localhost:%d HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % (port, port)]
    assert proxy.carried
    assert GUID.encode() not in proxy.carried


async def test_a_proxy_that_is_spoken_to_by_tls(trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Proxy()
    async with listening(proxy.serve, trusted) as door, listening(not_clicked, trusted) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"https://localhost:{door}")
        assert isinstance(await ping(f"https://localhost:{port}"), NotClickedYet)
    assert len(proxy.heads) == 1


def abort_of_debian_12(transport: Any) -> None:
    """As in Python 3.11.2, which Debian 12 has: it trips over a transport that was closed when it had gone already."""
    transport._closed = True
    transport._ssl_protocol._abort()


@pytest.mark.parametrize("hangs_up", [True, False], ids=["hangs up", "foreign"])
@pytest.mark.parametrize("debian_12", [True, False], ids=["Debian 12", "here"])
async def test_whom_to_trust_is_told_through_two_layers_of_tls(
    debian_12: bool, hangs_up: bool, trusted: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if debian_12:
        monkeypatch.setattr("asyncio.sslproto._SSLProtocolTransport.abort", abort_of_debian_12)

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)

    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, said: complaints.append(said))
    (tmp_path / "foreign").mkdir()
    foreign = None if hangs_up else server_side(tmp_path / "foreign", certificate("localhost"))
    async with listening(Proxy().serve, trusted) as door, listening(hang_up, foreign) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"https://localhost:{door}")
        assert type(await ping(f"https://localhost:{port}")) is (Unreachable if hangs_up else Intercepted)
    assert complaints == []


async def test_a_proxys_password(trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Proxy()
    async with listening(proxy.serve) as door, listening(not_clicked, trusted) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://j%40x:p%3Ass%C3%A4@127.0.0.1:{door}")
        assert isinstance(await ping(f"https://localhost:{port}"), NotClickedYet)
        way = connecting.Way(f"https://localhost:{port}")
    said = b64encode("j@x:p:ssä".encode())
    assert b"Proxy-Authorization: Basic " + said in proxy.heads[0]
    assert said not in proxy.carried
    assert "p:ss" not in repr(way._proxy)


@pytest.mark.parametrize("names", ["localhost", "LOCALHOST", "*", "example.com, localhost", "localhost:{port}"])
async def test_whom_the_environment_says_to_reach_without_a_proxy(
    names: str, trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Proxy()
    async with listening(proxy.serve) as door, listening(not_clicked, trusted) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{door}")
        monkeypatch.setenv("NO_PROXY", names.format(port=port))
        assert isinstance(await ping(f"https://localhost:{port}"), NotClickedYet)
    assert proxy.heads == []


async def test_plain_http_to_this_machine_knows_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(not_clicked) as port:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, "socks5://127.0.0.1:9")
        assert isinstance(await ping(f"http://127.0.0.1:{port}"), NotClickedYet)


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n", Unreachable),
        (b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n", Unreachable),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", BadAnswer),
        (LED_ON + b"before anybody was asked", BadAnswer),
        (b"", Unreachable),
        (b"HTTP/1.1 20", Unreachable),
    ],
    ids=["407", "503", "ssh", "more than asked", "nothing", "half a line"],
)
async def test_a_proxy_that_does_not_lead_on(
    says: bytes, kind: type[SmartLoginError], trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(says)
        await writer.drain()

    async with listening(serve) as door:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:secret@127.0.0.1:{door}")
        assert type(await ping("https://service.example")) is kind


@pytest.mark.parametrize(
    "address", ["socks5://u:secret@127.0.0.1:9", "http://u:secret@:9", "http://u:secret@[::1:9", "http://u:se/cret@x:9"]
)
def test_a_proxy_that_cannot_be_used_is_told_at_once_and_without_its_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    with pytest.raises(ValueError, match="HTTPS_PROXY") as caught:
        SmartLoginClient("https://service.example", "key-1")
    assert "cret" not in str(caught.value)
    assert caught.value.__context__ is None


async def test_nobody_by_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nobody)
    assert type(await ping("https://service.example")) is NameNotFound


@contextmanager
def black_hole() -> Iterator[int]:
    """A port that takes no more connections, and does not say so."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(3)]
        try:
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(("127.0.0.1", port))
            yield port
        finally:
            for filler in fillers:
                filler.close()


@asynccontextmanager
async def leaving_no_socket() -> AsyncIterator[None]:
    before = sockets()
    yield
    await until(lambda: sockets() <= before, LIMIT)


def sockets() -> int:
    names = Path("/proc/self/fd").iterdir()
    return sum(1 for name in names if name.is_symlink() and str(name.readlink()).startswith("socket:"))


def addresses(monkeypatch: pytest.MonkeyPatch, *ports: int) -> None:
    """Whatever name is looked up: these, in turn."""

    async def look_up(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)


async def test_the_next_address_is_tried_while_the_first_one_is_silent(
    trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "CONNECT", LIMIT)
    with black_hole() as hole:
        async with leaving_no_socket(), listening(not_clicked, trusted) as port:
            addresses(monkeypatch, hole, port)
            assert isinstance(await ping("https://localhost"), NotClickedYet)


async def test_the_next_address_is_tried_when_the_first_one_refuses(
    trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(not_clicked, trusted) as port:
        addresses(monkeypatch, 9, port)
        assert isinstance(await ping("https://localhost"), NotClickedYet)


async def test_several_addresses_of_which_none_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses(monkeypatch, 9, 9)
    assert type(await ping("https://localhost")) is Unreachable
    monkeypatch.setattr(connecting, "CONNECT", 0.6)
    with black_hole() as hole:
        async with leaving_no_socket():
            addresses(monkeypatch, hole, hole)
            assert type(await ping("https://localhost")) is TimedOut


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def test_a_peer_that_never_agrees_on_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "CONNECT", 0.1)
    async with leaving_no_socket(), listening(silent) as port:
        assert type(await ping(f"https://localhost:{port}")) is TimedOut


@asynccontextmanager
async def stuck_at(stage: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[HttpTransport, Call]]:
    """A ping that comes as far as this, and no farther, and what carries it; no socket may be left of it."""
    heard = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        heard.set()
        await reader.read()

    with black_hole() as hole:
        async with leaving_no_socket(), listening(listen) as port:
            if stage == "connection":
                addresses(monkeypatch, hole, hole)
                heard.set()
            if stage == "proxy":
                monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{port}")
            url = f"{'http' if stage == 'answer' else 'https'}://localhost:{port}"
            transport = HttpTransport(url, LARGEST_BODY)
            async with asyncio.timeout(LIMIT), SmartLoginClient(url, "key-1", transport=transport) as client:
                call = asyncio.create_task(client.ping(GUID))
                await heard.wait()
                await asyncio.sleep(0.02)
                yield transport, call


@pytest.mark.parametrize("stage", ["connection", "proxy", "tls", "answer"])
async def test_a_call_that_is_given_up_leaves_no_socket(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stuck_at(stage, monkeypatch) as (transport, call):
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await until(lambda: not transport._busy, LIMIT)


@pytest.mark.parametrize("stage", ["connection", "proxy", "tls"])
async def test_the_end_waits_for_no_connection_that_is_under_way(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "CONNECT", LIMIT)
    async with stuck_at(stage, monkeypatch) as (transport, call):
        began = asyncio.get_running_loop().time()
        await transport.close()
        await transport.close()
        with pytest.raises(Unreachable):
            await call
        assert asyncio.get_running_loop().time() - began < CALL_LIMIT / 2
