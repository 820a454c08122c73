"""`replay=true`: a session whose answer was lost on the way is fetched again, and never is there a second one."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from kiosk.service.decisions import REPLAY_SECONDS
from kiosk.service.sample import sample_site
from kiosk.service.store import open_store
from kiosk.service.store.schema import VERSION
from tests.service.world import AUTH, World, code, world

pytestmark = pytest.mark.usefixtures("each_store")


async def clicked(demo: World, email: str = "jane.doe@example.com") -> str:
    guid = await demo.begin(email)
    await demo.verify(await demo.token())
    return guid


async def use(demo: World, call: str, token: str) -> int:
    answer = await demo.http.get(
        f"{AUTH}/{call}", params={"apikey": demo.site.api_key}, headers={"Authorization": f"Bearer {token}"}
    )
    return answer.status_code


async def test_a_lost_answer_is_fetched_again_with_the_same_tokens_and_expiry() -> None:
    async with world() as demo:
        guid = await clicked(demo)
        first = (await demo.ping(guid, replay="true")).json()
        demo.clock.forward(REPLAY_SECONDS - 1)
        assert (await demo.ping(guid, replay="true")).json() == first
        assert await use(demo, "access_token/validate", first["access_token"]) == 200
        assert len(first["access_token"]) == 36
        assert first["refresh_token"] != first["access_token"]


async def test_two_minutes_later_it_is_spent() -> None:
    async with world() as demo:
        guid = await clicked(demo)
        await demo.ping(guid, replay="true")
        demo.clock.forward(REPLAY_SECONDS)
        assert code(await demo.ping(guid, replay="true")) == (403, 1140)


@pytest.mark.parametrize("call", ["access_token/validate", "access_token/sliding_token", "account", "access_token"])
async def test_any_call_with_the_token_says_that_it_arrived(call: str) -> None:
    async with world() as demo:
        guid = await clicked(demo)
        token = (await demo.ping(guid, replay="true")).json()["access_token"]
        assert await use(demo, call, token) == 200
        assert code(await demo.ping(guid, replay="true")) == (403, 1140)
        assert await use(demo, call, token) == 200


async def test_a_signed_out_session_does_not_come_back() -> None:
    async with world() as demo:
        guid = await clicked(demo)
        token = (await demo.ping(guid, replay="true")).json()["access_token"]
        await use(demo, "access_token/invalidate", token)
        assert code(await demo.ping(guid, replay="true")) == (403, 1140)


async def test_who_does_not_ask_for_it_gets_loginradius_contract() -> None:
    async with world() as demo:
        guid = await clicked(demo)
        assert (await demo.ping(guid)).status_code == 200
        assert code(await demo.ping(guid, replay="true")) == (403, 1140)
        guid = await clicked(demo)
        assert (await demo.ping(guid, replay="true")).status_code == 200
        assert code(await demo.ping(guid)) == (403, 1140)
        guid = await clicked(demo)
        assert (await demo.ping(guid, replay="nonsense")).status_code == 200
        assert code(await demo.ping(guid, replay="true")) == (403, 1140)


async def test_of_racing_pings_all_get_the_one_session() -> None:
    async with world() as demo:
        guid = await clicked(demo)
        answers = await asyncio.gather(*(demo.ping(guid, replay="true") for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        (token,) = {answer.json()["access_token"] for answer in answers}
        await use(demo, "access_token/invalidate", token)
        # Were there another one, this would still fetch it.
        assert code(await demo.ping(guid, replay="true")) == (403, 1140)


async def test_a_policy_that_must_be_accepted_is_told_again_with_the_same_token() -> None:
    async with world() as demo:
        guid = await clicked(demo, "policy@example.com")
        first, again = [(await demo.ping(guid, replay="true")).json() for _ in range(2)]
        assert first["ErrorCode"] == 1194
        assert first == again


async def test_two_attempts_never_share_tokens() -> None:
    async with world() as demo:
        tokens = {(await demo.ping(await clicked(demo), replay="true")).json()["access_token"] for _ in range(3)}
        assert len(tokens) == 3


async def test_a_file_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    file = tmp_path / "before.db"
    open_store(f"sqlite:{file}").close()
    db = sqlite3.connect(file)
    for statement in (
        "DROP INDEX attempts_opened",
        "ALTER TABLE attempts DROP COLUMN salt",
        "ALTER TABLE sessions DROP COLUMN fresh",
        "INSERT INTO attempts VALUES ('demo-key', x'00', x'01', 'uid', 1, 9e9, '', 2, 3, '', '')",
        "INSERT INTO sessions VALUES ('demo-key', x'02', 'uid', 1, 9e9)",
        "PRAGMA user_version = 2",
    ):
        db.execute(statement)
    db.commit()
    db.close()
    store = open_store(f"sqlite:{file}")
    kept = await store.attempt("demo-key", b"\0")
    assert kept
    assert (kept.redeemed, kept.salt) == (3, b"")
    session = await store.session("demo-key", b"\2")
    assert session
    assert not session.fresh
    store.close()
    assert sqlite3.connect(file).execute("PRAGMA user_version").fetchone()[0] == VERSION


async def test_no_token_lies_in_the_store(tmp_path: Path) -> None:
    file = tmp_path / "seen.db"
    async with world(sample_site(), f"sqlite:{file}") as demo:
        guid = await clicked(demo)
        body = (await demo.ping(guid, replay="true")).json()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("seen.db*"))  # noqa: ASYNC240 - nobody waits
    for secret in (guid, body["access_token"], body["refresh_token"]):
        assert secret.encode() not in kept
        assert bytes.fromhex(secret.replace("-", "")) not in kept
