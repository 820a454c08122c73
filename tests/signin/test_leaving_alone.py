"""What a screen does when nobody is there any more."""

from kiosk.signin.intents import SendAgain, Submit, Touch
from kiosk.signin.states import Ended, Entering, Notice, Resting, SigningOut, Waiting, Welcome
from tests.clock import until
from tests.peer import refusal
from tests.signin.world import KEPT, world


async def test_the_entry_rests_after_a_while_and_any_key_wakes_it_empty() -> None:
    async with world(idle=300.0) as it:
        await it.type("jane@")
        await it.clock.advance(299)
        assert isinstance(it.state, Entering)
        await it.want(Touch())
        await it.clock.advance(299)
        assert isinstance(it.state, Entering)
        await it.clock.advance(1)
        await it.see(Resting)
        await it.want(Submit("jane@x.org"))  # only a key wakes it
        assert isinstance(it.state, Resting)
        await it.want(Touch())
        assert (await it.see(Entering)).typed == ""


async def test_waiting_never_rests_and_what_ended_does() -> None:
    async with world(idle=300.0) as it:
        await it.wait()
        await it.clock.advance(870)
        assert isinstance(it.state, Waiting)
        it.peer.will("ping", refusal(1137))
        await it.clock.advance(25)
        await it.see(Ended)
        await it.clock.advance(300)
        await it.see(Resting)


async def test_a_screen_without_idle_time_never_rests() -> None:
    async with world() as it:
        await it.type("jane@")
        await it.clock.advance(100_000)
        assert isinstance(it.state, Entering)


async def test_a_shared_screen_signs_out_by_itself_and_a_key_puts_it_off() -> None:
    async with world(shared=True) as it:
        await it.wait()
        welcome = await it.click()
        assert welcome.sign_out_at == it.clock.now() + 60
        await it.clock.advance(50)
        await it.want(Touch())
        await it.clock.advance(59)
        assert isinstance(it.state, Welcome)
        await it.clock.advance(1)
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.SIGNED_OUT)
        assert it.saw(SigningOut)
        assert await it.vault.load() is None
        assert it.peer.asked("invalidate")


async def test_a_home_screen_stays_signed_in() -> None:
    async with world(idle=300.0) as it:
        await it.wait()
        assert (await it.click()).sign_out_at is None
        await it.clock.advance(2000)
        assert isinstance(it.state, Welcome)


async def test_a_shared_screen_does_not_greet_whom_a_power_cut_left_behind() -> None:
    async with world(shared=True, kept=KEPT) as it:
        await until(lambda: isinstance(it.state, Entering) and not it.state.restoring)
        await until(lambda: it.peer.asked("invalidate"))
        assert it.peer.asked("invalidate")[0].headers["authorization"] == "Bearer kept-token"
        assert await it.vault.load() is None
        assert not it.saw(Welcome)


async def test_sending_a_new_link_from_an_expired_one_still_works_with_idle_time() -> None:
    async with world(idle=300.0) as it:
        await it.wait()
        await it.clock.advance(901)
        await it.see(Ended)
        await it.want(SendAgain())
        await it.see(Waiting)
