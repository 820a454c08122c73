"""The client in the loop of somebody else's app: the sign-in is a screen of theirs, and they choose the loop."""

import asyncio
import ssl
from pathlib import Path

import pytest
import uvloop

from kiosk.smartlogin.client import SmartLoginClient
from kiosk.smartlogin.errors import Intercepted, SmartLoginError, Unreachable
from kiosk.smartlogin.refusals import NotClickedYet
from tests.smartlogin.test_connecting import Proxy
from tests.smartlogin.test_sockets import certificate, listening, not_clicked, server_side

LIMIT = 30.0


async def ends_of(url: str) -> list[SmartLoginError]:
    """What two pings end in."""
    ends = []
    async with asyncio.timeout(LIMIT), SmartLoginClient(url, "key-1") as client:
        for _ in range(2):
            with pytest.raises(SmartLoginError) as caught:
                await client.ping("guid-1")
            ends.append(caught.value)
    return ends


@pytest.mark.parametrize("sealed", [False, True], ids=["http", "https"])
def test_two_calls_over_one_connection(*, sealed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = certificate("authority.example")
    (tmp_path / "known.pem").write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "known.pem"))
    tls: ssl.SSLContext | None = server_side(tmp_path, certificate("localhost", authority)) if sealed else None
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await not_clicked(reader, writer)

    async def both() -> list[SmartLoginError]:
        async with listening(serve, tls) as port:
            return await ends_of(f"http{'s' if sealed else ''}://localhost:{port}")

    assert [type(end) for end in uvloop.run(both())] == [NotClickedYet] * 2
    assert connections == 1


def test_a_proxy_that_is_spoken_to_by_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = certificate("authority.example")
    (tmp_path / "known.pem").write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "known.pem"))
    tls = server_side(tmp_path, certificate("localhost", authority))
    (tmp_path / "foreign").mkdir()
    foreign = server_side(tmp_path / "foreign", certificate("localhost"))
    proxy = Proxy()

    async def both() -> list[SmartLoginError]:
        ends = []
        async with listening(proxy.serve, tls) as door:
            monkeypatch.setenv("HTTPS_PROXY", f"https://localhost:{door}")
            for inner in (tls, foreign):
                async with listening(not_clicked, inner) as port:
                    ends += await ends_of(f"https://localhost:{port}")
        return ends

    assert [type(end) for end in uvloop.run(both())] == [*[NotClickedYet] * 2, *[Intercepted] * 2]
    assert len(proxy.heads) == 3


def test_nobody_there() -> None:
    assert [type(end) for end in uvloop.run(ends_of("http://127.0.0.1:9"))] == [Unreachable] * 2
