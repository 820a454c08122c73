"""Login mails: how they are written, and how they go out by SMTP."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from kiosk.service.errors import ServiceError
from kiosk.service.mail.order import Order
from kiosk.service.mail.render import part_of, rendered
from kiosk.service.mail.smtp import SmtpPost
from kiosk.service.mail.smtpurl import smtp_server
from kiosk.service.sample import sample_site
from kiosk.service.site import Account, MailTemplate
from tests.service.world import PUBLIC_URL, START, world

SITE = sample_site()
SENDER = "The Lobby <no-reply@example.com>"
NAME = "0f1e2d"
TOKEN = "0123456789abcdef0123456789abcdef"


def order(account: Account = SITE.accounts[0], template: str = "", user_agent: str = "kiosk/1") -> Order:
    return Order(account, TOKEN, template, "192.0.2.7", user_agent, START)


def written(message: EmailMessage) -> EmailMessage:
    """The mail as the other side reads it."""
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def test_headers_and_parts() -> None:
    message = written(rendered(SITE, PUBLIC_URL, SENDER, order(), NAME))
    assert message["From"] == SENDER
    assert message["To"] == "Jane Doe <jane.doe@example.com>"
    assert message["Subject"] == "Sign in on the demo screen"
    assert message["Date"].datetime.timestamp() == START
    assert message["Message-ID"] == f"<{NAME}@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    link = f"{PUBLIC_URL}/auth?vtype=smartlogin&vtoken={TOKEN}"
    assert link in part_of(message, "plain").split()
    assert f'href="{link.replace("&", "&amp;")}"' in part_of(message, "html")
    assert "192.0.2.7" in part_of(message, "plain")


def test_umlauts_and_wide_letters() -> None:
    for account in SITE.accounts[2:4]:
        message = rendered(SITE, PUBLIC_URL, SENDER, order(account), NAME)
        assert account.full_name in part_of(written(message), "plain")
        assert message.as_bytes().isascii()


def test_names_cannot_inject_headers_or_markup() -> None:
    evil = Account("u", ("x@example.com",), "", "Eve\r\nBcc: all@example.com\r\n\r\n<script>", '"><b>#GUID#\u202e')
    message = written(rendered(SITE, PUBLIC_URL, SENDER, order(evil), NAME))
    assert message["Bcc"] is None
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"
    }  # fmt: skip
    html = part_of(message, "html")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "\u202e" not in html
    assert html.count(TOKEN) == 2, "a placeholder inside a value stays text"


def test_templates_of_the_site() -> None:
    own = MailTemplate("Hi #FirstName#\n#Unknown#", "#Url#?t=#GUID# #UserAgent# #City#|", "<p>#UserAgent#</p>")
    site = replace(SITE, templates={"short": own})
    message = written(rendered(site, PUBLIC_URL, SENDER, order(template="short", user_agent="<i>\x1b[31m"), NAME))
    assert message["Subject"] == "Hi Jane #Unknown#"
    assert part_of(message, "plain") == f"{PUBLIC_URL}/auth?t={TOKEN} <i> [31m |\n"
    assert part_of(message, "html") == "<p>&lt;i&gt; [31m</p>\n"
    default = written(rendered(site, PUBLIC_URL, SENDER, order(template="no such template"), NAME))
    assert default["Subject"] == "Sign in on the demo screen"


class Peer:
    """What a mail server saw."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.came = asyncio.Event()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("2"):
            self.mails.append(message_from_bytes(envelope.original_content or b"", policy=policy.default))
            self.recipients += envelope.rcpt_tos
            self.came.set()
        return answer


