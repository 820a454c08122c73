"""The outbox: mails wait in the store until a mail server has taken them, and no longer than they are worth it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from kiosk.service.decisions import MAIL_PAUSES
from kiosk.service.mail.letter import Letter, unpacked
from kiosk.service.mail.order import Order
from kiosk.service.mail.outbox import OutboxPost
from kiosk.service.mail.render import part_of
from kiosk.service.mail.smtpurl import smtp_server
from kiosk.service.sample import sample_site
from kiosk.service.site import Account, Site
from kiosk.service.store import open_store
from kiosk.service.store.base import Store
from tests.service.smtp_peer import Peer, mail_server
from tests.service.world import JANE, PUBLIC_URL, START, Clock, World, world

SITE = sample_site()
SENDER = "The Lobby <no-reply@example.com>"
TOKEN = "0123456789abcdef0123456789abcdef"
NOWHERE = "smtp://127.0.0.1:1"


def order(email: str = JANE, **changes: object) -> Order:
    account = Account("u", (email,), "jane", "Jane", "Doe")
    return replace(Order(account, TOKEN, "", "192.0.2.7", "kiosk/1", START), **changes)  # type: ignore[arg-type]


def opener(url: str) -> Callable[[Site, Store, Clock], OutboxPost]:
    """Makes the post of a world that sends to `url`."""
    return lambda site, store, clock: OutboxPost(site, store, smtp_server(url), PUBLIC_URL, SENDER, clock)


class Office:
    """A post, its store and its clock."""

    def __init__(self, url: str, store: str = "memory:", site: Site = SITE) -> None:
        self.clock = Clock()
        self.store = open_store(store)
        self.post = OutboxPost(site, self.store, smtp_server(url), PUBLIC_URL, SENDER, self.clock)

    async def close(self) -> None:
        await self.store.aclose()
        self.store.close()

    async def waiting(self) -> int:
        return await self.store.outbox_waiting(SITE.api_key)

    async def given_up(self) -> list[tuple[str, str, int]]:
        return [(mail.label, mail.error, mail.tries) for mail in await self.store.outbox_failed(SITE.api_key)]


@pytest.fixture
async def peer() -> AsyncIterator[tuple[Peer, str]]:
    seen = Peer()
    async with mail_server(seen, enable_SMTPUTF8=True) as port:
        yield seen, f"smtp://127.0.0.1:{port}"


async def test_the_whole_way_by_smtp(peer: tuple[Peer, str]) -> None:
    seen, url = peer
    async with world(post=opener(url)) as demo:
        guid = await demo.begin()
        await work_off(demo)
        token = part_of(seen.mails[0], "plain").partition("vtoken=")[2][:32]
        assert (await demo.verify(token)).status_code == 200
        assert (await demo.ping(guid)).status_code == 200
        assert (seen.recipients, seen.senders) == ([JANE], ["no-reply@example.com"])
        assert (await demo.http.get("/outbox")).json() == {"waiting": 0, "failed": []}
        for path in ("/mailbox", "/mailbox/messages"):
            assert (await demo.http.get(path)).status_code == 404


async def work_off(demo: World) -> None:
    assert isinstance(demo.post, OutboxPost)
    await demo.post.work_off()


async def test_the_worker_finds_a_new_mail_by_itself(peer: tuple[Peer, str]) -> None:
    seen, url = peer
    office = Office(url)
    await office.post.start()
    await office.post.put(order())
    await asyncio.wait_for(seen.came.wait(), 10)
    await office.post.stop()
    assert await office.waiting() == 0


async def test_nobody_gets_no_mail_but_all_the_work(peer: tuple[Peer, str]) -> None:
    seen, url = peer
    async with world(post=opener(url)) as demo:
        await demo.begin("nobody@example.com")
        assert (await demo.http.get("/outbox")).json()["waiting"] == 1
        await work_off(demo)
        assert (await demo.http.get("/outbox")).json() == {"waiting": 0, "failed": []}
    assert seen.asked == 0


async def test_a_busy_server_is_asked_again_with_growing_pauses(
    peer: tuple[Peer, str], caplog: pytest.LogCaptureFixture
) -> None:
    seen, url = peer
    seen.answers = [f"451 try later {JANE}", "421 busy"]
    office = Office(url)
    await office.post.put(order())
    with caplog.at_level(logging.WARNING):
        await office.post.work_off()
        await office.post.work_off()
        assert seen.asked == 1, "before its time it is not tried again"
        office.clock.forward(MAIL_PAUSES[0])
        await office.post.work_off()
        office.clock.forward(MAIL_PAUSES[1] - 0.5)
        await office.post.work_off()
        assert (seen.asked, len(seen.raw)) == (2, 0)
        office.clock.forward(0.5)
        await office.post.work_off()
    assert (len(seen.raw), await office.waiting()) == (1, 0)
    assert len(caplog.records) == 2
    for secret in ("jane", TOKEN, "try later"):
        assert secret not in caplog.text


async def test_greylisting_is_waited_out(peer: tuple[Peer, str]) -> None:
    seen, url = peer
    office = Office(url)
    await office.post.put(order())
    # Everything in the first five minutes is put off, as greylisting servers do.
    for _ in range(20):
        seen.greetings = ["450 4.2.0 greylisted"] if office.clock.now < START + 300 else []
        await office.post.work_off()
        office.clock.forward(30)
    assert seen.recipients == [JANE]
    assert len({mail["Message-ID"] for mail in seen.mails}) == 1


@pytest.mark.parametrize("where", ["recipient", "content"])
async def test_a_refusing_server_is_not_asked_again(
    peer: tuple[Peer, str], where: str, caplog: pytest.LogCaptureFixture
) -> None:
    seen, url = peer
    (seen.greetings if where == "recipient" else seen.answers).append(f"550 no such user {JANE}")
    async with world(post=opener(url)) as demo:
        await demo.begin()
        with caplog.at_level(logging.WARNING):
            await work_off(demo)
        shown = (await demo.http.get("/outbox")).json()
        assert shown["waiting"] == 0
        assert [(mail["mail"], mail["tries"]) for mail in shown["failed"]] == [("login mail to j•••@example.com", 1)]
        assert "550" in shown["failed"][0]["error"]
    assert len(caplog.messages) == 1
    assert "could not be delivered, see /outbox" in caplog.text
    assert "jane" not in caplog.text
    assert seen.raw == []


async def test_a_mail_is_given_up_in_the_end(caplog: pytest.LogCaptureFixture) -> None:
    office = Office(NOWHERE)
    await office.post.put(order())
    for pause in (*MAIL_PAUSES, 0):
        assert await office.waiting() == 1
        await office.post.work_off()
        office.clock.forward(pause)
    tries = len(MAIL_PAUSES) + 1
    reason = "the mail server cannot be reached"
    assert await office.given_up() == [("login mail to j•••@example.com", reason, tries)]
    assert TOKEN.encode() not in b"".join(mail.message for mail in await office.store.outbox_failed(SITE.api_key))
    assert len(caplog.records) == tries


async def test_a_link_that_has_expired_is_not_sent(peer: tuple[Peer, str]) -> None:
    seen, url = peer
    office = Office(url)
    await office.post.put(order())
    office.clock.forward(SITE.link_life)
    await office.post.work_off()
    assert (seen.asked, (await office.given_up())[0][1]) == (0, "its link has expired")


async def test_no_server_at_all_never_holds_a_request_up() -> None:
    async with world(post=opener(NOWHERE)) as demo:
        await asyncio.wait_for(demo.begin(), 1.0)
        assert (await demo.http.get("/outbox")).json()["waiting"] == 1


async def test_a_server_that_goes_silent_ends_with_the_service(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.service.mail.outbox._LAST_CHANCE", 0.05)

    async def silence(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        called.set()

    held: list[asyncio.StreamWriter] = []
    called = asyncio.Event()
    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    office = Office(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await office.post.put(order())
    await office.post.start()
    await asyncio.wait_for(called.wait(), 10)
    await asyncio.wait_for(office.post.stop(), 5)
    assert await office.waiting() == 1, "it waits for the next start"
    assert caplog.records == []
    held[0].close()
    server.close()


@pytest.fixture(params=["sqlite", "redis"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each kind of store that several processes share."""
    return str(request.getfixturevalue("empty_redis")) if request.param == "redis" else f"sqlite:///{tmp_path}/store.db"


