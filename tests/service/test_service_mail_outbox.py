"""The outbox: mails wait in the store until a mail server has taken them, and no longer than they are worth it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kiosk.service.decisions import MAIL_PAUSES
from kiosk.service.mail.letter import Letter, unpacked
from kiosk.service.mail.outbox import OutboxPost
from kiosk.service.mail.render import part_of
from tests.service.office import NOWHERE, SITE, TOKEN, Office, opener, order
from tests.service.smtp_peer import Peer, mail_server
from tests.service.world import JANE, START, World, world


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
        token = part_of(seen.mails()[0], "plain").partition("vtoken=")[2][:32]
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
    assert len({mail["Message-ID"] for mail in seen.mails()}) == 1


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
