"""Redis as it is in life: records that leave by themselves, a server that goes away and comes back."""

import os
import signal
from pathlib import Path

import pytest
import redis

from kiosk.service.errors import ServiceError
from kiosk.service.store import open_store
from kiosk.service.store.base import StoreTrouble
from tests.service.redisserver import redis_server
from tests.service.world import JANE, code, world

_DAY = 86_400


async def test_every_record_has_an_end_but_what_is_known_of_accounts(tmp_path: Path) -> None:
    with redis_server(tmp_path) as url:
        async with world(store=url) as demo:
            await demo.begin("new@example.com")
            await demo.sign_in("new@example.com")
            await demo.call("login/smartlogin", email="nobody@example.com", clientguid="x")
        with redis.Redis.from_url(url, decode_responses=True) as client:
            lives = {key.partition("}:")[2].partition(":")[0]: client.ttl(key) for key in client.scan_iter()}
    assert {name for name, life in lives.items() if life == -1} == {"notes", "mailbox", "ids"}
    life = 4_320 * 60 + _DAY
    assert life - 5 <= lives["attempt"] <= life
    assert life - 5 <= lives["link"] <= life
    assert lives["session"] <= 900 + _DAY
    assert lives["refresh"] <= 61 * _DAY
    assert lives["quota"] <= 900


async def test_no_secret_is_readable(tmp_path: Path) -> None:
    with redis_server(tmp_path, "--appendonly", "yes") as url:
        async with world(store=url) as demo:
            guid = await demo.begin()
            verification = await demo.token()
            await demo.verify(verification)
            tokens = (await demo.ping(guid)).json()
            await demo.http.delete("/mailbox/messages")
        with redis.Redis.from_url(url) as client:
            client.bgrewriteaof()
            everything = b"".join(client.dump(key) + key for key in client.scan_iter())
    for secret in (guid, verification, tokens["access_token"], tokens["refresh_token"], JANE):
        assert secret.encode() not in everything


async def test_a_server_that_goes_away_is_950_until_it_is_back(tmp_path: Path) -> None:
    with redis_server(tmp_path) as url:
        async with world(store=url) as demo:
            guid = await demo.begin()
            with redis.Redis.from_url(url) as client:
                server = client.info("server")["process_id"]
            os.kill(server, signal.SIGSTOP)
            try:
                assert code(await demo.ping(guid)) == (500, 950)
                assert (await demo.http.get("/readyz")).status_code == 503
                assert (await demo.http.get("/healthz")).status_code == 200
            finally:
                os.kill(server, signal.SIGCONT)
            assert code(await demo.ping(guid)) == (403, 1139)
            assert (await demo.http.get("/readyz")).status_code == 200


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("redis://:secret@127.0.0.1:1/0", "store redis://127.0.0.1:1/0: does not answer: ConnectionError"),
        ("redis://no.such.host.invalid", "store redis://no.such.host.invalid: does not answer: ConnectionError"),
        ("redis://127.0.0.1:x/0", "store redis"),
    ],
)
def test_a_bad_url_is_one_line_without_its_password(url: str, complaint: str) -> None:
    with pytest.raises(ServiceError) as caught:
        open_store(url)
    assert str(caught.value).startswith(complaint)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_a_killed_server_is_trouble_and_no_crash(tmp_path: Path) -> None:
    with redis_server(tmp_path) as url:
        store = open_store(url)
        await store.check()
    with pytest.raises(StoreTrouble):
        await store.check()
    with pytest.raises(StoreTrouble):
        await store.attempt("s", b"x")
    await store.aclose()
