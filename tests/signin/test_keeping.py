"""The session between sign-ins."""

import asyncio

import pytest
from keyring.backend import KeyringBackend

from kiosk.signin.intents import Leave, SignOut, Submit, Touch
from kiosk.signin.keeping import MOST_OWED, RETRY, STAGGER, end_token
from kiosk.signin.states import Entering, Notice, Sending, Waiting, Welcome
from kiosk.smartlogin.errors import Unreachable
from kiosk.smartlogin.models import Token
from kiosk.values import replace
from kiosk.vault.entries import Kept
from kiosk.vault.problems import VaultProblem
from kiosk.words import notice_words
from tests.clock import START, settle, until
from tests.keyrings import BrokenKeyring, HangingKeyring, LockedKeyring, MemoryKeyring, StubbornKeyring
from tests.peer import refusal
from tests.signin.world import JANE, KEPT, world


async def test_a_kept_session_is_validated_and_greeted_without_a_mail() -> None:
    async with world(kept=KEPT) as it:
        welcome = await it.see(Welcome)
        assert (welcome.name, welcome.checked) == ("Jane", True)
        assert not it.peer.asked("smartlogin")


async def test_a_kept_session_that_the_service_refuses_is_removed() -> None:
    async with world(kept=KEPT) as it:
        it.peer.gone.add("kept-token")
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.SESSION_ENDED)
        assert await it.vault.load() is None


async def test_without_network_the_welcome_is_unchecked_until_the_service_answers() -> None:
    async with world(kept=KEPT) as it:
        it.peer.will("validate", Unreachable())
        it.peer.will("sliding_token", Unreachable())
        assert not (await it.see(Welcome)).checked
        await it.clock.advance(30)
        await until(lambda: it.peer.asked("sliding_token"))
        await settle()
        assert not (await it.see(Welcome)).checked
        await it.clock.advance(30)
        await until(lambda: isinstance(it.state, Welcome) and it.state.checked)


async def test_typing_wins_over_a_search_that_takes_long() -> None:
    keyring = HangingKeyring()
    async with world(keyring) as it:
        await settle()
        await it.want(Submit("jane@x.org"))
        await until(lambda: it.saw(Sending))
        keyring.answered.set()


async def test_the_session_is_slid_forward_before_it_expires() -> None:
    async with world() as it:
        await it.wait()
        await it.click()
        for _ in range(10):
            await it.clock.advance(3600 * 0.6)
            await settle()
            await asyncio.sleep(0.01)  # the vault's thread stores the new expiry
        assert len(it.peer.asked("sliding_token")) >= 5
        assert isinstance(it.state, Welcome)


@pytest.mark.parametrize("dice", [0.0, 0.5, 0.999])
@pytest.mark.parametrize("kept", [None, KEPT], ids=["signed in", "kept"])
async def test_it_is_slid_at_a_moment_of_its_own_between_three_fifths_and_three_quarters_of_its_life(
    dice: float, kept: Kept | None
) -> None:
    async with world(kept=kept, dice=lambda: dice) as it:
        if kept is None:
            await it.wait()
            await it.click()
        await it.see(Welcome)
        await settle()
        await it.clock.advance(3600 * 0.6 - 6)
        assert not it.peer.asked("sliding_token")
        slid_at = None
        while slid_at is None and it.clock.now() < START + 3600:
            await it.clock.advance(1)
            await it.vault.settle(0.5)  # it looks into the keyring first
            await settle()
            slid_at = it.clock.now() if it.peer.asked("sliding_token") else None
        assert slid_at is not None
        assert slid_at - START == pytest.approx(3600 * (0.6 + 0.15 * dice), abs=10)
        await until(lambda: isinstance(it.state, Welcome) and it.state.checked)


@pytest.mark.parametrize("code", [905, 906, 1055, 1060, 2024])
@pytest.mark.parametrize("when", ["on start", "later"])
async def test_an_expired_or_revoked_session_leads_to_the_entry_with_the_reason(code: int, when: str) -> None:
    async with world(kept=KEPT) as it:
        if when == "on start":
            it.peer.will("validate", refusal(code, 401))
        else:
            await it.see(Welcome)
            it.peer.will("sliding_token", refusal(code, 401))
            await it.clock.advance(3600 * 0.6)
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.SESSION_ENDED)
        assert it.saw(Welcome) is (when == "later")
        assert await it.vault.load() is None
        assert it.sign_in.session is None
        assert notice_words(Notice.SESSION_ENDED).headline == "Your last sign-in has ended."
        await it.type()  # and the way on is open
        await it.see(Waiting)


async def test_a_session_that_was_revoked_ends_in_plain_words() -> None:
    async with world() as it:
        await it.wait()
        await it.click()
        it.peer.gone.add("token-of-jane")
        await it.clock.advance(3600 * 0.6)
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.SESSION_ENDED)
        assert await it.vault.load() is None


async def test_sign_out_empties_the_keyring_and_tells_the_service() -> None:
    async with world(kept=KEPT) as it:
        await it.see(Welcome)
        await it.want(SignOut())
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.SIGNED_OUT)
        assert await it.vault.load() is None
        assert it.peer.asked("invalidate")[0].headers["authorization"] == "Bearer kept-token"
        assert it.sign_in._stage.session is None


