"""The calls, against a peer that answers well, badly, and not at all."""

import asyncio
import gzip
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from kiosk.smartlogin import client as client_module
from kiosk.smartlogin.answers import class_for, error_in
from kiosk.smartlogin.errors import BadAnswer, NameNotFound, RateLimited, ServiceTrouble, TimedOut, TlsError
from kiosk.smartlogin.models import Identifier, IdentifierKind
from kiosk.smartlogin.refusals import NotClickedYet, PrivacyPolicyDue, Refusal
from tests.peer import Handled, Peer, refusal

JANE = Identifier(IdentifierKind.EMAIL, "jane+tv@x.org")
NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)

CODES = {
    1139: 403, 1140: 403, 1136: 403, 1137: 403, 1138: 403, 1135: 403, 1141: 400, 1063: 403, 1122: 403, 1178: 403,
    1179: 403, 901: 403, 920: 400, 922: 400, 908: 403, 909: 403, 1206: 403, 1220: 403, 1038: 400, 1032: 403, 990: 403,
    1056: 403, 1247: 403, 1075: 400, 1022: 403, 1024: 403, 1204: 403, 938: 403, 1023: 403, 1409: 401, 1183: 403,
    1238: 403, 1077: 403, 970: 403, 1162: 403, 973: 403, 974: 403, 975: 403, 979: 403, 991: 403, 1130: 403, 1164: 403,
    1132: 403, 1148: 403, 1198: 403, 1264: 403, 1176: 403, 1194: 403, 1226: 403, 1338: 403, 905: 403, 906: 403,
    1055: 403, 1060: 400, 2024: 403, 950: 500,
}  # fmt: skip
"""The whole code table of the API document, with its HTTP status."""


async def test_a_login_by_email_asks_with_key_address_and_guid() -> None:
    peer = Peer()
    async with peer.client(options={"smartloginemailtemplate": "ours", "redirecturl": ""}) as client:
        await client.request_login(JANE, "guid-1")
    request = peer.requests[0]
    assert request.url.path == "/identity/v2/auth/login/smartlogin"
    assert dict(request.url.params) == {
        "apikey": "key-1",
        "email": "jane+tv@x.org",
        "clientguid": "guid-1",
        "smartloginemailtemplate": "ours",
    }


async def test_a_login_by_username() -> None:
    peer = Peer()
    async with peer.client() as client:
        await client.request_login(Identifier(IdentifierKind.USERNAME, "jane"), "guid-1")
    assert peer.requests[0].url.params["username"] == "jane"


async def test_a_ping_before_the_click_and_after() -> None:
    peer = Peer()
    async with peer.client() as client:
        with pytest.raises(NotClickedYet):
            await client.ping("guid-1")
        peer.clicked = True
        session = await client.ping("guid-1")
    assert session.token.access_token == "token-of-jane"
    assert session.token.lifetime == 3600
    assert session.profile.greeting == "Jane"
    assert session.profile.email == "jane@x.org"


async def test_the_calls_after_login_carry_the_token_as_bearer_and_never_in_the_address() -> None:
    peer = Peer()
    async with peer.client() as client:
        await client.validate("token-1")
        await client.slide("token-1")
        await client.invalidate("token-1")
        assert (await client.account("token-1")).uid == "uid-1"
        assert (await client.accept_privacy_policy("token-1")).first_name == "Jane"
    assert {request.headers["authorization"] for request in peer.requests} == {"Bearer token-1"}
    assert not any("token-1" in str(request.url) for request in peer.requests)
    assert peer.asked("invalidate")[0].url.params["preventrefresh"] == "true"


@pytest.mark.parametrize(("code", "status"), CODES.items())
def test_every_code_of_the_table_has_its_class(code: int, status: int) -> None:
    kind = class_for(code)
    assert kind is not None
    error = error_in(status, {}, b'{"ErrorCode": %d}' % code, NOW)
    assert type(error) is kind
    assert error.code == code


