"""Management: accounts, refresh tokens, tokens without a mail; behind key and secret."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from kiosk.service.sample import sample_site
from tests.service.world import AUTH, JANE, World, code, world

pytestmark = pytest.mark.usefixtures("each_store")

_MANAGE = "/identity/v2/manage/account"
_SECRET = {"X-LoginRadius-ApiSecret": "demo-secret"}
_KEY = {"apikey": "demo-key"}


async def manage(demo: World, method: str, path: str = "", **more: Any) -> httpx.Response:
    query = {**_KEY, **more.pop("params", {})}
    return await demo.http.request(method, _MANAGE + path, params=query, headers=_SECRET, **more)


async def made(demo: World, email: str = "ada@example.com", **more: Any) -> dict[str, Any]:
    answer = await manage(demo, "POST", json={"Email": [{"Type": "Primary", "Value": email}], **more})
    assert answer.status_code == 200, answer.text
    profile: dict[str, Any] = answer.json()
    return profile


async def signed_in(demo: World) -> dict[str, Any]:
    guid = await demo.begin()
    await demo.verify(await demo.token())
    answer: dict[str, Any] = (await demo.ping(guid)).json()
    return answer


async def test_key_and_secret_may_stand_in_headers(demo: World) -> None:
    headers = {"X-LoginRadius-ApiKey": "demo-key", "X-LoginRadius-ApiSecret": "demo-secret"}
    answer = await demo.http.get(_MANAGE, params={"email": JANE}, headers=headers)
    assert answer.json()["FirstName"] == "Jane"


async def test_a_made_account_signs_in(demo: World) -> None:
    profile = await made(demo, username="ada", firstname="Ada", AcceptPrivacyPolicy=True)
    token = await demo.sign_in("ADA@example.com")
    assert (await demo.call("account", access_token=token)).json()["Uid"] == profile["Uid"]
    assert code(await manage(demo, "POST", json={"email": "ada@example.com"})) == (403, 936)
    assert code(await manage(demo, "POST", json={"email": "x@example.com", "UserName": "Ada"})) == (403, 936)
    assert code(await manage(demo, "POST", json={"email": JANE})) == (403, 936)
    assert (await manage(demo, "DELETE", f"/{profile['Uid']}")).json() == {"IsDeleted": True}
    assert code(await demo.call("account", access_token=token)) == (403, 905)
    assert (await made(demo))["Uid"] != profile["Uid"]


async def test_an_account_of_the_site_file_can_be_deleted(demo: World) -> None:
    tokens = await signed_in(demo)
    uid = (await demo.call("account", access_token=tokens["access_token"])).json()["Uid"]
    assert (await manage(demo, "DELETE", f"/{uid}", json={})).status_code == 200
    assert code(await demo.call("access_token/validate", access_token=tokens["access_token"])) == (403, 905)
    assert code(await manage(demo, "GET", params={"email": JANE})) == (403, 938)
    assert code(await manage(demo, "DELETE", f"/{uid}")) == (403, 938)
    refreshed = await manage(demo, "GET", "/access_token/refresh", params={"refresh_token": tokens["refresh_token"]})
    assert code(refreshed) == (403, 905)
    mails = len(await demo.mails())
    await demo.begin()
    assert len(await demo.mails()) == mails
    assert (await made(demo, JANE))["Uid"] != uid


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", 908),
        (b"[]", 908),
        (b"\xff", 908),
        (b"[" * 5_000, 908),
        (b'{"Email": "%s@example.com"}' % (b"x" * 20_000), 908),
        (b"{}", 1032),
        (b'{"Email": []}', 1032),
        (b'{"Email": [{"Value": "nonsense"}]}', 1038),
        (b'{"Email": [{"Value": "a@example.com\\r\\nBcc: b@example.com"}]}', 1038),
        ('{"Email": "jürgen@example.com"}'.encode(), 1038),
        (b'{"Email": "a@example.com", "UserName": "two words"}', 1204),
        (b'{"Email": "a@example.com", "FirstName": 7}', 908),
        (b'{"Email": "a@example.com", "FirstName": "a\\nb"}', 908),
        (b'{"Email": "a@example.com", "FirstName": "\\ud800"}', 908),
        (b'{"Email": "a@example.com", "EmailVerified": "yes"}', 908),
    ],
)
async def test_bad_accounts(demo: World, body: bytes, expected: int) -> None:
    assert code(await manage(demo, "POST", content=body))[1] == expected


async def test_an_account_is_made_once(demo: World) -> None:
    answers = await asyncio.gather(*(manage(demo, "POST", json={"email": "ada@example.com"}) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [403] * 9


async def test_unverified_accounts_verify_by_the_click(demo: World) -> None:
    profile = await made(demo, EmailVerified=False, AcceptPrivacyPolicy=True)
    assert profile["EmailVerified"] is False
    await demo.sign_in("ada@example.com")
    assert (await manage(demo, "GET", f"/{profile['Uid']}")).json()["EmailVerified"] is True


async def test_a_refresh_token_works_once_and_sixty_days(demo: World) -> None:
    async def refresh(token: str) -> httpx.Response:
        return await manage(demo, "GET", "/access_token/refresh", params={"Refresh_Token": token})

    first = await signed_in(demo)
    demo.clock.forward(60 * 86_400 - 1)
    answers = await asyncio.gather(*(refresh(first["refresh_token"]) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [403] * 9
    second = next(answer.json() for answer in answers if answer.status_code == 200)
    assert (await demo.call("access_token/validate", access_token=second["access_token"])).status_code == 200
    demo.clock.forward(60 * 86_400)
    assert code(await refresh(second["refresh_token"])) == (403, 905)
    assert code(await refresh("")) == (403, 908)


async def test_signing_out_with_and_without_the_refresh_token(demo: World) -> None:
    for prevent, expected in (("false", 200), ("true", 403)):
        tokens = await signed_in(demo)
        await demo.call("access_token/invalidate", access_token=tokens["access_token"], preventRefresh=prevent)
        answer = await manage(demo, "GET", "/access_token/refresh", params={"refresh_token": tokens["refresh_token"]})
        assert answer.status_code == expected


async def test_a_site_without_refresh_tokens(store_url: str) -> None:
    async with world(replace(sample_site(), refresh_life=0), store=store_url) as plain:
        tokens = await signed_in(plain)
        assert set(tokens) == {"Profile", "access_token", "expires_in"}


async def test_a_token_without_a_mail(demo: World) -> None:
    body = {"username": "jane", "clientguid": "g"}
    token = (await manage(demo, "POST", "/emailtoken/autologin", json=body)).json()["Token"]
    assert await demo.mails() == []
    await demo.verify(token)
    assert (await demo.ping("g")).status_code == 200
    unknown = await manage(demo, "POST", "/emailtoken/other", json=body)
    assert code(unknown) == (404, 404)
    for wrong, expected in (({"email": JANE}, 908), ({"ClientGuid": "h"}, 1141), ({"ClientGuid": 7}, 908)):
        assert code(await manage(demo, "POST", "/emailtoken/autologin", json=wrong))[1] == expected


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
async def test_nothing_without_the_secret(demo: World, method: str) -> None:
    for headers, expected in (({}, 923), ({"X-LoginRadius-ApiSecret": "demo-secre"}, 921)):
        path = _MANAGE if method != "DELETE" else f"{_MANAGE}/x"
        assert code(await demo.http.request(method, path, params=_KEY, headers=headers)) == (400, expected)


async def test_the_secret_opens_nothing_but_management(demo: World) -> None:
    assert code(await demo.http.get(f"{AUTH}/account", params=_KEY, headers=_SECRET)) == (400, 1060)


async def test_an_id_keeps_its_case(demo: World) -> None:
    account = replace(demo.site.accounts[0], uid="Jane-1")
    async with world(replace(demo.site, accounts=(account,))) as one:
        assert (await manage(one, "GET", "/Jane-1")).status_code == 200
        assert code(await manage(one, "GET", "/jane-1")) == (403, 938)
