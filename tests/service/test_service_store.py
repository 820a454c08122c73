"""The store: what lasts, what is hidden, what is swept, who may open it."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.service.errors import ServiceError
from kiosk.service.store import open_store
from kiosk.service.store.base import Attempt, Beginning, Begun, Grant, MailQuota
from kiosk.service.tokens import hashed
from tests.service.world import JANE, START, World, code, world

_QUOTA = MailQuota(b"somebody", mails=1_000_000, window=900, disabled=900)


def attempt(number: int) -> Attempt:
    return Attempt("s", b"guid%d" % number, b"token%d" % number, "uid", START, START + 60)


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def vacuum(file: Path) -> None:
    db = sqlite3.connect(file)
    db.execute("VACUUM")
    db.close()


def modes(folder: Path) -> list[int]:
    return [file.stat().st_mode & 0o777 for file in folder.iterdir()]


async def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    async with world(store=url) as before:
        guid, clicked = await before.begin(), await before.begin()
        await before.verify(await before.token())
        token = await before.sign_in()
    async with world(store=url) as after:
        assert code(await after.ping(guid)) == (403, 1139)
        assert (await after.ping(clicked)).status_code == 200
        assert (await after.call("access_token/validate", access_token=token)).status_code == 200
        assert len(await after.mails()) == 3


async def test_two_services_on_one_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    async with world(store=url) as one, world(store=url) as two:
        guid = await one.begin()
        assert (await two.verify(await two.token())).status_code == 200
        answers = await asyncio.gather(*(w.ping(guid) for w in (one, two) * 10))
        assert sorted(answer.status_code for answer in answers) == [200, *[403] * 19]


async def test_two_processes_on_one_file(tmp_path: Path) -> None:
    program = """
import asyncio, sys
from kiosk.service.store import open_store
from kiosk.service.store.base import Grant
from tests.service.test_service_store import _QUOTA, attempt
async def work():
    store = open_store(sys.argv[1])
    for number in range(150):
        begun = await store.begin_attempt(attempt(number), _QUOTA)
        await store.open_link("s", b"token%d" % number, 1.0)
        won = await store.redeem(attempt(number), Grant(b"%s%d" % (sys.argv[2].encode(), number), 9e9), 2.0)
        print(begun.outcome.name, won)
    store.close()
asyncio.run(work())
"""
    url = f"sqlite:///{tmp_path}/new/../store.db"
    (tmp_path / "new").mkdir()
    running = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, url, name, stdout=subprocess.PIPE)
        for name in "ab"
    ]
    printed = await asyncio.wait_for(asyncio.gather(*(process.communicate() for process in running)), 60)
    assert [process.returncode for process in running] == [0, 0]
    lines = [line for output, _ in printed for line in output.decode().splitlines()]
    assert sum(line.startswith("ADDED") for line in lines) == 150
    assert sum(line.endswith("True") for line in lines) == 150


async def test_no_secret_is_readable_in_the_file(tmp_path: Path) -> None:
    async with world(store=f"sqlite:///{tmp_path}/store.db") as demo:
        guid = await demo.begin()
        verification = await demo.token()
        await demo.verify(verification)
        access = (await demo.ping(guid)).json()["access_token"]
        # The mailbox is the one place that holds links, as a mail server would.
        await demo.http.delete("/mailbox/messages")
        vacuum(tmp_path / "store.db")
    content = b"".join(files(tmp_path).values())
    for secret in (guid, verification, access, JANE):
        assert secret.encode() not in content
    assert hashed(access) in content


async def test_the_file_is_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.touch(0o644)
    async with world(store=f"sqlite:///{file}") as demo:
        await demo.begin()
        assert modes(tmp_path) == [0o600] * 3


async def test_expired_records_are_swept(demo: World) -> None:
    guid = await demo.begin()
    await demo.sign_in()
    assert await demo.store.sweep(START) == 0
    assert await demo.store.sweep(START + demo.site.link_life + 1) == 4  # two attempts, a session, a quota
    assert code(await demo.ping(guid)) == (403, 1140)


async def test_redemption_needs_a_click_and_time(demo: World) -> None:
    store = demo.store
    assert await store.begin_attempt(attempt(1), _QUOTA) == Beginning(Begun.ADDED)
    assert not await store.redeem(attempt(1), Grant(b"t", START + 99), START)
    await store.open_link("s", b"token1", START)
    assert not await store.redeem(attempt(1), Grant(b"t", START + 99), START + 60)
    assert await store.redeem(attempt(1), Grant(b"t", START + 99), START)


def test_a_relative_path_is_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///here.db").close()
    open_store(f"sqlite:///{tmp_path}/there.db").close()
    assert {path.name for path in tmp_path.iterdir()} == {"here.db", "there.db"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "memory",
        "sqlite:",
        "sqlite:///",
        "sqlite://host/file",
        "sqlite:////nowhere/at/all.db",
        "sqlite:////proc",
        "sqlite:///bad\0name",
        "/tmp/x.db",  # noqa: S108 - never opened
    ],
)
def test_a_bad_store_is_one_clear_line(url: str) -> None:
    with pytest.raises(ServiceError, match=r"^store .*[^\n]$"):
        open_store(url)


def test_foreign_files_are_left_alone(tmp_path: Path) -> None:
    text, other, newer = tmp_path / "text", tmp_path / "other.db", tmp_path / "newer.db"
    text.write_text("no database at all, but long enough to look like something" * 20)
    for file, statement in ((other, "CREATE TABLE theirs (x)"), (newer, "PRAGMA user_version = 99")):
        db = sqlite3.connect(file)
        db.execute(statement)
        db.commit()
        db.close()
    for file, complaint in ((text, "not a database"), (other, "another program"), (newer, "newer version")):
        before = file.read_bytes()
        with pytest.raises(ServiceError, match=complaint):
            open_store(f"sqlite:{file}")
        if file is text:
            assert file.read_bytes() == before
