"""What an access token is good for."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.service.sample import sample_site
from tests.service.world import AUTH, JANE, START, World, code, world

pytestmark = pytest.mark.usefixtures("each_store")


async def test_validate(demo: World) -> None:
    token = await demo.sign_in()
    answer = await demo.call("access_token/validate", access_token=token)
    assert answer.json() == {"access_token": token, "expires_in": "2027-01-15T08:15:00.0000000Z"}


async def test_a_bearer_token(demo: World) -> None:
    token = await demo.sign_in()
    answer = await demo.http.get(
        f"{AUTH}/Access_Token/Validate", params={"apikey": "demo-key"}, headers={"Authorization": f"bearer {token}"}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "access_token",
        "access_token/validate",
        "access_token/sliding_token",
        "access_token/invalidate",
        "account",
        "privacypolicy/accept",
    ],
)
async def test_without_a_good_token(demo: World, path: str) -> None:
    assert code(await demo.call(path)) == (400, 1060)
    assert code(await demo.call(path, access_token="never-was")) == (403, 905)


async def test_an_expired_token(demo: World) -> None:
    token = await demo.sign_in()
    demo.clock.forward(900)
    assert code(await demo.call("access_token/validate", access_token=token)) == (403, 906)
    assert code(await demo.call("access_token/sliding_token", access_token=token)) == (403, 906)


async def test_sliding(demo: World) -> None:
    token = await demo.sign_in()
    demo.clock.forward(800)
    answer = await demo.call("access_token/sliding_token", access_token=token)
    assert answer.json() == {"access_token": token, "expires_in": "2027-01-15T08:28:20.0000000Z"}
    demo.clock.forward(800)
    assert (await demo.call("access_token/validate", access_token=token)).status_code == 200
    assert demo.clock.now == START + 1600


async def test_invalidate(demo: World) -> None:
    token = await demo.sign_in()
    other = await demo.sign_in()
    answer = await demo.call("access_token/invalidate", access_token=token, preventrefresh="true")
    assert answer.json() == {"IsPosted": True}
    assert code(await demo.call("access_token/validate", access_token=token)) == (403, 905)
    assert (await demo.call("access_token/validate", access_token=other)).status_code == 200


async def test_info_and_account(demo: World) -> None:
    token = await demo.sign_in()
    info = await demo.call("access_token", access_token=token)
    assert info.json() == {"provider": "Email", "access_token": token, "isrememberme": False}
    assert (await demo.call("account", access_token=token)).json()["UserName"] == "jane"


async def test_a_policy_must_be_accepted_first(demo: World) -> None:
    guid = await demo.begin("policy@example.com")
    await demo.verify(await demo.token())
    refused = await demo.ping(guid)
    assert code(refused) == (403, 1194)
    token = refused.json()["Data"]["access_token"]
    assert refused.json()["Data"]["expires_in"]
    assert code(await demo.call("account", access_token=token)) == (403, 1194)
    accepted = await demo.call("privacypolicy/accept", access_token=token)
    assert accepted.json()["PrivacyPolicy"]["Version"] == "1.0"
    assert (await demo.call("account", access_token=token)).json()["UserName"] == "policy"
    guid = await demo.begin("policy@example.com")
    await demo.verify(await demo.token())
    assert (await demo.ping(guid)).status_code == 200


async def test_existence_is_told_only_where_the_site_says_so(demo: World) -> None:
    assert code(await demo.call("email", email=JANE)) == (403, 909)
    async with world(replace(sample_site(), tell_unknown=True)) as open_site:
        assert (await open_site.call("email", email=JANE)).json() == {"IsExist": True}
        assert (await open_site.call("email", email="x@example.com")).json() == {"IsExist": False}
        assert (await open_site.call("username", username="jane")).json() == {"IsExist": True}
        assert code(await open_site.call("email")) == (403, 1032)
        assert code(await open_site.call("username")) == (400, 1075)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("FirstName", {"FirstName": "Jane"}),
        ("firstname,LASTNAME", {"FirstName": "Jane", "LastName": "Doe"}),
        ("Profile(FirstName),access_token", {"FirstName": "Jane"}),
        ("profile/FirstName", {"FirstName": "Jane"}),
        ("Email/Value", {"Email": [{"Value": JANE}]}),
        ("Email(Type),UserName", {"Email": [{"Type": "Primary"}], "UserName": "jane"}),
        ("Email(*)", {"Email": [{"Type": "Primary", "Value": JANE}]}),
        ("Nothing", {}),
        ("FirstName)),((,LastName", {"FirstName": "Jane"}),
    ],
)
async def test_projection(demo: World, fields: str, expected: dict[str, Any]) -> None:
    guid = await demo.begin()
    await demo.verify(await demo.token())
    body = (await demo.ping(guid, fields=fields)).json()
    assert body["Profile"] == expected
    assert set(body) == {"Profile", "access_token", "expires_in", "refresh_token"}


async def test_a_star_means_everything(demo: World) -> None:
    token = await demo.sign_in()
    whole = (await demo.call("account", access_token=token)).json()
    assert (await demo.call("account", access_token=token, fields="*")).json() == whole
    deep = await demo.call("account", access_token=token, fields="a(" * 500)
    assert deep.json() == {}
