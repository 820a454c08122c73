"""Corners in which a session, a mail or a person was once lost: each failed before it was mended."""

import asyncio
import threading

import httpx
import pytest

from kiosk.signin.intents import AcceptPolicy, Cancel, Extend, Leave, PingNow, SendAgain, SignOut, Submit
from kiosk.signin.states import Ended, Entering, Notice, NotSetUp, PolicyDue, Resting, Waiting, Welcome
from kiosk.smartlogin import errors
from kiosk.vault.problems import VaultProblem
from tests.clock import until
from tests.keyrings import MemoryKeyring
from tests.peer import TOKEN, refusal
from tests.signin.world import JANE, KEPT, world

POLICY = refusal(1194, Data=TOKEN)


class SlowKeyring(MemoryKeyring):
    """Reads or writes only when it is let."""

    def __init__(self, *, reads: bool = False, writes: bool = False) -> None:
        super().__init__()
        self.slow_reads, self.slow_writes, self.gate = reads, writes, threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        if self.slow_reads:
            self.gate.wait(5)
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.slow_writes:
            self.gate.wait(5)
        super().set_password(service, username, password)


class TestPolicy:
    async def test_nobody_accepts_it_for_somebody_who_left(self) -> None:
        async with world(shared=True) as it:
            it.peer.will("smartlogin", POLICY)
            await it.type()
            await it.see(PolicyDue)
            await it.clock.advance(60)
            await it.see(Resting)
            await until(lambda: it.peer.asked("invalidate"))

    async def test_leaving_ends_its_token(self) -> None:
        async with world() as it:
            it.peer.will("smartlogin", POLICY)
            await it.type()
            await it.see(PolicyDue)
            await it.want(Leave())
            await it.outcome()
            assert it.peer.asked("invalidate")

    @pytest.mark.parametrize("answer", [refusal(950, 500), httpx.Response(429), httpx.Response(503, text="<html>")])
    async def test_the_services_trouble_leaves_the_choice(self, answer: httpx.Response) -> None:
        async with world() as it:
            it.peer.will("smartlogin", POLICY)
            it.peer.will("accept", answer)
            await it.type()
            await it.see(PolicyDue)
            await it.want(AcceptPolicy())
            await until(lambda: isinstance(it.state, PolicyDue) and it.state.problem)

    async def test_a_refusal_ends_its_token(self) -> None:
        async with world() as it:
            it.peer.will("smartlogin", POLICY)
            it.peer.will("accept", refusal(991))
            await it.type()
            await it.see(PolicyDue)
            await it.want(AcceptPolicy())
            await it.see(Ended)
            await until(lambda: it.peer.asked("invalidate"))


class TestTypingBeforeTheSearchIsOver:
    async def test_a_shared_screen_still_drops_the_last_persons_session(self) -> None:
        keyring = SlowKeyring()
        async with world(keyring, kept=KEPT, shared=True) as it:
            keyring.slow_reads = True
            await it.want(Submit(JANE))
            await it.see(Waiting)
            keyring.gate.set()
            await until(lambda: ("smartlogin-kiosk", "site") not in keyring.entries)
            await until(lambda: it.peer.asked("invalidate"))

    async def test_after_a_cancel_the_kept_session_is_found_all_the_same(self) -> None:
        gate = asyncio.Event()
        async with world(kept=KEPT) as it:
            it.peer.gates["validate"] = gate.wait
            await until(lambda: it.peer.asked("validate"))
            await it.want(Submit(JANE))
            await it.see(Waiting)
            await it.want(Cancel())
            gate.set()
            await it.see(Welcome)

    async def test_a_session_that_a_new_one_replaces_is_ended(self) -> None:
        gate = asyncio.Event()
        async with world(kept=KEPT) as it:
            it.peer.gates["validate"] = gate.wait
            await until(lambda: it.peer.asked("validate"))
            await it.want(Submit(JANE))
            await it.see(Waiting)
            await it.click()
            gate.set()
            await until(lambda: it.peer.asked("invalidate"))
            assert it.peer.asked("invalidate")[0].headers["authorization"] == "Bearer kept-token"
            kept = await it.vault.load()
            assert kept is not None
            assert kept.session.token.access_token == "token-of-jane"


