"""`wait=` and `also=`: pings that are held open until a link is opened, on every kind of store."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.service import holds
from kiosk.service.decisions import WAIT_FIELD
from kiosk.service.pinging import read_also, read_wait
from kiosk.service.sample import sample_site
from kiosk.service.server import EmbeddedService, Options
from tests.service.world import AUTH, World, code, world

QUICK = 5.0
"""Seconds: far less than a ping is held for, far more than a busy machine needs."""


@pytest.fixture
async def demo(store_url: str) -> AsyncIterator[World]:
    async with world(store=store_url) as opened:
        yield opened


async def held(demo: World, count: int = 1) -> None:
    """Return when so many pings are held."""
    for _ in range(2000):
        if len(places(demo)) == count:
            return
        await asyncio.sleep(0.002)
    raise AssertionError(f"{len(places(demo))} are held")


def places(demo: World) -> Any:
    return demo.house.holds


async def test_a_held_ping_is_answered_by_the_click(demo: World) -> None:
    guid = await demo.begin()
    token = await demo.token()
    ping = asyncio.create_task(demo.ping(guid, wait="20", replay="true"))
    await held(demo)
    assert not ping.done()
    await demo.verify(token)
    answer = await asyncio.wait_for(ping, QUICK)
    assert answer.json()["access_token"]
    assert len(places(demo)) == 0


async def test_a_click_that_another_process_served_is_seen_too(demo: World, store_url: str) -> None:
    if store_url == "memory:":
        pytest.skip("a store in memory lives in one process")
    async with world(store=store_url) as other:
        guid = await demo.begin()
        token = await other.token()
        ping = asyncio.create_task(demo.ping(guid, wait="20"))
        await held(demo)
        await asyncio.sleep(3 * holds.LOOK_EVERY)
        await other.verify(token)
        answer = await asyncio.wait_for(ping, QUICK)
        assert answer.json()["access_token"]


async def test_what_ends_unclicked_is_the_usual_answer(demo: World) -> None:
    guid = await demo.begin()
    answer = await demo.ping(guid, wait="0.05")
    assert code(answer) == (403, 1139)
    assert len(places(demo)) == 0


async def test_what_is_no_use_to_wait_for_is_answered_at_once(demo: World) -> None:
    assert code(await demo.ping("never-was", wait="20")) == (403, 1140)
    guid = await demo.begin()
    await demo.verify(await demo.token())
    assert (await demo.ping(guid, wait="20")).status_code == 200
    assert code(await demo.ping(guid, wait="20")) == (403, 1140)


async def test_the_offer_to_hold_is_made_to_those_who_know_our_extensions(demo: World) -> None:
    guid = await demo.begin()
    assert WAIT_FIELD not in (await demo.ping(guid)).json()
    assert (await demo.ping(guid, replay="true")).json()[WAIT_FIELD] == 20


async def test_a_click_on_any_mail_is_seen(demo: World) -> None:
    guids, tokens = [], []
    for _ in range(3):
        guids.append(await demo.begin())
        tokens.append(await demo.token())
    ping = asyncio.create_task(demo.ping(guids[2], also=",".join(guids[:2]), wait="20"))
    await held(demo)
    await demo.verify(tokens[0])
    assert (await asyncio.wait_for(ping, QUICK)).json()["access_token"]
    assert code(await demo.ping(guids[0])) == (403, 1140)
    assert code(await demo.ping(guids[1])) == (403, 1139)


async def test_further_guids_count_without_waiting_and_their_faults_are_their_own(demo: World) -> None:
    first, second = await demo.begin(), None
    token = await demo.token()
    second = await demo.begin()
    assert code(await demo.ping(second, also="never-was")) == (403, 1139)
    assert code(await demo.ping("never-was", also=second)) == (403, 1140)
    await demo.verify(token)
    answer = await demo.ping(second, also=f"never-was,,{first}", replay="true")
    again = await demo.ping(second, also=f"never-was,,{first}", replay="true")
    assert answer.json()["access_token"] == again.json()["access_token"]


async def test_one_guid_is_held_once(demo: World) -> None:
    guid = await demo.begin()
    first = asyncio.create_task(demo.ping(guid, wait="20", replay="true"))
    await held(demo)
    second = asyncio.create_task(demo.ping(guid, wait="20", replay="true"))
    answer = await asyncio.wait_for(first, QUICK)
    assert code(answer) == (403, 1139)
    assert WAIT_FIELD not in answer.json()
    await demo.verify(await demo.token())
    assert (await asyncio.wait_for(second, QUICK)).status_code == 200


async def test_who_finds_no_place_polls(demo: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places(demo), "_most", 1)
    guids = [await demo.begin() for _ in range(2)]
    first = asyncio.create_task(demo.ping(guids[0], wait="20"))
    await held(demo)
    answer = await demo.ping(guids[1], wait="20", replay="true")
    assert code(answer) == (403, 1139)
    assert WAIT_FIELD not in answer.json()
    assert answer.headers["retry-after"] == "5"
    places(demo).end()
    assert code(await asyncio.wait_for(first, QUICK)) == (403, 1139)


async def test_when_the_service_ends_nobody_is_held_any_more(demo: World) -> None:
    guid = await demo.begin()
    ping = asyncio.create_task(demo.ping(guid, wait="20", replay="true"))
    await held(demo)
    places(demo).end()
    assert WAIT_FIELD not in (await asyncio.wait_for(ping, QUICK)).json()
    assert code(await demo.ping(guid, wait="20")) == (403, 1139)


async def test_the_number_stays_on_the_screen_to_the_end() -> None:
    async with world(replace(sample_site(), confirm="number")) as demo:
        guid = await demo.begin()
        number = (await demo.ping(guid)).json()["Number"]
        ping = asyncio.create_task(demo.ping(guid, wait="20"))
        await held(demo)
        places(demo).end()
        assert (await asyncio.wait_for(ping, QUICK)).json()["Number"] == number


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("20", 20), ("0.5", 0.5), ("1e9", 20), ("-1", 0), ("", 0), ("x", 0), ("nan", 0), ("inf", 0), ("9" * 400, 20)],
)
def test_seconds_are_read_without_trust(text: str, seconds: float) -> None:
    assert read_wait(text) == seconds


def test_further_guids_are_bounded() -> None:
    assert read_also(",".join(map(str, range(100)))) == tuple(map(str, range(8)))
    assert read_also(",,a,") == ("a",)


class TestOverSockets:
    @contextmanager
    def running(self, folder: Path) -> Iterator[tuple[EmbeddedService, httpx.Client]]:
        with (
            EmbeddedService(Options(port=0, store=f"sqlite:///{folder}/store.db")) as service,
            httpx.Client(trust_env=False, base_url=service.url, params={"apikey": service.api_key}) as http,
        ):
            yield service, http

    def waiting(self, http: httpx.Client) -> str:
        guid = "b5f4b0a2-0000-4000-8000-000000000001"
        query = {"email": "jane.doe@example.com", "clientguid": guid}
        http.get(f"{AUTH}/login/smartlogin", params=query).raise_for_status()
        return f"{AUTH}/login/smartlogin/ping?apikey=demo-key&clientguid={guid}&wait=20"

    async def test_the_end_of_the_service_does_not_wait_for_it(self, tmp_path: Path) -> None:
        with self.running(tmp_path) as (service, http):
            url = self.waiting(http)
            async with httpx.AsyncClient(trust_env=False, base_url=service.url, timeout=30) as other:
                ping = asyncio.create_task(other.get(url))
                await self.until_held(service, 1)
                began = time.monotonic()
                await asyncio.to_thread(service.stop)
                # Without it, uvicorn's two seconds of grace would go by, and the ping would be cut off.
                assert (await ping).json()["ErrorCode"] == 1139
                assert time.monotonic() - began < 1.9

    async def test_who_has_gone_gets_no_session(self, tmp_path: Path) -> None:
        with self.running(tmp_path) as (service, http):
            url = self.waiting(http)
            reader, writer = await asyncio.open_connection(*service.url.removeprefix("http://").split(":"))
            writer.write(f"GET {url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            await self.until_held(service, 1)
            writer.close()
            await self.until_held(service, 0)
            link = http.get("/mailbox/messages").json()[0]["links"][0]
            http.get(f"{AUTH}/email/smartlogin", params={"verificationtoken": link.partition("vtoken=")[2]})
            # Nobody fetched it meanwhile, and without `replay` it is handed out once.
            answer = httpx.get(f"{service.url}{url}", trust_env=False)  # noqa: ASYNC210 - nothing else waits
            assert "access_token" in answer.json()
            assert reader is not None

    async def until_held(self, service: EmbeddedService, count: int) -> None:
        parts = service._parts
        assert parts is not None
        for _ in range(2000):
            if len(parts.house.holds) == count:
                return
            await asyncio.sleep(0.002)
        raise AssertionError(f"{len(parts.house.holds)} are held")
