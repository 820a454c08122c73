"""Bad input: documented errors, no 500, no memory that grows."""

import asyncio
import json
import socket
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.service.codes import CODES
from kiosk.service.sample import sample_site
from kiosk.service.server import EmbeddedService, Options
from tests.service.world import AUTH, JANE, PUBLIC_URL, World, code, world

_CALLS = [
    "login/smartlogin",
    "login/smartlogin/ping",
    "email/smartlogin",
    "access_token",
    "access_token/validate",
    "access_token/sliding_token",
    "access_token/invalidate",
    "account",
    "privacypolicy/accept",
    "email",
    "username",
]
_NAMES = ["clientguid", "email", "username", "verificationtoken", "vtoken", "fields", "access_token", "redirecturl"]
_VALUES = st.one_of(
    st.binary(max_size=60).map(quote),
    st.text("(),/*%+&=;.@\r\n\0\ud800ä雪", max_size=40).map(lambda text: quote(text, safe="(),/*", errors="replace")),
    st.text("abc%&=+;()", max_size=40),
)
_QUERIES = st.lists(st.tuples(st.sampled_from(_NAMES), _VALUES), max_size=8).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)


async def raw(demo: World, path: str, query: bytes) -> httpx.Response:
    return await demo.http.get(httpx.URL(PUBLIC_URL + path).copy_with(query=query))


def is_documented(answer: httpx.Response) -> bool:
    """An answer of the API is a success or a code of the table with its own status and message."""
    body = answer.json()
    if answer.status_code == 200:
        return "ErrorCode" not in body
    row = CODES[body["ErrorCode"]]
    return answer.status_code < 500 and (row.status, row.message) == (answer.status_code, body["Message"])


@given(path=st.sampled_from(_CALLS), query=_QUERIES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_fuzzed_queries(path: str, query: str) -> None:
    async def asked() -> httpx.Response:
        async with world(replace(sample_site(), tell_unknown=True)) as demo:
            return await raw(demo, f"{AUTH}/{path}", f"apikey=demo-key&{query}".encode())

    assert is_documented(asyncio.run(asked()))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=10), below, max_size=3),
    max_leaves=8,
)
_BODIES = st.dictionaries(
    st.sampled_from(["Email", "email", "UserName", "FirstName", "EmailVerified", "ClientGuid", "Type"]),
    _JSON,
    max_size=5,
)


