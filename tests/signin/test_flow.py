"""The way from the entry to the welcome, and off it."""

import asyncio
import itertools

import httpx
import pytest

from kiosk.signin.intents import (
    AcceptPolicy,
    Cancel,
    ChangeAddress,
    Continue,
    Extend,
    Leave,
    PingNow,
    SendAgain,
    Touch,
    TryAgain,
)
from kiosk.signin.states import (
    Ended,
    Entering,
    Notice,
    NotSetUp,
    Outcome,
    PolicyDue,
    Sending,
    Waiting,
    Welcome,
)
from kiosk.smartlogin import errors, refusals
from kiosk.values import replace
from tests.clock import START, until
from tests.peer import Answer, refusal
from tests.signin.world import JANE, World, world


async def test_the_whole_way_once() -> None:
    async with world() as it:
        waiting = await it.wait()
        assert waiting.deadline == START + 900
        assert (await it.click()).name == "Jane"
        kept = await it.vault.load()
        assert kept is not None
        assert kept.session.token.access_token == "token-of-jane"
        await it.want(Continue())
        assert await it.outcome() is Outcome.SIGNED_IN
        kinds = [type(state) for state in it.states]
        assert kinds.index(Sending) < kinds.index(Waiting) < kinds.index(Welcome)


async def test_the_session_is_in_the_keyring_before_the_welcome_is_drawn() -> None:
    async with world() as it:
        seen: list[bool] = []
        entries = it.keyring.entries  # type: ignore[union-attr]
        it.sign_in.subscribe(lambda state: seen.append(bool(entries)) if isinstance(state, Welcome) else None)
        await it.wait()
        await it.click()
        assert seen[0]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", refusals.IdentifierMissing),
        ("   ", refusals.IdentifierMissing),
        ("x" * 255, refusals.IdentifierTooLong),
        ("jane@", refusals.IdentifierMalformed),
        ("@x.org", refusals.IdentifierMalformed),
        ("jane@x..org", refusals.IdentifierMalformed),
        ("jane doe", refusals.IdentifierMalformed),
        ("jane\x00@x.org", refusals.IdentifierMalformed),
        ("a@b@x.org", refusals.IdentifierMalformed),
    ],
)
async def test_what_no_service_could_accept_is_refused_here_and_nothing_is_lost(
    typed: str, kind: type[errors.SmartLoginError]
) -> None:
    async with world() as it:
        await it.type(typed)
        state = await it.see(Entering)
        assert state.problem is not None
        assert state.problem.kind is kind
        assert state.typed == typed
        assert not it.peer.requests


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        (1023, 403, refusals.IdentifierUnknown),
        (1038, 400, refusals.IdentifierMalformed),
        (1247, 403, refusals.IdentifierNotAllowed),
        (1122, 403, refusals.LimitReached),
        (950, 500, errors.ServiceTrouble),
        (4711, 403, refusals.Refusal),
    ],
)
async def test_a_refused_address_comes_back_to_the_entry_with_what_was_typed(
    code: int, status: int, kind: type[errors.SmartLoginError]
) -> None:
    async with world() as it:
        it.peer.will("smartlogin", refusal(code, status))
        await it.type()
        await until(lambda: isinstance(it.state, Entering) and it.state.problem)
        state = await it.see(Entering)
        assert state.problem is not None
        assert (state.problem.kind, state.problem.code) == (kind, code)
        assert state.typed == JANE


@pytest.mark.parametrize("code", [1135, 901, 920, 1206])
async def test_what_only_the_operator_can_mend(code: int) -> None:
    async with world() as it:
        it.peer.will("smartlogin", refusal(code))
        await it.type()
        state = await it.see(NotSetUp)
        assert state.problem is not None
        assert state.problem.code == code
        await it.want(TryAgain())
        await it.wait()


async def test_a_box_without_an_api_key_says_so_and_asks_nobody() -> None:
    async with world(set_up=False) as it:
        assert (await it.see(NotSetUp)).problem is None
        await it.want(TryAgain())
        await it.want(Leave())
        assert await it.outcome() is Outcome.NOT_SET_UP