async def test_a_session_that_lands_late_does_not_outlive_the_sign_out() -> None:
    keyring = SlowKeyring(writes=True)
    async with world(keyring, limit=0.05) as it:
        await it.wait()
        assert (await it.click()).vault_problem is VaultProblem.HANGING
        await it.want(SignOut())
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.STILL_KEPT)
        keyring.gate.set()
        await asyncio.sleep(0.05)
        await it.vault.load()  # in its turn, behind what was queued
        assert not keyring.entries


async def test_a_session_taken_out_of_the_keyring_elsewhere_does_not_come_back() -> None:
    keyring = MemoryKeyring()
    async with world(keyring) as it:
        await it.wait()
        await it.click()
        keyring.entries.clear()
        await it.clock.advance(3600 * 0.6 + 1)
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.SESSION_ENDED)
        assert not keyring.entries


async def test_a_token_without_a_life_is_not_renewed_in_a_frenzy() -> None:
    async with world() as it:
        it.peer.usual["sliding_token"] = lambda _: httpx.Response(200, json={"access_token": "t", "expires_in": "0"})
        await it.wait()
        await it.click()
        await it.clock.advance(3600 * 0.6 + 1)
        for _ in range(10):
            await it.clock.advance(3)
            await asyncio.sleep(0.002)
        assert len(it.peer.asked("sliding_token")) <= 2


async def test_a_session_that_cannot_be_renewed_is_said_to_be_unchecked() -> None:
    async with world() as it:
        it.peer.usual["sliding_token"] = lambda _: httpx.Response(503)
        await it.wait()
        await it.click()
        await it.clock.advance(3600 * 0.6 + 1)
        await until(lambda: isinstance(it.state, Welcome) and not it.state.checked)


@pytest.mark.parametrize("code", [991, 1132, 906])
async def test_a_kept_session_of_a_blocked_account_is_not_greeted(code: int) -> None:
    async with world(kept=KEPT) as it:
        it.peer.will("validate", refusal(code))
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.SESSION_ENDED)
        assert not it.saw(Welcome)


async def test_the_end_of_a_token_that_could_not_be_told_is_told_on_leaving() -> None:
    async with world(kept=KEPT) as it:
        await it.see(Welcome)
        it.peer.will("invalidate", errors.Unreachable())
        await it.want(SignOut())
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.SIGNED_OUT_HERE)
        await it.want(Leave())
        await it.outcome()
        assert len(it.peer.asked("invalidate")) >= 2


async def test_sending_again_does_not_shorten_the_time_that_was_asked_for() -> None:
    async with world() as it:
        await it.wait()
        await it.want(Extend())
        await it.want(Extend())
        state = await it.see(Waiting)
        await it.clock.advance(30)
        await it.want(SendAgain())
        assert (await it.see(Waiting)).deadline == state.deadline


async def test_impatience_after_a_lost_answer_does_not_flood_the_mailbox() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(31)
        it.peer.will("smartlogin", *[errors.TimedOut()] * 5)
        for _ in range(5):
            await it.want(SendAgain())
        assert len(it.peer.asked("smartlogin")) == 2


async def test_impatience_under_a_429_makes_nothing_worse() -> None:
    async with world() as it:
        it.peer.usual["ping"] = lambda _: httpx.Response(429)
        await it.wait()
        for _ in range(20):
            await it.clock.advance(1.0)
            await it.want(PingNow())
        assert len(it.peer.asked("ping")) <= 3
        it.peer.usual["ping"] = it.peer._ping
        it.peer.clicked = True
        await it.clock.advance(60)
        await it.see(Welcome)


async def test_the_mail_of_a_request_whose_answer_was_lost_still_signs_in() -> None:
    async with world() as it:
        it.peer.will("smartlogin", errors.TimedOut())
        await it.type()
        await until(lambda: isinstance(it.state, Entering) and it.state.problem)
        await it.want(Submit(JANE))
        await it.see(Waiting)
        await it.clock.advance(30)
        assert set(it.peer.guids("ping")) == {"guid-1", "guid-2"}


