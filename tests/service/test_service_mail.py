"""Mails: how they are written, and from which template."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from kiosk.service.addresses import is_email
from kiosk.service.errors import ServiceError
from kiosk.service.mail.order import Order
from kiosk.service.mail.render import part_of, rendered
from kiosk.service.mail.smtpurl import smtp_server
from kiosk.service.sample import sample_site
from kiosk.service.site import Account, MailTemplate
from tests.service.world import PUBLIC_URL, START

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


@pytest.mark.parametrize(
    "text",
    ["x\r\nBcc: all@example.com", "x\n\n<b>", "\r", "\0", "\u2028x\u2029", "\x0b\x0c\x85", "=?utf-8?q?=0ABcc:?=",
     "==??utf-8?q?=0ABcc:?=", "=?utf-8?b?DQpCY2M6IHg=?=", '"', "\\", "a,b", "<x@y.example>", "(c)", ";:@",
     "\u202e\u2066", "\ud800", "é" * 400, "x" * 5_000, "雪" * 5_000, "#GUID#", "$link"],
)  # fmt: skip
def test_no_value_breaks_out_of_its_place(text: str) -> None:
    """Whatever stands in names, the site's name and the device's request: headers and lines stay what they are."""
    account = Account("u", ("x@example.com",), text, text, text)
    site = replace(SITE, name=text, device_name=text)
    ordered = replace(order(account, user_agent=text), ip_address=text)
    raw = rendered(site, PUBLIC_URL, SENDER, ordered, NAME).as_bytes()
    assert raw.isascii()
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    message = message_from_bytes(raw, policy=policy.SMTP.clone(raise_on_defect=True))
    assert [address.addr_spec for address in message["To"].addresses] == ["x@example.com"]
    assert list(message.keys()) == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"
    ]  # fmt: skip
    assert "\n" not in message["Subject"] + message["To"]
    assert part_of(message, "plain").count(TOKEN) == 1
    assert part_of(message, "html").count("<b>") == 0


@pytest.mark.parametrize(
    "address",
    ["a@b.de\r\nBcc: c@d.de", "a@b.de\n", "a@b.de,c@d.de", "a@b.de>", "<a@b.de", "a b@c.de", '"a"@b.de', "a@b.de\0",
     "a@[127.0.0.1]", "a@b.de;c", "a@b.de (c)", "\u202ea@b.de", "a@b..de", "a@-",
     "=?utf-8?q?=0ABcc:?=@b.de", "=?utf-8?b?DQpCY2M6IHg=?=@b.de"],
)  # fmt: skip
def test_an_address_that_would_be_two_is_none(address: str) -> None:
    assert not is_email(address)
    ordered = order(Account("u", (address,)))
    try:
        raw = rendered(SITE, PUBLIC_URL, SENDER, ordered, NAME).as_bytes()
    except ValueError:
        return  # were it to come in by another way, no mail is written
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert message_from_bytes(raw)["Bcc"] is None


def test_templates_of_the_site() -> None:
    own = MailTemplate("Hi #FirstName#\n#Unknown#", "#Url#?t=#GUID# #UserAgent# #City#|", "<p>#UserAgent#</p>")
    site = replace(SITE, templates={"short": own})
    message = written(rendered(site, PUBLIC_URL, SENDER, order(template="short", user_agent="<i>\x1b[31m"), NAME))
    assert message["Subject"] == "Hi Jane #Unknown#"
    assert part_of(message, "plain") == f"{PUBLIC_URL}/auth?t={TOKEN} <i> [31m |\n"
    assert part_of(message, "html") == "<p>&lt;i&gt; [31m</p>\n"
    default = written(rendered(site, PUBLIC_URL, SENDER, order(template="no such template"), NAME))
    assert default["Subject"] == "Sign in on the demo screen"


@pytest.mark.parametrize(
    ("url", "port", "tls", "start_tls"),
    [
        ("smtp://mail.example.com", 25, False, None),
        ("smtp://u:p@mail.example.com", 587, False, True),
        ("smtps://u:p@mail.example.com", 465, True, False),
        ("smtp+starttls://mail.example.com", 587, False, True),
        ("smtp+starttls://u:p@127.0.0.1:2525", 2525, False, True),
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