@asynccontextmanager
async def mail_server(handler: Peer, **settings: Any) -> AsyncIterator[int]:
    """A real SMTP server on a free port, in this event loop."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="mail.test", **settings), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
async def peer() -> AsyncIterator[tuple[Peer, int]]:
    seen = Peer()
    async with mail_server(seen) as port:
        yield seen, port


async def no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)


async def test_mails_go_out_by_smtp(peer: tuple[Peer, int]) -> None:
    seen, port = peer
    post = SmtpPost(SITE, smtp_server(f"smtp://127.0.0.1:{port}"), PUBLIC_URL, SENDER, no_sleep)
    async with world(post=post) as demo:
        guid = await demo.begin()
        await asyncio.wait_for(seen.came.wait(), 10)
        token = part_of(seen.mails[0], "plain").partition("vtoken=")[2][:32]
        assert (await demo.verify(token)).status_code == 200
        assert (await demo.ping(guid)).status_code == 200
        assert seen.recipients == ["jane.doe@example.com"]
        assert (await demo.http.get("/mailbox")).status_code == 404
        assert (await demo.http.get("/mailbox/messages")).status_code == 404
        await post.stop()


async def test_a_busy_server_is_asked_again(peer: tuple[Peer, int], caplog: pytest.LogCaptureFixture) -> None:
    seen, port = peer
    seen.answers = ["451 try later jane.doe@example.com", "421 busy"]
    post = SmtpPost(SITE, smtp_server(f"smtp://127.0.0.1:{port}"), PUBLIC_URL, SENDER, no_sleep)
    with caplog.at_level(logging.WARNING):
        await post.put(order())
        await asyncio.wait_for(seen.came.wait(), 10)
    await post.stop()
    assert len(seen.mails) == 1
    assert len(caplog.records) == 2
    assert "jane" not in caplog.text
    assert TOKEN not in caplog.text


async def test_a_refusing_server_is_not_asked_again(peer: tuple[Peer, int], caplog: pytest.LogCaptureFixture) -> None:
    seen, port = peer
    seen.answers = ["550 no such user jane.doe@example.com"]
    post = SmtpPost(SITE, smtp_server(f"smtp://127.0.0.1:{port}"), PUBLIC_URL, SENDER, no_sleep)
    with caplog.at_level(logging.WARNING):
        await post.put(order())
        await asyncio.gather(*post._tasks)
    assert caplog.messages == ["a login mail could not be delivered: the mail server answered 550"]
    assert seen.mails == []


async def test_no_server_at_all_never_holds_a_request_up(caplog: pytest.LogCaptureFixture) -> None:
    post = SmtpPost(SITE, smtp_server("smtp://127.0.0.1:1"), PUBLIC_URL, SENDER)
    async with world(post=post) as demo:
        await asyncio.wait_for(demo.begin(), 0.2)
    post_stopped = asyncio.create_task(post.stop())
    await asyncio.wait_for(post_stopped, 5)
    assert "1 login mails were not delivered" in caplog.text


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_signing_in_to_the_server() -> None:
    seen = Peer()
    logins: list[tuple[bytes, bytes]] = []

    def check(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        logins.append((data.login, data.password))  # type: ignore[attr-defined]
        return AuthResult(success=mechanism in ("LOGIN", "PLAIN"))

    async with mail_server(seen, authenticator=check, auth_required=True, auth_require_tls=False) as port:
        server = smtp_server(f"smtp://us%40er:p%3Aass%2F@127.0.0.1:{port}")
        assert "ass" not in repr(server)
        post = SmtpPost(SITE, server, PUBLIC_URL, SENDER, no_sleep)
        await post.put(order())
        await asyncio.wait_for(seen.came.wait(), 10)
        await post.stop()
    assert logins == [(b"us@er", b"p:ass/")]


@pytest.mark.parametrize(
    ("url", "port", "tls", "start_tls"),
    [
        ("smtp://mail.example.com", 25, False, None),
        ("smtp://u:p@mail.example.com", 587, False, True),
        ("smtps://u:p@mail.example.com", 465, True, False),
        ("smtp://localhost:2525/", 2525, False, False),
        ("smtp://[::1]:2525", 2525, False, False),
    ],
)
def test_mail_urls(url: str, port: int, tls: bool, start_tls: bool | None) -> None:
    server = smtp_server(url)
    assert (server.port, server.tls, server.start_tls) == (port, tls, start_tls)


@pytest.mark.parametrize(
    "url",
    ["smtp:", "smtp://", "http://x", "mail.example.com", "smtp://x:99999", "smtp://x:y", "smtp://u:p@", "smtp://x/y",
     "smtp://u:pass%0d%0a@x", "smtp://x:0", "smtp://x?y=1"],
)  # fmt: skip
def test_bad_mail_urls(url: str) -> None:
    with pytest.raises(ServiceError, match=r"^mail URL: .*$") as caught:
        smtp_server(url)
    assert "pass%" not in str(caught.value)
