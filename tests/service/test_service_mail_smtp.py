"""What is said to a mail server: the login, and addresses beyond ASCII."""

from collections.abc import AsyncIterator

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from kiosk.service.mail.smtpurl import smtp_server
from tests.service.office import Office, order
from tests.service.smtp_peer import Peer, mail_server


@pytest.fixture
async def peer() -> AsyncIterator[tuple[Peer, str]]:
    seen = Peer()
    async with mail_server(seen, enable_SMTPUTF8=True) as port:
        yield seen, f"smtp://127.0.0.1:{port}"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("right", [True, False])
async def test_signing_in_to_the_server(right: bool, caplog: pytest.LogCaptureFixture) -> None:
    seen, logins = Peer(), set[tuple[bytes, bytes]]()

    def check(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        logins.add((data.login, data.password))  # type: ignore[attr-defined]
        return AuthResult(success=right and mechanism in ("LOGIN", "PLAIN"), handled=False)

    async with mail_server(seen, authenticator=check, auth_required=True, auth_require_tls=False) as port:
        url = f"smtp://us%40er:p%3Aass%2F@127.0.0.1:{port}"
        assert "ass" not in repr(smtp_server(url))
        office = Office(url)
        await office.post.put(order())
        await office.post.work_off()
    assert logins == {(b"us@er", b"p:ass/")}
    assert (len(seen.raw), await office.waiting()) == ((1, 0) if right else (0, 1))
    assert "ass/" not in caplog.text


@pytest.mark.parametrize("email", ["jürgen@bücher.example", "用户@例子.example"])
async def test_addresses_beyond_ascii(peer: tuple[Peer, str], email: str) -> None:
    seen, url = peer
    office = Office(url)
    await office.post.put(order(email))
    await office.post.work_off()
    local, _, domain = email.partition("@")
    assert seen.recipients == [f"{local}@{domain.encode('idna').decode()}"]
    assert "SMTPUTF8" in seen.options
    assert f"\r\nTo: Jane Doe <{seen.recipients[0]}>\r\n".encode() in seen.raw[0]


async def test_a_domain_beyond_ascii_needs_nothing_of_the_server() -> None:
    seen = Peer()
    async with mail_server(seen, enable_SMTPUTF8=False) as port:
        office = Office(f"smtp://127.0.0.1:{port}")
        await office.post.put(order("jane@straße.example"))
        await office.post.put(order("jürgen@example.com"))
        await office.post.work_off()
    assert seen.recipients == ["jane@xn--strae-oqa.example"], "by the rules of today, not strasse.example"
    assert [error for _, error, _ in await office.given_up()] == ["the mail server takes no addresses beyond ASCII"]
