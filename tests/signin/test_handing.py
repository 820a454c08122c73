"""The operator's program between two welcomes."""

from kiosk.signin.intents import Continue, ProgramEnded, SignOut, Touch
from kiosk.signin.states import Entering, Finished, HandedOver, Notice, Welcome
from tests.clock import until
from tests.peer import refusal
from tests.signin.world import world


async def test_continue_hands_over_and_the_welcome_comes_back() -> None:
    async with world(hands_over=True) as it:
        await it.wait()
        assert (await it.click()).start_at is None
        await it.want(Continue())
        await it.see(HandedOver)
        assert it.sign_in.session is not None
        assert it.sign_in.session.token.access_token == "token-of-jane"
        await it.want(ProgramEnded(0))
        welcome = await it.see(Welcome)
        assert welcome.program == ProgramEnded(0)
        assert welcome.held_until is None
        assert not it.saw(Finished)


async def test_it_starts_by_itself_unless_a_key_comes() -> None:
    async with world(hands_over=True, start_after=3.0) as it:
        await it.wait()
        assert (await it.click()).start_at == it.clock.now() + 3
        await it.clock.advance(3)
        await it.see(HandedOver)
        await it.want(ProgramEnded(0))
        assert (await it.see(Welcome)).start_at is None  # whoever ended it is here, and may want to sign out
        await it.clock.advance(3600 * 8)
        assert isinstance(it.state, Welcome)

    async with world(hands_over=True, start_after=3.0) as it:
        await it.wait()
        await it.click()
        await it.want(Touch())
        await it.clock.advance(60)
        assert isinstance(it.state, Welcome)


async def test_one_that_fails_at_once_again_and_again_is_held_back_longer_each_time() -> None:
    async with world(hands_over=True, start_after=3.0) as it:
        await it.wait()
        welcome = await it.click()
        pauses = []
        for _ in range(8):
            assert welcome.start_at is not None
            await it.clock.advance(welcome.start_at - it.clock.now())
            await it.see(HandedOver)
            await it.want(ProgramEnded(None))
            welcome = await it.see(Welcome)
            assert welcome.held_until is not None
            pauses.append(welcome.held_until - it.clock.now())
            await it.want(Continue())  # not even on request
            assert isinstance(it.state, Welcome)
        assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]
        await it.clock.advance(120)
        await it.see(HandedOver)
        await it.clock.advance(11)
        await it.want(ProgramEnded(1))
        assert (await it.see(Welcome)).held_until is None  # it ran for a while: that is another trouble


async def test_the_session_is_cared_for_while_the_program_runs() -> None:
    async with world(hands_over=True) as it:
        await it.wait()
        await it.click()
        await it.want(Continue())
        await it.clock.advance(3600)
        await until(lambda: it.peer.asked("sliding_token"))
        assert isinstance(it.state, HandedOver)
        await until(lambda: isinstance(it.state, HandedOver) and it.state.renewals >= 1)


async def test_a_session_that_ends_meanwhile_lets_the_program_end_and_then_says_so() -> None:
    async with world(hands_over=True) as it:
        await it.wait()
        await it.click()
        await it.want(Continue())
        it.peer.will("sliding_token", refusal(906))
        await it.clock.advance(3600)
        await until(lambda: it.peer.asked("sliding_token"))
        assert isinstance(it.state, HandedOver)
        await it.want(ProgramEnded(0))
        assert (await it.see(Entering)).notice is Notice.SESSION_ENDED
        assert await it.vault.load() is None


async def test_the_program_can_sign_out() -> None:
    async with world(hands_over=True) as it:
        await it.wait()
        await it.click()
        await it.want(Continue())
        await it.vault.forget()  # what `kiosk logout` does
        await it.want(ProgramEnded(0))
        assert (await it.see(Entering)).notice is Notice.SIGNED_OUT
        assert it.sign_in.session is None


async def test_a_shared_screen_counts_anew_after_the_program() -> None:
    async with world(hands_over=True, shared=True) as it:
        await it.wait()
        await it.click()
        await it.want(Continue())
        await it.clock.advance(3600)
        await it.want(ProgramEnded(0))
        assert (await it.see(Welcome)).sign_out_at == it.clock.now() + 60
        await it.want(SignOut())
        assert (await it.see(Entering)).notice is Notice.SIGNED_OUT