async def test_a_used_guid_is_replaced_once() -> None:
    async with world() as it:
        it.peer.will("smartlogin", refusal(1136))
        await it.wait()
        assert it.peer.guids("smartlogin") == ["guid-1", "guid-2"]
        assert set(it.peer.guids("ping")) == {"guid-2"}


async def test_a_service_that_says_used_for_ever_is_asked_twice() -> None:
    async with world() as it:
        it.peer.will("smartlogin", refusal(1136), refusal(1136))
        await it.type()
        assert (await it.see(Ended)).problem.kind is refusals.GuidUsed
        assert len(it.peer.requests) == 2


async def test_cancel_while_sending() -> None:
    async with world() as it:
        it.peer.gates["smartlogin"] = asyncio.Event().wait
        await it.type()
        await it.see(Sending)
        await it.want(ChangeAddress())
        assert (await it.see(Entering)).typed == JANE
        assert not it.peer.asked("ping")


async def test_leaving_at_the_entry_gives_up() -> None:
    async with world() as it:
        await it.want(Leave())
        assert await it.outcome() is Outcome.GIVEN_UP


async def test_pings_begin_at_once_come_closely_and_thin_out() -> None:
    async with world() as it:
        await it.wait()
        counts = []
        for _ in range(3):
            before = len(it.peer.asked("ping"))
            await it.clock.advance(60)
            counts.append(len(it.peer.asked("ping")) - before)
        assert 18 <= counts[0] <= 20
        assert counts[0] > counts[1] > counts[2] >= 6


async def test_a_key_after_a_silence_pings_at_once_and_typing_on_does_not() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(602)
        before = len(it.peer.asked("ping"))
        for _ in range(10):
            await it.want(Touch())
        assert len(it.peer.asked("ping")) == before + 1


async def test_a_429_at_the_deadline_is_no_answer() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(899.9)
        it.peer.will("ping", refusal(429, 429))
        await it.clock.advance(1)
        it.peer.clicked = True
        await it.clock.advance(40)
        await it.see(Welcome)


async def test_a_service_that_is_too_busy_to_say_is_not_asked_for_ever() -> None:
    async with world() as it:
        await it.wait()
        it.peer.usual["ping"] = lambda _: refusal(429, 429)
        await it.clock.advance(900 + 90)
        assert (await it.see(Ended)).problem.kind is refusals.LinkExpired


async def test_never_two_pings_in_flight() -> None:
    async with world() as it:
        await it.wait()
        running: list[int] = []
        most: list[int] = []

        async def slow() -> None:
            running.append(1)
            most.append(len(running))
            await it.clock.sleep(9)
            running.pop()

        it.peer.gates["ping"] = slow
        await it.clock.advance(60)
        assert max(most) == 1
        assert len(most) == 7  # at 5, 14, 23 ...: counted from the sending, never beside one that is under way


async def test_change_address_and_cancel() -> None:
    async with world() as it:
        await it.wait()
        await it.want(ChangeAddress())
        assert (await it.see(Entering)).typed == JANE
        await it.wait()
        await it.want(Cancel())
        assert (await it.see(Entering)).typed == ""


async def test_no_ping_follows_once_nobody_waits() -> None:
    async with world() as it:
        await it.wait()
        await it.want(Cancel())
        count = len(it.peer.asked("ping"))
        await it.clock.advance(300)
        assert len(it.peer.asked("ping")) == count


async def test_a_session_that_comes_after_the_person_left_is_ended() -> None:
    async with world() as it:
        await it.wait()
        it.peer.gates["ping"] = lambda: it.clock.sleep(3)
        await it.clock.advance(6)
        await it.want(Cancel())
        it.peer.clicked = True
        await it.clock.advance(3)
        assert it.peer.asked("invalidate")[0].headers["authorization"] == "Bearer token-of-jane"
        assert isinstance(it.state, Entering)