async def test_a_session_that_comes_after_cancel_and_leave_in_one_moment_is_ended() -> None:
    gate = asyncio.Event()
    async with world() as it:
        await it.wait()
        it.peer.clicked = True
        it.peer.gates["ping"] = gate.wait
        await it.clock.advance(5)
        await until(lambda: len(it.peer.asked("ping")) == 2)
        it.sign_in.send(Cancel())
        it.sign_in.send(Leave())
        await until(lambda: it.flow is not None and it.sign_in._stage.attempt is None)
        gate.set()
        await it.outcome()
        assert it.peer.asked("invalidate")[0].headers["authorization"] == "Bearer token-of-jane"


async def test_cancel_forgets_whom_it_was_for() -> None:
    async with world() as it:
        await it.wait()
        await it.want(Cancel())
        await it.see(Entering)
        assert it.sign_in._stage.attempt is None


@pytest.mark.parametrize("error", [ImportError("socksio"), FileNotFoundError("certificates"), ValueError("proxy")])
async def test_a_box_on_which_no_client_can_be_made_says_so_and_can_try_again(error: Exception) -> None:
    async with world() as it:

        def broken() -> None:
            raise error

        connect = it.sign_in._stage.parts.connect
        object.__setattr__(it.sign_in._stage.parts, "connect", broken)
        await it.type()
        state = await it.see(NotSetUp)
        assert state.problem is not None
        assert state.problem.kind is errors.BoxMisconfigured
        object.__setattr__(it.sign_in._stage.parts, "connect", connect)


async def test_a_bug_in_the_background_ends_the_flow_where_it_can_be_seen() -> None:
    async with world() as it:

        async def bug() -> None:
            raise ZeroDivisionError

        it.sign_in._stage.start(bug())
        with pytest.raises(ZeroDivisionError):
            await it.outcome()


async def test_a_token_that_comes_with_the_policy_after_a_cancel_is_ended() -> None:
    """Found by `python -m tests.chaos --seed 90`: such an answer is an error, and its token was left good."""
    gate = asyncio.Event()
    async with world() as it:
        it.peer.gates["ping"] = gate.wait
        it.peer.will("ping", refusal(1194, Data={"access_token": "policy-token", "expires_in": "3600"}))
        await it.type()
        await it.see(Waiting)
        await until(lambda: it.peer.asked("ping"))
        await it.want(Cancel())
        gate.set()
        await until(lambda: it.peer.asked("invalidate"))
        assert it.peer.asked("invalidate")[0].headers["authorization"] == "Bearer policy-token"


@pytest.mark.parametrize("used", [False, True])
async def test_a_request_that_timed_out_after_it_was_accepted_costs_one_further_mail_at_most(*, used: bool) -> None:
    """However the service counts: the next request has a GUID of its own, and so has the one after a 1136."""
    mailed: list[str] = []

    def accept(request: httpx.Request) -> httpx.Response:
        guid = request.url.params["clientguid"]
        if guid in mailed:
            return refusal(1136)
        mailed.append(guid)
        return httpx.Response(200, json={"IsPosted": True})

    def accept_and_fall_silent(request: httpx.Request) -> httpx.Response:
        accept(request)
        raise errors.TimedOut

    async with world() as it:
        it.peer.usual["smartlogin"] = accept
        it.peer.will("smartlogin", accept_and_fall_silent, *([refusal(1136)] if used else []))
        await it.type()
        await until(lambda: isinstance(it.state, Entering) and it.state.problem)
        await it.want(Submit(JANE))
        await it.see(Waiting)
        asked = it.peer.guids("smartlogin")
        assert len(set(asked)) == len(asked) == (3 if used else 2)
        assert mailed == [asked[0], asked[-1]]
        await it.clock.advance(60)
        assert set(it.peer.guids("ping")) == set(mailed), "both mails are good, and nothing else is asked about"


async def test_another_mail_that_timed_out_after_it_was_accepted_costs_one_further_at_most() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(31)
        it.peer.will("smartlogin", errors.TimedOut(), refusal(1136))
        await it.want(SendAgain())
        await until(lambda: isinstance(it.state, Waiting) and it.state.refused)
        await it.clock.advance(30)
        await it.want(SendAgain())
        await until(lambda: isinstance(it.state, Waiting) and it.state.resent)
        assert it.peer.guids("smartlogin") == ["guid-1", "guid-2", "guid-3", "guid-4"]
        before = len(it.peer.asked("ping"))
        await it.clock.advance(60)
        assert set(it.peer.guids("ping")[before:]) == {"guid-1", "guid-2", "guid-4"}
