"""HTTP around the calls: methods, headers, garbage, trouble."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from kiosk.service.app import build_app
from kiosk.service.house import House
from kiosk.service.mail.mailbox import Mailbox
from kiosk.service.sample import sample_site
from kiosk.service.store import open_store
from tests.service.world import AUTH, JANE, PUBLIC_URL, World, code

_KEY = "apikey=demo-key"


async def raw(demo: World, path: str, query: bytes) -> httpx.Response:
    """Send a query string as it is."""
    return await demo.http.get(httpx.URL(PUBLIC_URL + path).copy_with(query=query))


@pytest.mark.parametrize(
    "query",
    [
        b"",
        b"&&&===&",
        b"apikey=demo-key&email=%ff%fe@x.de&clientguid=%00%01",
        b"apikey=demo-key&email=%ED%A0%80@x.de&clientguid=%ED%A0%80",
        b"apikey=demo-key&clientguid=%zz%&email=%",
        b"apikey=%00&clientguid=x",
        b"apikey=demo-key&clientguid=x&verificationtoken=%00&fields=%00((((",
        b"apikey=demo-key&access_token=%F0%28%8C%28",
        b"apikey=demo-key&" + b"&".join(b"a%d=1" % i for i in range(200)),
        b"apikey=demo-key&clientguid=" + b"x" * 9_000,
        b"apikey=demo-key&clientguid=" + b"%F0%9F%98%80" * 600,
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "login/smartlogin",
        "login/smartlogin/ping",
        "email/smartlogin",
        "access_token/validate",
        "account",
        "email",
        "username",
        "privacypolicy/accept",
    ],
)
async def test_garbage_is_answered_by_a_documented_error(demo: World, path: str, query: bytes) -> None:
    answer = await raw(demo, f"{AUTH}/{path}", query)
    assert 400 <= answer.status_code < 500
    assert answer.json()["ErrorCode"] > 0


async def test_of_a_parameter_sent_twice_the_first_one_with_a_value_counts(demo: World) -> None:
    query = f"{_KEY}&email=&Email={JANE}&EMAIL=x@example.com&clientguid=g".encode()
    assert (await raw(demo, f"{AUTH}/login/smartlogin", query)).json() == {"IsPosted": True}
    assert (await demo.mails())[0]["to"] == JANE


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "PATCH"])
async def test_only_get_calls_anything(demo: World, method: str) -> None:
    guid = await demo.begin()
    token = await demo.token()
    answer = await demo.http.request(
        method, f"{AUTH}/email/smartlogin", params={"apikey": "demo-key", "verificationtoken": token}
    )
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert code(await demo.ping(guid)) == (403, 1139)


async def test_pages_of_other_origins_may_call(demo: World) -> None:
    preflight = await demo.http.options(
        f"{AUTH}/email/smartlogin", headers={"Origin": "https://example.com", "Access-Control-Request-Method": "GET"}
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "Authorization" in preflight.headers["access-control-allow-headers"]
    answer = await demo.verify("x")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


async def test_unknown_calls(demo: World) -> None:
    assert code(await demo.call("nothing/here")) == (404, 404)
    assert code(await demo.http.get("/identity/v3")) == (404, 404)
    assert (await demo.http.get("/nothing")).text == "Not found\n"
    assert (await demo.http.put("/auth")).status_code == 405


async def test_health(demo: World) -> None:
    assert (await demo.http.get("/healthz")).text == "ok\n"


async def test_a_store_in_trouble_is_not_the_callers_fault(tmp_path: Path) -> None:
    site = sample_site()
    store = open_store(f"sqlite:{tmp_path}/store.db")
    post = Mailbox(site, store, PUBLIC_URL, "x@example.com")
    app = build_app(House(site=site, store=store, post=post, public_url=PUBLIC_URL))
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    db = sqlite3.connect(f"{tmp_path}/store.db")
    db.execute("DROP TABLE attempts")
    db.close()
    try:
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
            query = {"apikey": "demo-key", "clientguid": "g", "email": JANE}
            answer = await client.get(f"{AUTH}/login/smartlogin", params=query)
            assert (answer.status_code, answer.json()["ErrorCode"]) == (500, 950)
            assert (await client.get("/readyz")).status_code == 503
            assert (await client.get("/healthz")).status_code == 200
            assert (await client.post("/auth", params={"vtoken": "x"})).status_code == 500
    finally:
        store.close()


async def test_secrets_are_in_no_repr(demo: World) -> None:
    await demo.begin()
    account = replace(demo.site.accounts[0])
    seen = repr(demo.site) + repr(account) + repr(await demo.store.mails("demo-key"))
    for secret in ("demo-secret", JANE, await demo.token()):
        assert secret not in seen