@pytest.mark.parametrize("keys", ["ErrorCode", "errorCode", "errorcode", "ERRORCODE"])
@pytest.mark.parametrize("value", ["1139", '"1139"', '" 1139 "', "1139.0"])
def test_codes_are_read_in_any_case_and_as_text(keys: str, value: str) -> None:
    assert isinstance(error_in(403, {}, f'{{"{keys}": {value}}}'.encode(), NOW), NotClickedYet)


def test_a_limit_carries_its_time() -> None:
    assert error_in(403, {"retry-after": "600"}, b'{"ErrorCode": 1122}', NOW).retry_after == 600


def test_codes_that_nobody_documents_keep_their_number() -> None:
    assert type(error_in(403, {}, b'{"ErrorCode": 4711}', NOW)) is Refusal
    assert type(error_in(500, {}, b'{"ErrorCode": 4711}', NOW)) is ServiceTrouble


def test_a_privacy_policy_brings_the_token_that_can_accept_it() -> None:
    body = b'{"errorCode": 1194, "data": {"Access_Token": "t-1", "Expires_In": "2026-11-23T08:00:00.1234567Z"}}'
    error = error_in(403, {}, body, NOW)
    assert isinstance(error, PrivacyPolicyDue)
    assert error.token is not None
    assert error.token.access_token == "t-1"
    assert error.token.lifetime == pytest.approx(3600.123456)
    assert "t-1" not in repr(error) + repr(error.token)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), (" 12 ", 12.0), ("999999999999", 3600.0), ("-1", None), ("soon", None), ("", None),
     ("Mon, 23 Nov 2026 07:00:30 GMT", 30.0), ("Mon, 23 Nov 2026 06:00:00 GMT", 0.0), ("²", None)],
)  # fmt: skip
def test_retry_after_in_seconds_as_a_date_and_as_nonsense(value: str, seconds: float | None) -> None:
    error = error_in(429, {"retry-after": value}, b"<html>slow down</html>", NOW)
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("page", [b"", b"<html>Bad gateway</html>", b"\xff\xfe", b'{"Error', b"[]", b"null", b"7"])
def test_a_gateways_page_is_the_services_trouble(status: int, page: bytes) -> None:
    assert type(error_in(status, {}, page, NOW)) is ServiceTrouble


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b"<html>Please accept the terms of this hotel</html>"),
        httpx.Response(200, content=b'{"access_token": "half'),
        httpx.Response(200, content=b'["IsPosted"]'),
        httpx.Response(200, json={"Profile": None, "access_token": None}),
        httpx.Response(200, json={"access_token": {"no": "text"}}),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(200, content=b'{"access_token": "' + b"x" * 2_000_000 + b'"}'),
        httpx.Response(302, headers={"location": "https://elsewhere.example/"}),
        httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"not gzip at all")),
        httpx.Response(204),
        httpx.Response(418, content=b"teapot"),
        httpx.Response(511, content=b"<html>Please accept the terms of this hotel</html>"),
    ],
    ids=["empty", "portal", "cut", "list", "nulls", "object", "deep", "huge", "redirect", "gzip", "204", "418", "511"],
)
async def test_an_answer_that_is_none_ends_in_a_typed_error(answer: httpx.Response) -> None:
    peer = Peer()
    peer.will("ping", answer)
    async with peer.client() as client:
        with pytest.raises(BadAnswer) as caught:
            await client.ping("guid-1")
    assert caught.value.__context__ is None  # what read it in vain has all of it, and a half of it may be a token


async def test_a_compressed_bomb_is_not_unpacked_whole() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    peer = Peer()
    peer.will("ping", httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(bomb)))
    async with peer.client() as client:
        with pytest.raises(BadAnswer):
            await client.ping("guid-1")