async def test_sign_out_without_network_is_told_and_made_good_later() -> None:
    async with world(kept=KEPT) as it:
        await it.see(Welcome)
        it.peer.will("invalidate", *[Unreachable()] * 3)
        await it.want(SignOut())
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.SIGNED_OUT_HERE)
        assert await it.vault.load() is None
        await it.clock.advance(120)
        assert len(it.peer.asked("invalidate")) == 4


async def test_a_service_that_takes_no_sign_outs_is_not_asked_more_and_more() -> None:
    async with world() as it:
        await it.see(Entering)
        await settle()
        it.peer.will("invalidate", *[Unreachable()] * 20 * MOST_OWED)
        tasks = len(asyncio.all_tasks())
        for number in range(3 * MOST_OWED):
            end_token(it.sign_in._stage, Token(f"token-{number}"))
        await it.clock.advance(2 * RETRY)
        assert len(asyncio.all_tasks()) <= tasks + 2 * MOST_OWED  # each one waits, and its clock for it
        asked = len(it.peer.asked("invalidate"))
        await it.clock.advance(RETRY)
        assert len(it.peer.asked("invalidate")) == asked + MOST_OWED
        newest = it.peer.asked("invalidate")[-1].headers["authorization"]
        assert newest == f"Bearer token-{3 * MOST_OWED - 1}"


async def test_sign_out_with_a_service_that_never_answers_goes_on_without_it() -> None:
    async with world(kept=KEPT) as it:
        await it.see(Welcome)
        it.peer.gates["invalidate"] = asyncio.Event().wait
        await it.want(SignOut())
        await until(lambda: it.keyring.entries == {})  # type: ignore[union-attr]
        await it.clock.advance(5)
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.SIGNED_OUT_HERE)


async def test_a_keyring_that_does_not_let_go_is_told() -> None:
    async with world(StubbornKeyring(), kept=KEPT) as it:
        await it.see(Welcome)
        await it.want(SignOut())
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.STILL_KEPT)


@pytest.mark.parametrize(
    ("keyring", "problem"),
    [(LockedKeyring(), VaultProblem.LOCKED), (BrokenKeyring(), VaultProblem.FAILING)],
)
async def test_a_keyring_that_fails_says_so_and_the_session_lasts_for_this_run(
    keyring: KeyringBackend, problem: VaultProblem
) -> None:
    async with world(keyring) as it:
        await until(lambda: isinstance(it.state, Entering) and not it.state.restoring)
        assert isinstance(it.state, Entering)
        assert it.state.vault_problem is problem
        await it.wait()
        assert (await it.click()).vault_problem is problem
        await it.want(SignOut())
        await until(lambda: isinstance(it.state, Entering) and it.state.notice is Notice.SIGNED_OUT)


async def test_a_box_without_a_keyring_says_so_only_when_it_matters() -> None:
    async with world(no_keyring=True) as it:
        await it.wait()
        assert all(not isinstance(state, Entering) or state.vault_problem is None for state in it.states)
        assert (await it.click()).vault_problem is VaultProblem.MISSING


async def test_a_keyring_that_hangs_delays_nobody_for_longer_than_its_limit() -> None:
    keyring = HangingKeyring()
    async with world(keyring, limit=0.02) as it:
        await until(lambda: isinstance(it.state, Entering) and it.state.vault_problem is VaultProblem.HANGING)
        await it.wait()
        assert (await it.click()).vault_problem is VaultProblem.HANGING
        keyring.answered.set()


async def test_an_entry_that_is_not_ours_is_told_and_the_next_session_replaces_it() -> None:
    keyring = MemoryKeyring()
    keyring.set_password("smartlogin-kiosk", "site", "a foreign entry")
    async with world(keyring) as it:
        await until(lambda: isinstance(it.state, Entering) and it.state.vault_problem is VaultProblem.UNREADABLE)
        await it.wait()
        assert (await it.click()).vault_problem is None
        assert await it.vault.load() is not None


async def test_a_refresh_token_that_the_service_does_not_repeat_stays() -> None:
    token = replace(KEPT.session.token, refresh_token="refresh-1")
    async with world(kept=replace(KEPT, session=replace(KEPT.session, token=token))) as it:
        await it.see(Welcome)
        assert it.sign_in._stage.session is not None
        assert it.sign_in._stage.session.token.refresh_token == "refresh-1"


class TestBootingWithOthers:
    async def test_boxes_that_come_up_together_ask_one_after_the_other(self) -> None:
        asked = []
        for dice in (0.0, 0.5, 0.9):
            async with world(kept=KEPT, just_booted=True, dice=lambda dice=dice: dice) as it:
                while not it.peer.asked("validate"):
                    await asyncio.sleep(0.001)
                    await it.clock.advance(0.5)
                asked.append(it.clock.now())
                await it.see(Welcome)
        assert asked == sorted(set(asked))
        assert asked[-1] - asked[0] <= STAGGER

    async def test_nobody_who_is_there_waits_for_it(self) -> None:
        async with world(kept=KEPT, just_booted=True, dice=lambda: 0.9) as it:
            await settle()
            await it.want(Touch())
            await it.see(Welcome)
            assert it.clock.now() == START

    async def test_it_can_be_typed_into_meanwhile(self) -> None:
        async with world(kept=KEPT, just_booted=True, dice=lambda: 0.9) as it:
            await it.want(Submit(JANE))
            await it.see(Waiting)

    async def test_it_ends_with_the_rest(self) -> None:
        async with world(kept=KEPT, just_booted=True, dice=lambda: 0.9) as it:
            await settle()
            await it.want(Leave())
            await it.outcome()
            assert not it.peer.requests