@given(path=st.sampled_from(["", "/emailtoken/autologin"]), body=_BODIES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_fuzzed_bodies(path: str, body: object) -> None:
    async def asked() -> httpx.Response:
        async with world() as demo:
            headers = {"X-LoginRadius-ApiSecret": "demo-secret"}
            url = f"/identity/v2/manage/account{path}?apikey=demo-key"
            return await demo.http.post(url, content=json.dumps(body), headers=headers)

    assert is_documented(asyncio.run(asked()))


@pytest.mark.parametrize("path", _CALLS)
async def test_more_than_any_client_sends_in_a_parameter(demo: World, path: str) -> None:
    for name in _NAMES:
        answer = await raw(demo, f"{AUTH}/{path}", f"apikey=demo-key&{name}=".encode() + b"x" * 60_000)
        assert code(answer) == (403, 908)


@pytest.mark.parametrize(
    "key", ["", "demo-ke", "demo-key ", "DEMO-KEY", "demo-key\0", "\ufffd", "x" * 5_000, "demo-secret"]
)
async def test_wrong_and_missing_keys(demo: World, key: str) -> None:
    for path in _CALLS:
        answer = await demo.http.get(f"{AUTH}/{path}", params={"apikey": key, "clientguid": "g", "email": JANE})
        assert code(answer) == (400, 920 if key else 922)
    assert await demo.mails() == []


@pytest.mark.parametrize(
    "address",
    [
        "jane.doe@example.com\r\nBcc: x@example.com",
        "jane.doe@example.com%0d%0aBcc:x",
        "Jane <jane.doe@example.com>",
        "jane.doe@example.com,x@example.com",
        "jane.doe@example.com\u2028x",
        '"a\\r\\nb"@example.com',
    ],
)
async def test_headers_cannot_be_injected_by_an_address(demo: World, address: str) -> None:
    assert code(await demo.call("login/smartlogin", email=address, clientguid="g")) == (400, 1038)
    assert await demo.mails() == []


async def test_thousands_of_attempts_for_one_address(demo: World) -> None:
    async with world(replace(demo.site, requests_per_second=0)) as busy:
        codes = [
            (await busy.call("login/smartlogin", email=JANE, clientguid=str(number))).json().get("ErrorCode")
            for number in range(3_000)
        ]
        assert codes == [None] * 10 + [1122] * 2_990
        assert len(await busy.mails()) == 10
        # The refused ones leave nothing behind.
        assert code(await busy.ping("2999")) == (403, 1140)
        # What expired goes, all of it: ten attempts and one quota.
        assert await busy.store.sweep(busy.clock() + busy.site.link_life + 1) == 11


async def test_memory_does_not_grow_with_requests(demo: World) -> None:
    async def thousand(first: int) -> None:
        for number in range(first, first + 150):
            await demo.ping(f"never-{number}")
            await demo.call(f"nothing/{number}")
            await demo.http.get(f"/nowhere/{number}")

    async with world(replace(sample_site(), requests_per_second=0)) as demo:
        await thousand(0)
        tracemalloc.start()
        try:
            await thousand(1_000)
            first, _ = tracemalloc.get_traced_memory()
            await thousand(2_000)
            second, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert second - first < 100_000


async def test_a_clock_set_back(demo: World) -> None:
    guid = await demo.begin()
    token = await demo.sign_in()
    demo.clock.forward(-86_400)
    assert code(await demo.ping(guid)) == (403, 1139)
    assert (await demo.call("access_token/validate", access_token=token)).status_code == 200
    await demo.verify(await demo.token())
    assert await demo.sign_in()
    demo.clock.forward(86_400 * 365 * 100)
    assert code(await demo.ping(guid)) == (403, 1140)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with EmbeddedService(Options(port=0)) as running:
        yield int(running.url.rpartition(":")[2])


def sent(port: int, request: bytes) -> bytes:
    """Send bytes as they are; all that comes back."""
    came = b""
    # Who is answered before all was sent may be cut off while sending.
    with socket.create_connection(("127.0.0.1", port), 10) as peer, suppress(ConnectionError):
        peer.sendall(request)
        while some := peer.recv(65_536):
            came += some
            if b'"ErrorCode":' in came.replace(b" ", b""):
                break
    return came


@pytest.mark.parametrize("name", _NAMES)
def test_a_megabyte_in_a_parameter(port: int, name: str) -> None:
    request = f"GET {AUTH}/login/smartlogin?apikey=demo-key&{name}=".encode() + b"x" * 1_000_000
    came = sent(port, request + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert not came or b"400 Bad Request" in came
    assert httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).text == "ok\n"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /identity/v2/auth/email?apikey=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Many: 1\r\n" * 100_000,
        b"GET /" + b"x" * 1_000_000,
    ],
    ids=["tls", "bad query bytes", "negative length", "many headers", "long path"],
)
def test_what_is_no_http_is_answered_in_the_protocols_words(port: int, request_bytes: bytes) -> None:
    came = sent(port, request_bytes)
    if not came and len(request_bytes) > 100_000:
        return  # cut off while it was still sending
    head, _, body = came.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["ErrorCode"] == 908


def test_a_long_body_is_not_read_to_its_end(port: int) -> None:
    head = b"POST /identity/v2/manage/account?apikey=demo-key HTTP/1.1\r\nHost: x\r\n"
    head += b"X-LoginRadius-ApiSecret: demo-secret\r\nContent-Length: 10000000000\r\n\r\n"
    answer = sent(port, head + b"x" * 100_000)
    assert b"403" in answer[:20]
    assert b'"ErrorCode":908' in answer


def test_half_a_request_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.service.serving._HEAD_SECONDS", 0.2)
    with EmbeddedService(Options(port=0)) as running:
        port = int(running.url.rpartition(":")[2])
        for begun in (b"", b"GET /healthz HT", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /he"):
            with socket.create_connection(("127.0.0.1", port), 5) as peer:
                peer.sendall(begun)
                answered = b"".join(iter(lambda peer=peer: peer.recv(65_536), b""))  # type: ignore[misc]
                assert answered.endswith(b"ok\n") or not answered