async def test_two_workers_send_every_mail_once(peer: tuple[Peer, str], shared: str) -> None:
    seen, url = peer
    offices = [Office(url, shared) for _ in range(2)]
    for number in range(30):
        await offices[number % 2].post.put(order(f"u{number}@example.com"))
    await asyncio.gather(*(office.post.work_off() for office in offices))
    assert sorted(seen.recipients) == sorted(f"u{number}@example.com" for number in range(30))
    for office in offices:
        await office.close()


async def test_a_restart_loses_no_mail(peer: tuple[Peer, str], shared: str) -> None:
    seen, url = peer
    before = Office(NOWHERE, shared)
    await before.post.put(order())
    await before.post.work_off()
    await before.close()
    after = Office(url, shared)
    after.clock.forward(MAIL_PAUSES[0])
    await after.post.work_off()
    assert seen.recipients == [JANE]
    await after.close()


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


def test_a_letter_keeps_what_the_mail_needs_and_shows_nothing() -> None:
    letter = Letter(order("jane@example.com", welcome=True), "id")
    assert unpacked(letter.packed()) == letter
    assert letter.label == "welcome mail to j•••@example.com"
    for secret in (TOKEN, "192.0.2.7"):
        assert secret not in repr(letter)


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"{}", b'{"person": [1], "order": {}, "name": ""}', b"null"])
async def test_a_letter_of_another_version_is_given_up(data: bytes) -> None:
    office = Office(NOWHERE)
    await office.store.outbox_add(SITE.api_key, data, "mail", START, START + 9)
    await office.post.work_off()
    assert await office.given_up() == [("mail", "it was kept by another version of this program", 1)]


async def test_the_outbox_is_for_this_machine_only() -> None:
    async with world(post=opener(NOWHERE), peer="192.0.2.1") as far:
        assert (await far.http.get("/outbox")).status_code == 403
