"""The code table, walked from end to end: how each code comes about by itself, and by its sample account."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from kiosk.service.codes import CODES
from kiosk.service.sample import sample_site
from kiosk.service.site import Account, MailLimit, Site
from kiosk.service.store.base import StoreTrouble
from tests.service.world import AUTH, JANE, World, code, world

_MANAGE = "/identity/v2/manage/account"
_SECRET = {"X-LoginRadius-ApiSecret": "demo-secret"}
_KEY = {"apikey": "demo-key"}

# As LoginRadius' public table prints them; the API document quotes the first two from its own tests.
_QUOTED = {
    1139: "The smart login link has not been verified",
    1063: "Verification token (vtoken) is invalid",
    1140: "Client GUID is invalid",
    1136: "Client GUID must be unique",
    1135: "Smart login option is not enabled for your LoginRadius site",
    1141: "Email address or username is required",
    1194: "Privacy policy does not match",
}
# HTTP statuses where section 4 of the API document says another one than 403.
_STATUSES = {
    **dict.fromkeys((920, 921, 922, 923, 1038, 1060, 1075, 1141), 400),
    **dict.fromkeys((902, 1409), 401),
    404: 404,
    405: 405,
    429: 429,
    950: 500,
}
# Codes that a person meets after the click, or a session; all others are told at the request.
_PAGE = {973, 974, 975, 979, 1063, 1137, 1138}
_SESSION = {905, 906, 1055, 1060, 2024}

Provoke = Callable[[World], Awaitable[httpx.Response]]


def request(**parameters: str) -> Provoke:
    return lambda demo: demo.call("login/smartlogin", **{"clientguid": "g", "email": JANE, **parameters})


def manage(path: str = "", method: str = "GET", **more: Any) -> Provoke:
    def provoke(demo: World) -> Awaitable[httpx.Response]:
        sent = {"params": _KEY, "headers": _SECRET, **more}
        return demo.http.request(method, _MANAGE + path, **sent)

    return provoke


def asked(path: str, **parameters: str) -> Provoke:
    return lambda demo: demo.call(path, **parameters)


async def expired_token(demo: World) -> httpx.Response:
    token = await demo.sign_in()
    demo.clock.forward(demo.site.token_life)
    return await demo.call("access_token/validate", access_token=token)


async def expired_link(demo: World) -> httpx.Response:
    await demo.begin()
    token = await demo.token()
    demo.clock.forward(demo.site.link_life)
    return await demo.verify(token)


async def clicked(demo: World, *, fetched: bool) -> httpx.Response:
    guid = await demo.begin()
    token = await demo.token()
    await demo.verify(token)
    if fetched:
        await demo.ping(guid)
    return await demo.verify(token)


async def clicked_again(demo: World) -> httpx.Response:
    return await clicked(demo, fetched=False)


async def clicked_after_all_was_done(demo: World) -> httpx.Response:
    return await clicked(demo, fetched=True)


async def wrong_number(demo: World) -> httpx.Response:
    guid = await demo.begin()
    shown = (await demo.ping(guid)).json()["Number"]
    other = "11" if shown != "11" else "12"
    return await demo.call("email/smartlogin", verificationtoken=await demo.token(), number=other)


async def not_clicked(demo: World) -> httpx.Response:
    return await demo.ping(await demo.begin())


async def used_guid(demo: World) -> httpx.Response:
    guid = await demo.begin()
    return await demo.call("login/smartlogin", email=JANE, clientguid=guid)


async def too_many_mails(demo: World) -> httpx.Response:
    await demo.begin()
    return await demo.call("login/smartlogin", email=JANE, clientguid="another")


async def too_many_tokens(demo: World) -> httpx.Response:
    await token_of(demo, "a")
    return await token_of(demo, "b")


async def token_of(demo: World, guid: str) -> httpx.Response:
    return await manage("/emailtoken/autologin", "POST", json={"email": JANE, "ClientGuid": guid})(demo)


async def too_fast(demo: World) -> httpx.Response:
    await demo.ping("x")
    return await demo.ping("x")


async def policy(demo: World) -> httpx.Response:
    guid = await demo.begin("policy@example.com")
    await demo.verify(await demo.token())
    return await demo.ping(guid)


async def no_store(demo: World) -> httpx.Response:
    async def trouble(*_: object) -> None:
        raise StoreTrouble("test")

    demo.store.attempt = trouble  # type: ignore[method-assign,assignment]
    return await demo.ping("x")


_TWINS = tuple(Account(uid, ("twin@example.com",), uid) for uid in ("one", "two"))
# How a code comes about without a sample account: the settings of the site, and what to do.
_RULES: list[tuple[int, dict[str, Any], Provoke]] = [
    (404, {}, asked("nothing")),
    (405, {}, lambda demo: demo.http.delete(f"{AUTH}/account", params=_KEY)),
    (429, {"requests_per_second": 1}, too_fast),
    (901, {"enabled": False}, request()),
    (902, {"management": False}, manage(f"/{'0' * 32}")),
    (905, {}, asked("access_token/validate", access_token="never-was")),
    (906, {}, expired_token),
    (908, {}, request(clientguid="")),
    (909, {}, asked("email", email=JANE)),
    (920, {}, request(apikey="wrong")),
    (921, {}, manage("/x", headers={"X-LoginRadius-ApiSecret": "wrong"})),
    (922, {}, request(apikey="")),
    (923, {}, manage("/x", headers={})),
    (936, {}, manage(method="POST", json={"Email": [{"Value": JANE}]})),
    (938, {"tell_unknown": True}, request(email="", username="nobody")),
    (950, {}, no_store),
    (970, {"verified_only": True}, request(email="new@example.com")),
    (975, {}, expired_link),
    (979, {"confirm": "number"}, wrong_number),
    (1023, {"tell_unknown": True}, request(email="nobody@example.com")),
    (1032, {"tell_unknown": True}, asked("email")),
    (1038, {}, request(email="nonsense")),
    (1056, {"blocked_emails": (JANE,)}, request()),
    (1060, {}, asked("account")),
    (1063, {}, asked("email/smartlogin", verificationtoken="123456789")),
    (1075, {"tell_unknown": True}, asked("username")),
    (1122, {"mail_limit": MailLimit(mails=1)}, too_many_mails),
    (1135, {"smart_login": False}, request()),
    (1136, {}, used_guid),
    (1137, {}, clicked_after_all_was_done),
    (1138, {}, clicked_again),
    (1139, {}, not_clicked),
    (1140, {}, asked("login/smartlogin/ping", clientguid="never-was")),
    (1141, {}, request(email="")),
    (1178, {"mail_limit": MailLimit(mails=1)}, too_many_tokens),
    (1183, {"username_login": "only"}, request()),
    (1183, {"duplicate_emails": True, "accounts": _TWINS}, request(email="twin@example.com")),
    (1194, {}, policy),
    (1204, {}, request(email="", username="two words")),
    (1206, {"allowed_ips": ("192.0.2.0/24",)}, request()),
    (1238, {"username_login": "off"}, request(email="", username="jane")),
    (1247, {"allowed_domains": ("example.org",)}, request()),
]


def site_with(settings: dict[str, Any]) -> Site:
    return replace(sample_site(), **settings)


@pytest.mark.parametrize(("expected", "settings", "provoke"), _RULES, ids=[str(row[0]) for row in _RULES])
async def test_a_code_that_comes_about_by_itself(expected: int, settings: dict[str, Any], provoke: Provoke) -> None:
    async with world(site_with(settings)) as demo:
        answer = await provoke(demo)
    assert code(answer) == (CODES[expected].status, expected)
    body = answer.json()
    assert body["Message"] == CODES[expected].message
    assert body["Description"]
    assert (body["IsProviderError"], body["ProviderErrorResponse"]) == (False, None)
    assert ("retry-after" in answer.headers) is (expected in {429, 1122, 1178})


@pytest.mark.parametrize("expected", CODES)
async def test_every_code_has_its_sample_account(demo: World, expected: int) -> None:
    answer = await met(demo, expected)
    assert code(answer) == (CODES[expected].status, expected)
    assert answer.json()["Message"] == CODES[expected].message


async def met(demo: World, expected: int) -> httpx.Response:
    """Go the way of the sample account until it ends."""
    email = f"e{expected}@example.com"
    asked = await demo.call("login/smartlogin", email=email, clientguid="g")
    if expected not in _PAGE | _SESSION:
        return asked
    assert asked.status_code == 200
    verified = await demo.verify(await demo.token())
    if expected in _PAGE:
        return verified
    token = (await demo.ping("g")).json()["access_token"]
    return await demo.call("access_token/validate", access_token=token)


def test_messages_and_statuses_are_loginradius() -> None:
    assert {known: CODES[known].message for known in _QUOTED} == _QUOTED
    assert {known: row.status for known, row in CODES.items()} == {known: _STATUSES.get(known, 403) for known in CODES}


# Section 4 of the API document, all rows that a service can answer with.
_TABLE = {
    *(901, 905, 906, 908, 909, 920, 922, 938, 950, 970, 973, 974, 975, 979, 990, 991, 1022, 1023, 1024, 1032, 1038),
    *(1055, 1056, 1060, 1063, 1075, 1077, 1122, 1130, 1132, 1135, 1136, 1137, 1138, 1139, 1140, 1141, 1148, 1162),
    *(1164, 1176, 1178, 1179, 1183, 1194, 1198, 1204, 1206, 1220, 1226, 1238, 1247, 1264, 1338, 1409, 2024, 429),
}


def test_the_table_is_whole() -> None:
    assert set(CODES) >= _TABLE


async def test_consent_comes_with_its_token(demo: World) -> None:
    answer = await demo.call("login/smartlogin", email="e1226@example.com", clientguid="g")
    assert len(answer.json()["Data"]["ConsentToken"]) == 36
