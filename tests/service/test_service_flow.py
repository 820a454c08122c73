"""The flow: request, mail, click, ping."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.service.sample import sample_site
from kiosk.service.site import MailLimit
from tests.service.world import AUTH, JANE, START, World, code, world

pytestmark = pytest.mark.usefixtures("each_store")


async def test_the_whole_way(demo: World) -> None:
    guid = await demo.begin()
    waiting = await demo.ping(guid)
    assert code(waiting) == (403, 1139)
    assert waiting.json()["Message"] == "The smart login link has not been verified"
    assert (await demo.verify(await demo.token())).json() == {"IsPosted": True, "IsVerified": True}
    done = await demo.ping(guid)
    assert done.status_code == 200
    body = done.json()
    assert body["Profile"]["FullName"] == "Jane Doe"
    assert body["Profile"]["Email"] == [{"Type": "Primary", "Value": JANE}]
    assert len(body["access_token"]) == 36
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", body["expires_in"])
    assert body["expires_in"].startswith(datetime.fromtimestamp(START + 900, UTC).isoformat()[:19])


async def test_by_username(demo: World) -> None:
    answer = await demo.call("login/smartlogin", username="JANE", clientguid="g")
    assert answer.json() == {"IsPosted": True}
    assert (await demo.mails())[0]["to"] == JANE


async def test_an_error_body_has_the_documented_shape(demo: World) -> None:
    body = (await demo.verify("123456789")).json()
    assert body["Message"] == "Verification token (vtoken) is invalid"
    assert body["ErrorCode"] == 1063
    assert body["IsProviderError"] is False
    assert body["ProviderErrorResponse"] is None
    assert body["Description"]


async def test_the_session_is_handed_out_once(demo: World) -> None:
    guid = await demo.begin()
    await demo.verify(await demo.token())
    assert (await demo.ping(guid)).status_code == 200
    assert code(await demo.ping(guid)) == (403, 1140)


async def test_of_racing_pings_one_gets_the_session(demo: World) -> None:
    guid = await demo.begin()
    await demo.verify(await demo.token())
    answers = await asyncio.gather(*(demo.ping(guid) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200, *[403] * 19]
    assert {answer.json()["ErrorCode"] for answer in answers if answer.status_code == 403} == {1140}


async def test_a_second_click_says_already_verified_then_already_used(demo: World) -> None:
    guid = await demo.begin()
    token = await demo.token()
    await demo.verify(token)
    assert code(await demo.verify(token)) == (403, 1138)
    await demo.ping(guid)
    assert code(await demo.verify(token)) == (403, 1137)


async def test_of_racing_clicks_one_verifies(demo: World) -> None:
    await demo.begin()
    token = await demo.token()
    answers = await asyncio.gather(*(demo.verify(token) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200, *[403] * 9]


async def test_an_expired_link(demo: World) -> None:
    guid = await demo.begin()
    token = await demo.token()
    demo.clock.forward(demo.site.link_life)
    assert code(await demo.verify(token)) == (403, 975)
    assert code(await demo.ping(guid)) == (403, 1140)


async def test_a_click_that_nobody_fetched_in_time_is_worth_nothing(demo: World) -> None:
    guid = await demo.begin()
    await demo.verify(await demo.token())
    demo.clock.forward(demo.site.link_life)
    assert code(await demo.ping(guid)) == (403, 1140)


async def test_a_guid_is_used_once(demo: World) -> None:
    guid = await demo.begin()
    assert code(await demo.call("login/smartlogin", email=JANE, clientguid=guid)) == (403, 1136)
    assert len(await demo.mails()) == 1


async def test_every_open_attempt_has_its_own_link(demo: World) -> None:
    first = await demo.begin()
    token = await demo.token()
    second = await demo.begin()
    await demo.verify(token)
    assert (await demo.ping(first)).status_code == 200
    assert code(await demo.ping(second)) == (403, 1139)


@pytest.mark.parametrize("guid", ["x", "3Zq+/a=" * 12, "ключ", "a b\0c", "0" * 2000])
async def test_a_guid_may_be_any_text(demo: World, guid: str) -> None:
    assert (await demo.call("login/smartlogin", email=JANE, clientguid=guid)).status_code == 200
    assert code(await demo.ping(guid)) == (403, 1139)


async def test_an_unknown_address_is_answered_like_a_known_one(demo: World) -> None:
    guid = await demo.begin("nobody@example.com")
    assert code(await demo.ping(guid)) == (403, 1139)
    assert await demo.mails() == []
    assert code(await demo.call("login/smartlogin", email="nobody@example.com", clientguid=guid)) == (403, 1136)


async def test_a_site_may_tell_who_is_unknown() -> None:
    async with world(replace(sample_site(), tell_unknown=True)) as open_site:
        by_email = await open_site.call("login/smartlogin", email="nobody@example.com", clientguid="a")
        assert code(by_email) == (403, 1023)
        assert code(await open_site.call("login/smartlogin", username="nobody", clientguid="a")) == (403, 938)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"clientguid": "g"}, (400, 1141)),
        ({"clientguid": "g", "email": ""}, (400, 1141)),
        ({"email": JANE}, (403, 908)),
        ({"email": JANE, "clientguid": " "}, (403, 908)),
        ({"clientguid": "g", "email": "jane"}, (400, 1038)),
        ({"clientguid": "g", "email": "jane@"}, (400, 1038)),
        ({"clientguid": "g", "email": "a@b@example.com"}, (400, 1038)),
        ({"clientguid": "g", "email": "a\0b@example.com"}, (400, 1038)),
        ({"clientguid": "g", "email": "jane@example.com\r\nBcc: x@example.com"}, (400, 1038)),
        ({"clientguid": "g", "email": "a" * 250 + "@example.com"}, (400, 1038)),
        ({"clientguid": "g", "username": "jane doe"}, (403, 1204)),
        ({"clientguid": "g", "username": "j" * 33}, (403, 1204)),
        ({"clientguid": "g", "email": JANE, "apikey": ""}, (400, 922)),
        ({"clientguid": "g", "email": JANE, "apikey": "wrong"}, (400, 920)),
    ],
)
async def test_bad_requests(demo: World, parameters: dict[str, str], expected: tuple[int, int]) -> None:
    assert code(await demo.call("login/smartlogin", **parameters)) == expected
    assert await demo.mails() == []


@pytest.mark.parametrize(
    ("setting", "parameters", "expected"),
    [
        ({"smart_login": False}, {"email": JANE}, (403, 1135)),
        ({"username_login": "off"}, {"username": "jane"}, (403, 1238)),
        ({"username_login": "only"}, {"email": JANE}, (403, 1183)),
        ({"allowed_domains": ("example.org",)}, {"email": JANE}, (403, 1247)),
        ({"blocked_emails": (JANE,)}, {"email": JANE}, (403, 1056)),
    ],
)
async def test_site_settings(setting: dict[str, object], parameters: dict[str, str], expected: tuple[int, int]) -> None:
    async with world(replace(sample_site(), **setting)) as strict:  # type: ignore[arg-type]
        assert code(await strict.call("login/smartlogin", clientguid="g", **parameters)) == expected


@pytest.mark.parametrize(("name", "refusal"), [("locked", 1132), ("blocked", 991), ("unverified", 970)])
async def test_accounts_refused_at_the_request(demo: World, name: str, refusal: int) -> None:
    answer = await demo.call("login/smartlogin", email=f"{name}@example.com", clientguid="g")
    assert code(answer) == (403, refusal)
    assert await demo.mails() == []


@pytest.mark.parametrize(("name", "refusal"), [("suspended", 1130), ("mfa", 1176)])
async def test_accounts_refused_after_the_click(demo: World, name: str, refusal: int) -> None:
    guid = await demo.begin(f"{name}@example.com")
    assert code(await demo.ping(guid)) == (403, 1139)
    assert code(await demo.verify(await demo.token())) == (403, refusal)
    assert code(await demo.ping(guid)) == (403, refusal)
    assert code(await demo.ping(guid)) == (403, refusal)


async def test_a_click_verifies_the_address(demo: World) -> None:
    guid = await demo.begin("new@example.com")
    await demo.verify(await demo.token())
    assert (await demo.ping(guid)).json()["Profile"]["EmailVerified"] is True


async def test_too_many_mails_to_one_address() -> None:
    async with world(replace(sample_site(), mail_limit=MailLimit(mails=2, window=600, disabled=300))) as strict:
        await strict.begin()
        await strict.call("login/smartlogin", username="jane", clientguid="second")
        third = await strict.call("login/smartlogin", email="Jane.Doe@Example.com", clientguid="third")
        assert code(third) == (403, 1122)
        assert third.headers["retry-after"] == "300"
        await strict.begin("john.smith@example.com")
        strict.clock.forward(100)
        again = await strict.call("login/smartlogin", email=JANE, clientguid="third")
        assert (code(again), again.headers["retry-after"]) == ((403, 1122), "200")
        strict.clock.forward(200)
        await strict.begin()


async def test_unknown_addresses_have_the_same_limit() -> None:
    async with world(replace(sample_site(), mail_limit=MailLimit(mails=1))) as strict:
        await strict.begin("nobody@example.com")
        answer = await strict.call("login/smartlogin", email="nobody@example.com", clientguid="g")
        assert code(answer) == (403, 1122)


async def test_a_clock_set_back_locks_nobody_out() -> None:
    async with world(replace(sample_site(), mail_limit=MailLimit(mails=1, window=600, disabled=300))) as strict:
        await strict.begin()
        assert code(await strict.call("login/smartlogin", email=JANE, clientguid="g")) == (403, 1122)
        strict.clock.forward(-86_400)
        await strict.begin()


async def test_too_many_calls_a_second() -> None:
    async with world(replace(sample_site(), requests_per_second=5)) as strict:
        answers = [await strict.ping("x") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [403] * 5 + [429]
        assert answers[-1].json()["ErrorCode"] == 429
        assert answers[-1].headers["retry-after"] == "1"
        strict.clock.forward(1)
        assert (await strict.ping("x")).status_code == 403


async def test_names_and_paths_in_any_case(demo: World) -> None:
    path = AUTH.upper() + "/Login/SmartLogin/"
    answer = await demo.http.get(path, params={"ApiKey": "demo-key", "EMAIL": JANE, "clientGuid": "g"})
    assert answer.json() == {"IsPosted": True}
    answer = await demo.http.get(f"{AUTH}/email/SmartLogin", params={"APIKEY": "demo-key", "VToken": "x"})
    assert code(answer) == (403, 1063)


async def test_a_plus_that_was_not_encoded(demo: World) -> None:
    account = replace(demo.site.accounts[0], emails=("jane+tv@example.com",))
    async with world(replace(demo.site, accounts=(account,))) as plus:
        await plus.http.get(f"{AUTH}/login/smartlogin?apikey=demo-key&email=jane+tv@example.com&clientguid=g")
        assert (await plus.mails())[0]["to"] == "jane+tv@example.com"