@pytest.mark.parametrize(
    ("text", "expires"),
    [
        ("2026-11-23T08:00:00Z", NOW + timedelta(hours=1)),
        ("2026-11-23T08:00:00.1Z", NOW + timedelta(hours=1, milliseconds=100)),
        ("2026-11-23T08:00:00.1234567Z", NOW + timedelta(hours=1, microseconds=123456)),
        ("2026-11-23T08:00:00", NOW + timedelta(hours=1)),
        ("2026-11-23T09:00:00+01:00", NOW + timedelta(hours=1)),
        ("3600", NOW + timedelta(hours=1)),
        (3600, NOW + timedelta(hours=1)),
        (3600.5, NOW + timedelta(hours=1, milliseconds=500)),
        ("9999-12-31T23:59:59Z", None),
        ("1e400", None),
        ("nan", None),
        (-5, None),
        (True, None),
        (None, None),
        ({}, None),
        ("tomorrow", None),
    ],
)
async def test_expiry_in_all_the_ways_it_is_written(text: Any, expires: datetime | None) -> None:
    peer = Peer()
    date = {"date": "Mon, 23 Nov 2026 07:00:00 GMT"}
    peer.will("validate", httpx.Response(200, headers=date, json={"access_token": "t", "expires_in": text}))
    async with peer.client() as client:
        assert (await client.validate("t")).expires_at == expires


async def test_a_lifetime_counts_by_the_services_clock_not_by_ours() -> None:
    peer = Peer()
    date = {"date": "Thu, 01 Jan 2032 00:00:00 GMT"}
    peer.will(
        "validate", httpx.Response(200, headers=date, json={"access_token": "t", "expires_in": "2032-01-01T00:10:00Z"})
    )
    async with peer.client() as client:
        assert (await client.validate("t")).lifetime == 600


async def test_what_fails_on_the_way_leads_to_no_request() -> None:
    peer = Peer()
    peer.will("ping", TlsError(), UnicodeEncodeError("ascii", "guid-1", 0, 1, "half a character"), TimeoutError())
    async with peer.client() as client:
        for kind in (TlsError, BadAnswer, TimedOut):
            with pytest.raises(kind) as caught:
                await client.ping("guid-1")
            # The chain would lead to the request, and its address to the GUID.
            assert caught.value.__cause__ is None
            assert caught.value.__context__ is None


async def test_half_a_character_is_no_request() -> None:
    async with Peer().client() as client:
        with pytest.raises(BadAnswer) as caught:
            await client.request_login(Identifier(IdentifierKind.USERNAME, "j\ud83d"), "guid-1")
    assert caught.value.__context__ is None


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 -1200", "Fri, 31 Dec 9999 23:59:59 GMT"])
async def test_a_service_in_the_year_9999_breaks_nothing(date: str) -> None:
    peer = Peer()
    peer.will("validate", httpx.Response(200, headers={"date": date}, json={"access_token": "t", "expires_in": 3600}))
    async with peer.client() as client:
        assert (await client.validate("t")).access_token == "t"


async def test_a_name_that_does_not_resolve() -> None:
    async with client_module.SmartLoginClient("https://no-such-host.invalid", "key") as client:
        with pytest.raises(NameNotFound):
            await client.ping("guid-1")


async def test_an_answer_that_drips_ends_with_the_call_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        return refusal(1139)

    monkeypatch.setattr(client_module, "CALL_LIMIT", 0.01)
    async with client_module.SmartLoginClient("https://service.example", "k", transport=Handled(never)) as client:
        with pytest.raises(TimedOut):
            await client.ping("guid-1")


async def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    peer = Peer()
    async with peer.client() as client:
        await client.request_login(JANE, "guid-secret")
    assert "guid-secret" not in caplog.text
    assert "jane" not in caplog.text


async def test_a_token_too_long_to_be_one_is_no_token() -> None:
    peer = Peer()
    peer.will("ping", httpx.Response(200, json={"Profile": {}, "access_token": "x" * 20_000}))
    async with peer.client() as client:
        with pytest.raises(BadAnswer):
            await client.ping("guid")


async def test_no_cookie_tells_the_next_person_from_the_last() -> None:
    peer = Peer()
    peer.will("smartlogin", httpx.Response(200, json={"IsPosted": True}, headers={"Set-Cookie": "who=jane; Path=/"}))
    async with peer.client() as client:
        await client.request_login(JANE, "guid-1")
        await client.request_login(Identifier(IdentifierKind.USERNAME, "john"), "guid-2")
    assert [request.headers.get("cookie") for request in peer.asked("smartlogin")] == [None, None]
