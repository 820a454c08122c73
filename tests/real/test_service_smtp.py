"""The service and a real mail server: TLS from the first byte, STARTTLS, strangers' certificates, and `kill -9`."""

import asyncio
import os
import signal
import sqlite3
import ssl
import subprocess
import sys
from collections import Counter
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import httpx
import pytest

from tests.service.office import Office, order
from tests.service.smtp_peer import Peer, certificate, mail_server

_LOGIN = "us%40er:p%3Aass%2F@"
_SERVE = """
import sys
from kiosk.service.server import Options, serve
sys.exit(serve(Options(port=0, store=sys.argv[1], mail=sys.argv[2], mail_from="Lobby <no-reply@example.com>")))
"""


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The context of a mail server whose certificate is trusted here, as an operator trusts one: by SSL_CERT_FILE."""
    context, file = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


async def sent(url: str, seen: Peer) -> list[str]:
    """Send one mail; the reasons why it did not go out."""
    office = Office(url)
    await office.post.put(order())
    await office.post.work_off()
    if seen.raw:
        assert await office.waiting() == 0
        return []
    leased = await office.store.outbox_lease("demo-key", office.clock() + 1_000, 1)
    return [leased.error] if leased else [error for _, error, _ in await office.given_up()]


def accepting(logins: list[bytes]) -> object:
    from aiosmtpd.smtp import AuthResult

    def check(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> object:
        logins.append(data.password)  # type: ignore[attr-defined]
        return AuthResult(success=True)

    return check


# The server does not notice that its line is encrypted from the first byte on.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_tls_from_the_first_byte_with_a_login(trusted: ssl.SSLContext) -> None:
    seen, logins = Peer(), list[bytes]()
    async with mail_server(
        seen, tls=trusted, authenticator=accepting(logins), auth_required=True, auth_require_tls=False
    ) as port:
        assert await sent(f"smtps://{_LOGIN}127.0.0.1:{port}", seen) == []
    assert logins == [b"p:ass/"]
    assert seen.mails()[0]["Subject"] == "Sign in on the demo screen"


async def test_starttls_when_it_is_asked_for(trusted: ssl.SSLContext) -> None:
    seen, logins = Peer(), list[bytes]()
    async with mail_server(
        seen, tls_context=trusted, require_starttls=True, authenticator=accepting(logins), auth_required=True
    ) as port:
        assert await sent(f"smtp+starttls://{_LOGIN}127.0.0.1:{port}", seen) == []
    assert (logins, seen.encrypted) == ([b"p:ass/"], [True])


async def test_without_starttls_nothing_is_said(trusted: ssl.SSLContext) -> None:
    seen, logins = Peer(), list[bytes]()
    async with mail_server(seen, authenticator=accepting(logins), auth_require_tls=False) as port:
        reasons = await sent(f"smtp+starttls://{_LOGIN}127.0.0.1:{port}", seen)
    assert reasons == ["the mail server cannot do what was asked of it (STARTTLS, login)"]
    assert (logins, seen.asked) == ([], 0), "neither password nor mail went over an open line"


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
@pytest.mark.parametrize("names", [("127.0.0.1",), ("mail.example.com",)])
async def test_a_certificate_that_is_not_trusted(
    scheme: str, names: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, file = certificate(tmp_path, *names)
    if names == ("mail.example.com",):  # trusted, but somebody else's
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    seen = Peer()
    settings = {"tls": context} if scheme == "smtps" else {"tls_context": context}
    async with mail_server(seen, **settings) as port:  # type: ignore[arg-type]
        reasons = await sent(f"{scheme}://127.0.0.1:{port}", seen)
    assert reasons == ["the mail server's certificate is not trusted, or its TLS is broken"]
    assert seen.asked == 0


async def test_plain_speech_to_a_tls_port_and_the_reverse(trusted: ssl.SSLContext) -> None:
    seen = Peer()
    async with mail_server(seen) as port:
        assert await sent(f"smtps://127.0.0.1:{port}", seen) != []
    assert seen.asked == 0


async def serving(store: str, mail: str) -> tuple[asyncio.subprocess.Process, str]:
    """`serve` in a process of its own, and its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SERVE, store, mail, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
    return process, line.split()[-1]


async def ask(url: str, number: int) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        query = {"apikey": "demo-key", "email": "jane.doe@example.com", "clientguid": f"guid-{number}"}
        answer = await client.get(f"{url}/identity/v2/auth/login/smartlogin", params=query)
        assert answer.json() == {"IsPosted": True}


async def test_a_killed_service_sends_later_what_it_promised(tmp_path: Path) -> None:
    """Two services share a store, the mail server greylists, both are killed; then one comes back, and the server."""
    store = f"sqlite:///{tmp_path}/store.db"
    seen = Peer()
    seen.greetings = ["451 4.7.1 greylisted"] * 1_000
    async with mail_server(seen) as port:
        mail = f"smtp://127.0.0.1:{port}"
        running = [await serving(store, mail) for _ in range(2)]
        for number in range(8):
            await ask(running[number % 2][1], number)
        await asyncio.wait_for(seen.called.wait(), 30)
        for process, _ in running:
            os.kill(process.pid, signal.SIGKILL)
            await process.communicate()
        assert seen.raw == []
        seen.greetings = []
        # Leases and pauses run out; a test does not wait for that.
        with closing(sqlite3.connect(tmp_path / "store.db")) as db, db:
            db.execute("UPDATE outbox SET due = 0")
        process, url = await serving(store, mail)
        async with asyncio.timeout(60):
            while len(seen.raw) < 8:
                seen.came.clear()
                await seen.came.wait()
            await asyncio.sleep(0.5)  # for a second copy to show itself
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"{url}/outbox")).json() == {"waiting": 0, "failed": []}
        process.terminate()
        _, errors = await process.communicate()
    names = Counter(message_from_bytes(raw, policy=policy.default)["Message-ID"] for raw in seen.raw)
    assert len(names) == 8
    assert set(names.values()) == {1}, "no mail came twice"
    assert b"jane" not in errors
