"""Waiting at a service that holds pings open until the click."""

import asyncio

import httpx
import pytest

from kiosk.signin.intents import Cancel, ChangeAddress, Continue, Extend, PingNow, SendAgain, Touch
from kiosk.signin.states import Ended, Entering, Outcome, Waiting, Welcome
from kiosk.smartlogin.errors import Unreachable
from tests.clock import START, settle, until
from tests.peer import PROFILE, TOKEN, refusal
from tests.signin.world import World, world


class Holder:
    """Holds the pings of a world's peer as our service does."""

    def __init__(self, it: World, *, cut_after: float | None = None) -> None:
        self.it, self.cut_after = it, cut_after
        self.clicked = asyncio.Event()
        self.clicked_guid = ""
        self.handed_out = 0
        self.most = self.under_way = 0
        it.peer.gates["ping"] = self.gate
        it.peer.usual["ping"] = self.answer

    def click(self, guid: str) -> None:
        self.clicked_guid = guid
        self.clicked.set()

    async def gate(self) -> None:
        seconds = float(self.it.peer.requests[-1].url.params.get("wait", 0))
        if not seconds:
            return
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await self.hold(seconds)
        finally:
            self.under_way -= 1

    async def hold(self, seconds: float) -> None:
        cut = self.cut_after is not None and seconds > self.cut_after
        alarm = asyncio.ensure_future(self.it.clock.sleep(self.cut_after if cut and self.cut_after else seconds))
        click = asyncio.ensure_future(self.clicked.wait())
        try:
            await asyncio.wait({alarm, click}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            alarm.cancel()
            click.cancel()
        if cut and not self.clicked.is_set():
            raise Unreachable

    def answer(self, request: httpx.Request) -> httpx.Response:
        asked = [request.url.params["clientguid"], *request.url.params.get("also", "").split(",")]
        if self.clicked_guid in asked and self.clicked_guid:
            self.handed_out += 1
            return httpx.Response(200, json={"Profile": PROFILE, **TOKEN})
        return refusal(1139, Wait=20)

    def waits(self) -> list[float]:
        return [float(request.url.params.get("wait", 0)) for request in self.it.peer.asked("ping")]


async def held(it: World, holder: Holder) -> None:
    await it.wait()
    await it.clock.advance(1)
    await until(lambda: holder.under_way)


async def test_the_offer_of_the_first_answer_is_taken_and_the_click_is_seen_at_once() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        assert holder.waits() == [0, 20]
        holder.click("guid-1")
        await it.see(Welcome)
        assert it.clock.now() == START + 1


async def test_holds_follow_each_other_to_the_deadline_and_one_last_ping_ends_it() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        await it.clock.advance(898.9)
        assert isinstance(it.state, Waiting)
        await it.clock.advance(1.2)
        await it.see(Ended)
        waits = holder.waits()
        assert waits[0] == waits[-1] == 0
        assert 46 <= len(waits) <= 48
        assert holder.most == 1


async def test_a_service_that_offers_nothing_is_polled() -> None:
    async with world() as it:
        await it.wait()
        await it.clock.advance(60)
        assert all("wait" not in request.url.params for request in it.peer.asked("ping"))
        assert all("also" not in request.url.params for request in it.peer.asked("ping"))


async def test_a_click_on_any_mail_is_seen_at_once() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        await it.clock.advance(30)
        await it.want(SendAgain())
        await until(lambda: len(it.peer.asked("smartlogin")) == 2)
        await until(lambda: "also" in it.peer.asked("ping")[-1].url.params and holder.under_way)
        assert holder.most == 1
        now = it.clock.now()
        holder.click("guid-1")
        await it.see(Welcome)
        assert it.clock.now() - now <= 1


async def test_another_mail_is_asked_about_however_young_the_hold_is() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        assert it.sign_in._stage.attempt is not None
        it.sign_in._stage.attempt.resend_at = 0.0
        await it.want(SendAgain())
        await it.clock.advance(1)
        await until(lambda: "also" in it.peer.asked("ping")[-1].url.params)
        assert holder.most == 1


async def test_three_mails_out_are_held_no_more_often_than_one() -> None:
    counts = []
    for mails in (1, 3):
        async with world() as it:
            holder = Holder(it)
            await held(it, holder)
            for _ in range(mails - 1):
                await it.clock.advance(90)
                await it.want(SendAgain())
                await until(lambda: isinstance(it.state, Waiting) and not it.state.resending)
            assert len(set(it.peer.guids("smartlogin"))) == mails
            before = len(holder.waits())
            await it.clock.advance(400)
            await it.see(Waiting)
            counts.append(len(holder.waits()) - before)
            assert holder.most == 1
            also = it.peer.asked("ping")[-1].url.params.get("also", "").split(",")
            assert len([guid for guid in also if guid]) == mails - 1, "one ping asks for all"
    assert counts[1] <= counts[0] <= 400 / 20 + 1


async def test_i_opened_it_asks_anew() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        await it.clock.advance(5)
        before = len(it.peer.asked("ping"))
        await it.want(PingNow())
        await until(lambda: len(it.peer.asked("ping")) > before)
        assert holder.most == 1
        assert isinstance(it.state, Waiting)
        assert it.state.trouble is None


async def test_a_key_after_a_sleep_does_not_wait_for_a_dead_connection() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        it.peer.gates["ping"] = asyncio.Event().wait
        await it.clock.advance(20)  # this one will never be answered
        await until(lambda: len(it.peer.asked("ping")) == 3)
        before = len(it.peer.asked("ping"))
        await it.clock.advance(30)
        it.peer.gates["ping"] = holder.gate
        await it.want(Touch())
        await until(lambda: len(it.peer.asked("ping")) > before)


@pytest.mark.parametrize("intent", [Cancel(), ChangeAddress()])
async def test_nobody_waits_for_a_held_ping_to_go_back(intent: Cancel | ChangeAddress) -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        await it.clock.advance(5)
        await it.want(intent)
        await it.see(Entering)
        await until(lambda: not holder.under_way)
        await settle()
        assert not it.peer.asked("invalidate")


async def test_a_session_that_was_on_its_way_when_they_left_is_ended() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        await it.clock.advance(5)
        holder.clicked_guid = "guid-1"  # handed out, and lost with the connection
        await it.want(Cancel())
        await it.see(Entering)
        await it.clock.advance(1)
        await until(lambda: it.peer.asked("invalidate"))


async def test_whichever_mail_it_came_of() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        await it.clock.advance(30)
        await it.want(SendAgain())
        await until(lambda: "also" in it.peer.asked("ping")[-1].url.params and holder.under_way)
        asked = it.peer.asked("ping")[-1].url.params["clientguid"]
        holder.clicked_guid = "guid-1" if asked == "guid-2" else "guid-2"
        await it.want(Cancel())
        await it.see(Entering)
        await it.clock.advance(1)
        await until(lambda: it.peer.asked("invalidate"))


async def test_leaving_does_not_wait_for_it() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        assert it.flow is not None
        it.flow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(it.flow, 2)
        assert not holder.under_way


async def test_more_time_is_more_holds() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        await it.clock.advance(890)
        await it.want(Extend())
        await it.clock.advance(100)
        assert isinstance(it.state, Waiting)
        holder.click("guid-1")
        await it.see(Welcome)


async def test_a_proxy_that_cuts_what_takes_long_is_no_trouble_and_polled_from_then_on() -> None:
    async with world() as it:
        holder = Holder(it, cut_after=10.0)
        await held(it, holder)
        await it.clock.advance(60)
        await settle()
        assert all(not isinstance(state, Waiting) or state.trouble is None for state in it.states)
        waits = holder.waits()
        assert [wait for wait in waits if wait] == [20, 20]
        assert len(waits) >= 10
        holder.click("guid-1")
        await it.clock.advance(5)
        await it.see(Welcome)


async def test_an_outage_during_a_hold_is_told_by_the_ping_after_it() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        it.peer.will("ping", Unreachable(), Unreachable())
        await it.clock.advance(20)
        await until(lambda: isinstance(it.state, Waiting) and it.state.trouble is not None)
        await it.clock.advance(10)
        await until(lambda: isinstance(it.state, Waiting) and it.state.trouble is None)
        holder.click("guid-1")
        await it.clock.advance(5)
        await it.see(Welcome)


async def test_a_service_that_answers_holds_early_is_not_asked_in_a_frenzy() -> None:
    async with world() as it:
        it.peer.usual["ping"] = lambda _: refusal(1139, Wait=20)
        await it.wait()
        await it.clock.advance(60)
        assert len(it.peer.asked("ping")) <= 22


async def test_the_whole_way_ends_as_usual() -> None:
    async with world() as it:
        holder = Holder(it)
        await held(it, holder)
        holder.click("guid-1")
        await it.see(Welcome)
        await it.want(Continue())
        assert await it.outcome() is Outcome.SIGNED_IN
        assert holder.handed_out == 1
