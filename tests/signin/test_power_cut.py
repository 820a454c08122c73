"""The pending attempt between two runs: what comes back, in which time, and what does not."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from keyring.backend import KeyringBackend

from kiosk.signin.intents import Cancel, ChangeAddress, Extend, Leave, SendAgain, SignOut, Submit
from kiosk.signin.states import Ended, Entering, NotSetUp, Outcome, Waiting, Welcome
from kiosk.smartlogin.errors import TimedOut
from kiosk.smartlogin.refusals import LinkExpired
from kiosk.vault.limits import SERVICE
from tests.clock import START, WALL, FakeClock, settle, until
from tests.keyrings import BrokenKeyring, HangingKeyring, LockedKeyring, MemoryKeyring
from tests.peer import Peer, refusal
from tests.signin.world import JANE, KEPT, World, world

PENDING = (SERVICE, "site#pending")


@asynccontextmanager
async def restarted(
    before: World, *, away: float = 20.0, boot: str = "boot-1", wall_off: float = 0.0, **parts: Any
) -> AsyncIterator[World]:
    """The next run: the same keyring and service, `away` seconds later, the wall clock off by `wall_off`."""
    wall = before.clock.wall() + timedelta(seconds=away + wall_off)
    now = before.clock.now() + away if boot == "boot-1" else 7.0
    clock = FakeClock(now=now, wall=wall, boot=boot)
    async with world(before.keyring, peer=before.peer, clock=clock, **parts) as it:
        yield it


async def cut(it: World) -> None:
    """The power goes: nothing more is decided, and what was asked of the keyring is done."""
    assert it.flow is not None
    it.flow.cancel()
    await asyncio.gather(it.flow, return_exceptions=True)


def entry(it: World) -> dict[str, Any] | None:
    assert isinstance(it.keyring, MemoryKeyring)
    text = it.keyring.entries.get(PENDING)
    return None if text is None else json.loads(text)


async def gone(it: World) -> None:
    await until(lambda: entry(it) is None)


@pytest.mark.parametrize("shared", [False, True])
async def test_a_click_while_the_box_was_off_signs_in_without_another_mail(*, shared: bool) -> None:
    async with world(shared=shared) as it:
        await it.wait()
        await cut(it)
    it.peer.clicked = True
    async with restarted(it, shared=shared) as again:
        await again.see(Welcome)
        assert not again.saw(Ended)
        assert len(again.peer.asked("smartlogin")) == 1
        await gone(again)


async def test_it_waits_on_for_the_same_person_until_the_same_deadline() -> None:
    async with world() as it:
        before = await it.wait()
        await it.clock.advance(100)
        await cut(it)
    async with restarted(it, away=200) as again:
        after = await again.see(Waiting)
        assert (after.identifier, after.deadline, after.resend_at) == (
            before.identifier,
            before.deadline,
            before.resend_at,
        )
        await until(lambda: len(it.peer.guids("ping")) > 1)
        await again.clock.advance(before.deadline - again.clock.now() + 5)
        await again.see(Ended)
        await gone(again)


@pytest.mark.parametrize(
    ("away", "wall_off", "left"),
    [
        (200, 0, 600),
        (200, -7 * 365 * 86400, 800),  # booted with a clock that begins anew: what was left is left, never more
        (0, 0, 800),
        (700, 0, 100),
    ],
)
async def test_after_a_real_power_cut_the_wall_clock_counts(away: float, wall_off: float, left: float) -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(100)
        await it.want(Extend())  # written down at 100 s
        await cut(it)
    async with restarted(it, away=away, boot="boot-2", wall_off=wall_off) as again:
        state = await again.see(Waiting)
        assert state.deadline - again.clock.now() == pytest.approx(left + 900)
        await until(lambda: entry(again)["boot"] == "boot-2")  # type: ignore[index]


async def test_within_one_boot_the_wall_clock_may_jump_as_it_likes() -> None:
    async with world() as it:
        before = await it.wait()
        await cut(it)
    async with restarted(it, wall_off=86400 * 365) as again:
        assert (await again.see(Waiting)).deadline == before.deadline


@pytest.mark.parametrize(("late", "shared", "comes_back"), [(60, False, True), (3600, False, False), (60, True, False)])
async def test_a_deadline_that_passed_in_the_dark_leaves_a_home_screen_a_last_call(
    late: float, *, shared: bool, comes_back: bool
) -> None:
    async with world(shared=shared) as it:
        await it.wait()
        await cut(it)
    it.peer.clicked = True
    async with restarted(it, away=900 + late, boot="boot-2", shared=shared) as again:
        if comes_back:
            await again.see(Welcome)
        else:
            await until(lambda: isinstance(again.state, Entering) and not again.state.restoring)
            assert not again.saw(Waiting)
        await gone(again)


async def test_a_last_call_without_a_click_ends_within_half_a_minute() -> None:
    async with world() as it:
        await it.wait()
        await cut(it)
    async with restarted(it, away=1000) as again:
        await again.see(Waiting)
        await again.clock.advance(35)
        state = await again.see(Ended)
        assert state.problem.kind is LinkExpired


async def test_a_shared_screen_that_cannot_tell_the_time_begins_anew() -> None:
    async with world(shared=True) as it:
        await it.wait()
        await cut(it)
    async with restarted(it, boot="boot-2", wall_off=-86400 * 365, shared=True) as again:
        await until(lambda: isinstance(again.state, Entering) and not again.state.restoring)
        await gone(again)


async def test_every_guid_is_in_the_round_again_and_whichever_was_clicked_signs_in() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(31)
        await it.want(SendAgain())
        await until(lambda: len(it.peer.asked("smartlogin")) == 2)
        await until(lambda: len(entry(it)["guids"]) == 2)  # type: ignore[index]
        await cut(it)
    asked = len(it.peer.asked("ping"))
    it.peer.usual["ping"] = lambda request: (
        _signed_in(request) if request.url.params["clientguid"] == "guid-1" else refusal(1139)
    )
    async with restarted(it) as again:
        await again.see(Waiting)
        # The client is made in a thread: time must not pass before it has asked.
        await until(lambda: len(it.peer.asked("ping")) > asked)
        await again.clock.advance(10)
        await again.see(Welcome)
        assert set(it.peer.guids("ping")[asked:]) == {"guid-1", "guid-2"}
        await gone(again)


def _signed_in(request: httpx.Request) -> httpx.Response:
    peer = Peer()
    peer.clicked = True
    return peer._ping(request)


async def test_the_entry_stands_before_the_mail_is_asked_for() -> None:
    stood: list[bool] = []
    async with world() as it:
        usual = it.peer.usual["smartlogin"]

        def request(asked: httpx.Request) -> httpx.Response:
            stood.append(entry(it) is not None)
            return usual(asked)

        it.peer.usual["smartlogin"] = request
        await it.wait()
        await it.clock.advance(31)
        await it.want(SendAgain())
        await until(lambda: len(stood) == 2)
        assert stood == [True, True]


async def test_a_request_whose_mail_may_be_out_comes_back_too() -> None:
    gate = asyncio.Event()
    async with world() as it:
        it.peer.gates["smartlogin"] = gate.wait
        await it.type()
        await until(lambda: it.peer.asked("smartlogin"))
        await cut(it)
    it.peer.gates.clear()
    it.peer.clicked = True
    async with restarted(it) as again:
        await again.see(Welcome)
        assert len(again.peer.asked("smartlogin")) == 1


async def test_a_guid_that_the_service_never_heard_of_ends_in_a_new_link_after_settling() -> None:
    async with world() as it:
        await it.wait()
        await cut(it)
    it.peer.usual["ping"] = lambda _: refusal(1140)
    async with restarted(it, away=1) as again:
        await again.see(Waiting)
        await again.clock.advance(5)
        assert isinstance(again.state, Waiting)
        await again.clock.advance(20)
        await again.see(Ended)
        await gone(again)


async def _until_expiry(it: World) -> None:
    await it.clock.advance(901)


ENDINGS: dict[str, Callable[[World], Any]] = {
    "welcome": lambda it: it.click(),
    "cancel": lambda it: it.want(Cancel()),
    "change": lambda it: it.want(ChangeAddress()),
    "expiry": _until_expiry,
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_the_entry_goes_when_the_attempt_ends(ending: str) -> None:
    async with world() as it:
        await it.wait()
        assert entry(it) is not None
        await ENDINGS[ending](it)
        await gone(it)


@pytest.mark.parametrize("code", [1137, 1140, 991, 901])
async def test_the_entry_goes_with_the_services_last_word(code: int) -> None:
    async with world() as it:
        await it.wait()
        it.peer.usual["ping"] = lambda _: refusal(code)
        await it.clock.advance(30)
        await until(lambda: isinstance(it.state, Ended | NotSetUp))
        await gone(it)


async def test_leaving_removes_it_before_the_process_ends() -> None:
    async with world() as it:
        it.peer.will("smartlogin", TimedOut())
        await it.type()
        await until(lambda: isinstance(it.state, Entering) and it.state.problem)
        assert entry(it) is not None
        await it.want(Leave())
        assert await it.outcome() is Outcome.GIVEN_UP
        assert entry(it) is None


async def test_a_session_wins_over_an_attempt_that_was_left_beside_it() -> None:
    async with world() as it:
        await it.wait()
        await cut(it)
    async with restarted(it, kept=KEPT) as again:
        await again.see(Welcome)
        assert not again.saw(Waiting)
        await gone(again)


async def test_typing_before_the_search_is_over_wins_over_the_old_attempt() -> None:
    async with world() as it:
        await it.wait()
        await cut(it)
    keyring = it.keyring
    gate = threading.Event()

    class Slow(MemoryKeyring):
        def get_password(self, service: str, username: str) -> str | None:
            gate.wait(5)
            return super().get_password(service, username)

    slow = Slow()
    assert isinstance(keyring, MemoryKeyring)
    slow.entries = keyring.entries
    it.keyring = slow
    async with restarted(it) as again:
        await again.want(Submit("john@x.org"))
        await again.see(Waiting)
        gate.set()
        await until(lambda: (entry(again) or {}).get("identifier") == "john@x.org")
        await again.want(Cancel())
        await until(lambda: isinstance(again.state, Entering) and not again.state.restoring)
        await settle()
        assert isinstance(again.state, Entering)
        await gone(again)


@pytest.mark.parametrize("make", [LockedKeyring, BrokenKeyring, HangingKeyring])
async def test_a_keyring_that_fails_delays_no_mail(make: Callable[[], KeyringBackend]) -> None:
    keyring = make()
    async with world(keyring, limit=0.02) as it:
        await it.wait()
        await it.clock.advance(31)
        await it.want(SendAgain())
        await until(lambda: len(it.peer.asked("smartlogin")) == 2)
        await it.click()
        if isinstance(keyring, HangingKeyring):
            keyring.answered.set()
        assert len(it.peer.asked("smartlogin")) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2}, {"guids": []}, {"guids": [{"guid": ""}]}, {"deadline": "nan"}, {"now": None},
        {"window": -1}, {"kind": "phone"}, {"identifier": ""}, {"lives": 5},
    ],
)  # fmt: skip
async def test_a_damaged_entry_is_no_attempt(change: dict[str, Any]) -> None:
    async with world() as it:
        await it.wait()
        await cut(it)
        assert isinstance(it.keyring, MemoryKeyring)
        it.keyring.entries[PENDING] = json.dumps({**(entry(it) or {}), **change})
    async with restarted(it) as again:
        await until(lambda: isinstance(again.state, Entering) and not again.state.restoring)
        await again.wait(JANE)  # and the next attempt writes over it
        await again.click()
        await gone(again)


async def test_an_entry_that_asks_for_ever_gets_a_day() -> None:
    async with world() as it:
        await it.wait()
        await cut(it)
        assert isinstance(it.keyring, MemoryKeyring)
        it.keyring.entries[PENDING] = json.dumps({**(entry(it) or {}), "deadline": 1e300})
    async with restarted(it) as again:
        assert (await again.see(Waiting)).deadline <= START + 86400


async def test_a_box_that_dies_of_it_comes_back_to_the_entry_at_last() -> None:
    async with world() as it:
        await it.wait()
        await cut(it)
    for _ in range(5):
        async with restarted(it) as again:
            await again.see(Waiting)
            await cut(again)
    async with restarted(it) as again:
        await until(lambda: isinstance(again.state, Entering) and not again.state.restoring)
        assert not again.saw(Waiting)


def _started(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[19]


async def test_an_attempt_that_another_process_waits_for_is_left_to_it() -> None:
    async with world() as it:
        await it.wait()
        await cut(it)
        assert isinstance(it.keyring, MemoryKeyring)
        living = await asyncio.create_subprocess_exec("sleep", "60")
        try:
            theirs = {**(entry(it) or {}), "owner": f"{living.pid}:{_started(living.pid)}"}
            it.keyring.entries[PENDING] = json.dumps(theirs)
            async with restarted(it) as again:
                await until(lambda: isinstance(again.state, Entering) and not again.state.restoring)
                assert entry(again) == theirs
        finally:
            living.kill()
            await living.wait()
        async with restarted(it) as again:
            await again.see(Waiting)


async def test_what_the_next_run_finds_tells_nobody_whom_it_is_for() -> None:
    async with world() as it:
        await it.wait()
        await cut(it)
        pending = await it.vault.load_pending()
        assert JANE not in repr(pending)
        assert "guid-1" not in repr(pending)


def test_the_wall_clock_of_a_fake_is_what_it_was_told() -> None:
    assert FakeClock(now=5.0, wall=datetime(2020, 1, 1, tzinfo=UTC)).wall().year == 2020
    assert FakeClock().wall() == WALL


async def test_sign_out_leaves_no_attempt_either() -> None:
    async with world() as it:
        await it.wait()
        await it.click()
        await it.want(SignOut())
        await until(lambda: isinstance(it.state, Entering))
        assert isinstance(it.keyring, MemoryKeyring)
        await until(lambda: it.keyring.entries == {})  # type: ignore[union-attr]