async def test_a_link_that_is_never_clicked_expires_and_a_new_one_is_one_press_away() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(901)
        assert (await it.see(Ended)).problem.kind is refusals.LinkExpired
        await it.want(SendAgain())
        await it.see(Waiting)
        assert len(it.peer.asked("smartlogin")) == 2


async def test_a_click_in_the_last_second_still_counts() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(898)
        it.peer.clicked = True
        await it.clock.advance(2)
        await it.see(Welcome)


async def test_more_time() -> None:
    async with world() as it:
        first = await it.wait()
        for _ in range(10):
            await it.want(Extend())
        assert (await it.see(Waiting)).deadline == first.deadline + 10 * 900


async def test_i_opened_it_pings_at_once_but_not_more_than_once_a_second() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(2)
        for _ in range(50):
            await it.want(PingNow())
        await it.clock.advance(0.5)
        assert len(it.peer.asked("ping")) == 2


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (1137, refusals.LinkSpent),
        (1138, refusals.LinkSpent),
        (1132, refusals.AccountLocked),
        (991, refusals.AccountBlocked),
        (1176, refusals.SecondFactorNeeded),
        (1338, refusals.TooManySessions),
    ],
)
async def test_a_terminal_answer_ends_the_attempt_and_no_ping_follows(
    code: int, kind: type[errors.SmartLoginError]
) -> None:
    async with world() as it:
        await it.wait()
        it.peer.will("ping", refusal(code))
        await it.clock.advance(5)
        state = await it.see(Ended)
        assert (state.problem.kind, state.problem.code) == (kind, code)
        count = len(it.peer.asked("ping"))
        await it.clock.advance(120)
        assert len(it.peer.asked("ping")) == count


async def test_an_expired_guid_reads_as_an_expired_link() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(25)
        it.peer.will("ping", refusal(1140))
        await it.clock.advance(5)
        assert (await it.see(Ended)).problem.kind is refusals.LinkExpired


async def test_an_unknown_guid_right_after_the_request_is_tolerated() -> None:
    async with world() as it:
        it.peer.will("ping", refusal(1140), refusal(1140))
        await it.wait()
        await it.clock.advance(5)
        await it.click()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (errors.Unreachable(), errors.Unreachable),
        (errors.TimedOut(), errors.TimedOut),
        (httpx.Response(502, content=b"<html>"), errors.ServiceTrouble),
        (httpx.Response(200, content=b"<html>portal"), errors.BadAnswer),
        (httpx.Response(429, content=b""), errors.RateLimited),
    ],
)
async def test_a_blip_is_told_with_the_time_of_the_next_try_and_then_forgotten(
    answer: httpx.Response | Exception, kind: type[errors.SmartLoginError]
) -> None:
    async with world() as it:
        await it.wait()
        it.peer.will("ping", answer)
        await it.clock.advance(5)
        trouble = (await it.see(Waiting)).trouble
        assert trouble is not None
        assert trouble.problem.kind is kind
        assert trouble.retry_at > it.clock.now()
        await it.clock.advance(trouble.retry_at - it.clock.now())
        assert (await it.see(Waiting)).trouble is None
        it.peer.clicked = True
        await it.clock.advance(10)
        await it.see(Welcome)


async def test_a_long_outage_neither_ends_the_attempt_nor_hammers() -> None:
    async with world() as it:
        await it.wait()
        it.peer.will("ping", *[errors.Unreachable()] * 20)
        await it.clock.advance(500)
        assert len(it.peer.asked("ping")) <= 20
        await it.clock.advance(100)
        await it.click()


async def test_an_outage_over_the_deadline_ends_in_an_expired_link_after_one_last_ping() -> None:
    async with world() as it:
        await it.wait()
        it.peer.will("ping", *[errors.Unreachable()] * 100)
        await it.clock.advance(905)
        assert (await it.see(Ended)).problem.kind is refusals.LinkExpired


async def test_a_long_retry_after_is_kept_even_over_the_deadline() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(850)
        count = len(it.peer.asked("ping"))
        it.peer.will("ping", httpx.Response(429, headers={"retry-after": "600"}))
        await it.clock.advance(100)
        assert len(it.peer.asked("ping")) == count + 1
        await it.see(Ended)


def _gaps(moments: list[float]) -> list[float]:
    return [later - earlier for earlier, later in itertools.pairwise(moments)]


class TestSendAgain:
    async def again(self, it: World) -> None:
        await it.clock.advance(30)
        await it.want(SendAgain())
        await until(lambda: isinstance(it.state, Waiting) and not it.state.resending)

    async def test_too_early_does_nothing(self) -> None:
        async with world() as it:
            await it.wait()
            await it.want(SendAgain())
            assert len(it.peer.asked("smartlogin")) == 1

    async def test_it_asks_under_a_new_guid_and_renews_the_deadline(self) -> None:
        async with world() as it:
            first = await it.wait()
            await self.again(it)
            state = await it.see(Waiting)
            assert it.peer.guids("smartlogin") == ["guid-1", "guid-2"]
            assert state.resent
            assert state.deadline == first.deadline + 30
            assert state.resend_at == it.clock.now() + 60

    async def test_both_guids_are_pinged_at_the_same_total_rate(self) -> None:
        async with world() as it:
            await it.wait()
            await self.again(it)
            before = len(it.peer.asked("ping"))
            await it.clock.advance(60)
            guids = it.peer.guids("ping")[before:]
            assert 15 <= len(guids) <= 22
            assert len(guids) // 3 == guids.count("guid-1") < guids.count("guid-2")

    async def test_three_mails_out_are_pinged_no_more_often_than_one(self) -> None:
        one, three = [await self.pinged_after(mails) for mails in (1, 3)]
        assert len(three) <= len(one)
        assert min(_gaps(three)) >= min(_gaps(one))

    async def pinged_after(self, mails: int) -> list[float]:
        """When pings went out in the ten minutes after the last of so many mails."""
        pinged = []

        async def note() -> None:
            pinged.append(it.clock.now())

        async with world() as it:
            it.peer.gates["ping"] = note
            await it.wait()
            for _ in range(mails - 1):
                await it.clock.advance(60)
                await self.again(it)
            assert len(set(it.peer.guids("smartlogin"))) == mails
            begun = it.clock.now()
            await it.clock.advance(600)
            await it.see(Waiting)
            return [each for each in pinged if each > begun]

    async def test_the_old_mails_link_still_signs_in(self) -> None:
        async with world() as it:
            await it.wait()
            await self.again(it)
            usual = it.peer.usual["ping"]

            def only_first(request: httpx.Request) -> httpx.Response:
                it.peer.clicked = request.url.params["clientguid"] == "guid-1"
                return usual(request)

            it.peer.usual["ping"] = only_first
            await it.clock.advance(15)
            await it.see(Welcome)

    async def test_a_ping_whose_answer_was_lost_is_sent_again_for_the_same_guid(self) -> None:
        async with world() as it:
            await it.wait()
            await self.again(it)
            while it.peer.guids("ping")[-1] != "guid-1":
                await it.clock.advance(1)
            before = len(it.peer.asked("ping"))
            while it.peer.guids("ping")[before:] != ["guid-2", "guid-2", "guid-1"]:
                if it.peer.guids("ping")[before:] == ["guid-2", "guid-2"]:
                    it.peer.will("ping", errors.Unreachable())
                await it.clock.advance(1)
                assert len(it.peer.asked("ping")) <= before + 3
            await it.clock.advance(6)
            assert it.peer.guids("ping")[before + 3] == "guid-1"
            assert {request.url.params["replay"] for request in it.peer.asked("ping")} == {"true"}

    async def test_a_refusal_is_told_and_the_first_mail_stays_good(self) -> None:
        async with world() as it:
            await it.wait()
            it.peer.will("smartlogin", refusal(1122))
            await self.again(it)
            state = await it.see(Waiting)
            assert state.refused is not None
            assert state.refused.kind is refusals.LimitReached
            assert state.resend_at == it.clock.now() + 30
            await it.click()

    @pytest.mark.parametrize(("answer", "stays"), [(errors.Unreachable(), False), (refusal(1122), True)])
    async def test_no_connection_is_said_no_longer_than_it_is_so(self, answer: Answer, *, stays: bool) -> None:
        async with world() as it:
            await it.wait()
            it.peer.will("ping", *[errors.Unreachable()] * 40)
            await it.clock.advance(31)
            it.peer.will("smartlogin", answer)
            await it.want(SendAgain())
            await until(lambda: isinstance(it.state, Waiting) and it.state.refused)
            assert (await it.see(Waiting)).trouble is not None
            it.peer.script["ping"].clear()
            await it.clock.advance(60)
            state = await it.see(Waiting)
            assert state.trouble is None
            assert (state.refused is not None) is stays


async def test_the_number_that_the_page_asks_for_is_shown_for_every_mail_the_newest_first() -> None:
    async with world() as it:
        numbers = {"guid-1": "17", "guid-2": "42"}
        it.peer.usual["ping"] = lambda request: refusal(1139, Number=numbers[request.url.params["clientguid"]])
        await it.wait()
        assert (await it.see(Waiting)).numbers == ("17",)
        await TestSendAgain().again(it)
        await it.clock.advance(10)
        assert (await it.see(Waiting)).numbers == ("42", "17")


@pytest.mark.parametrize("number", ["<b>1</b>", "12345", "x", {"a": 1}, None, "²"])
async def test_a_number_that_is_none_is_not_shown(number: object) -> None:
    async with world() as it:
        it.peer.usual["ping"] = lambda _: refusal(1139, Number=number)
        await it.wait()
        assert (await it.see(Waiting)).numbers == ()


class TestPrivacyPolicy:
    DUE = refusal(1194, Data={"access_token": "policy-token", "expires_in": "900"})

    async def test_accepting_signs_in(self) -> None:
        async with world() as it:
            it.peer.will("smartlogin", self.DUE)
            await it.type()
            await it.see(PolicyDue)
            await it.want(AcceptPolicy())
            assert (await it.see(Welcome)).name == "Jane"
            assert it.peer.asked("accept")[0].headers["authorization"] == "Bearer policy-token"
            kept = await it.vault.load()
            assert kept is not None
            assert kept.session.token.access_token == "policy-token"

    async def test_not_accepting_ends_the_token(self) -> None:
        async with world() as it:
            it.peer.will("smartlogin", self.DUE)
            await it.type()
            await it.see(PolicyDue)
            await it.want(ChangeAddress())
            assert (await it.see(Entering)).typed == JANE
            await until(lambda: it.peer.asked("invalidate"))

    async def test_a_blip_while_accepting_leaves_the_choice(self) -> None:
        async with world() as it:
            it.peer.will("smartlogin", self.DUE)
            it.peer.will("accept", errors.Unreachable())
            await it.type()
            await it.see(PolicyDue)
            await it.want(AcceptPolicy())
            await until(lambda: isinstance(it.state, PolicyDue) and it.state.problem)
            await it.want(AcceptPolicy())
            await it.see(Welcome)

    async def test_on_a_ping_too(self) -> None:
        async with world() as it:
            await it.wait()
            it.peer.will("ping", self.DUE)
            await it.clock.advance(5)
            await it.see(PolicyDue)


async def test_intents_that_make_no_sense_do_nothing() -> None:
    async with world() as it:
        for intent in (SendAgain(), Extend(), PingNow(), Continue(), AcceptPolicy(), Cancel(), TryAgain()):
            await it.want(intent)
        assert isinstance(it.state, Entering)
        assert not it.peer.requests


async def test_no_state_tells_an_address_a_name_or_a_token() -> None:
    async with world() as it:
        await it.wait()
        await it.click()
        assert "secret" not in repr(it.states)
        for word in (JANE, "jane", "Jane", "token-of-jane", "guid-1"):
            assert word not in repr(it.states)


async def test_a_state_is_told_only_when_it_differs() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(60)
        assert all(before != after for before, after in zip(it.states, it.states[1:], strict=False))
        assert replace(Entering(), notice=Notice.SIGNED_OUT) != Entering()
