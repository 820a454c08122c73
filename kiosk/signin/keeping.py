"""The session between sign-ins: kept in the keyring, looked for on start, cared for while it lasts, let go."""

import asyncio

from kiosk.signin.stage import Stage, ended_at_service
from kiosk.smartlogin.attempt import Attempt
from kiosk.smartlogin.errors import BoxMisconfigured, SmartLoginError
from kiosk.smartlogin.models import Session, Token
from kiosk.smartlogin.refusals import AccountRefused, TokenRefused
from kiosk.values import Value, replace
from kiosk.vault.entries import Kept
from kiosk.vault.problems import VaultError, VaultProblem

RETRY = 30.0
"""Seconds until the service is asked again what it could not answer."""

STAGGER = 15.0
"""Seconds over which boxes that have just booted spread their first call: 400 of them that got their power back at
the same moment stay under the 50 requests a second that LoginRadius allows a site."""

MOST_OWED = 32
"""Tokens of whose end the service is still to be told. One that takes sign-ins but no sign-outs, for weeks, is not
asked more and more: the oldest token ends by itself when its life is over."""

UNKNOWN_LIFETIME = 15 * 60.0
"""Seconds that an access token is taken to live where nobody says: LoginRadius' default."""


class Restored(Value):
    """What the search for a kept session, or else for a pending attempt, found."""

    session: Session | None = None
    attempt: Attempt | None = None
    """One whose link may have been clicked while this box was off."""
    checked: bool = False
    """The service confirmed it."""
    ended: bool = False
    """There was one, and the service does not accept it any more."""
    vault_problem: VaultProblem | None = None


async def restore(stage: Stage) -> Restored:
    """Look for a kept session and have the service confirm it; without one, for a pending attempt."""
    try:
        kept = await stage.parts.vault.load()
    except VaultError as error:
        # A box without a keyring is not worth a word before anybody wants to keep something.
        if error.problem is VaultProblem.UNREADABLE:
            return Restored(attempt=await stage.pending.found(), vault_problem=error.problem)
        return Restored(vault_problem=None if error.problem is VaultProblem.MISSING else error.problem)
    if kept is None:
        return Restored(attempt=await stage.pending.found())
    await stage.pending.clear()
    if stage.session is not None:
        return Restored(kept.session)  # somebody was faster; this one is in the way
    stage.kept = True
    if stage.parts.shared:
        # Whoever was here when the power went may be gone by now.
        end_token(stage, kept.session.token)
        return Restored(vault_problem=await forget(stage))
    await _in_turn(stage)
    try:
        client = await stage.client()
        token = await client.validate(kept.session.token.access_token)
    except (TokenRefused, AccountRefused):
        problem = await forget(stage) if stage.session is None else None
        return Restored(ended=True, vault_problem=problem)
    except SmartLoginError:
        return Restored(kept.session)
    return Restored(renewed(kept.session, token), checked=True)


async def _in_turn(stage: Stage) -> None:
    """Wait for this box's turn among those that booted with it; not a moment longer than until somebody presses a key.

    Nobody waits for this: the entry is there meanwhile, and can be typed into.
    """
    if not stage.parts.just_booted:
        return
    turn = asyncio.ensure_future(stage.parts.clock.sleep(STAGGER * stage.parts.dice()))
    stirred = asyncio.ensure_future(stage.stirred.wait())
    try:
        await asyncio.wait({turn, stirred}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        turn.cancel()
        stirred.cancel()


def renewed(session: Session, token: Token) -> Session:
    """The session with newer token data; a refresh token that the answer does not repeat stays."""
    return replace(session, token=replace(token, refresh_token=token.refresh_token or session.token.refresh_token))


async def keep(stage: Stage, session: Session) -> VaultProblem | None:
    """Make this the session and keep it; or why it lasts for this run only."""
    stage.session = session
    if stage.search is not None:
        stage.start(_end_replaced(stage, stage.search))
        stage.search = None
    try:
        await stage.parts.vault.keep(Kept(session, stage.parts.api_url))
    except VaultError as error:
        # One that hangs may still do it, after everybody has stopped waiting.
        stage.kept = stage.kept or error.problem is VaultProblem.HANGING
        return error.problem
    stage.kept = True
    return None


async def _end_replaced(stage: Stage, search: asyncio.Task[Restored]) -> None:
    """End the kept session that a new one has replaced: nobody would ever sign it out."""
    found = await search
    if found.session is not None:
        end_token(stage, found.session.token)


async def forget(stage: Stage) -> VaultProblem | None:
    """Drop the session and remove it from the keyring; or why it may still be there."""
    stage.session = None
    try:
        await stage.parts.vault.forget()
    except VaultError as error:
        return error.problem if stage.kept else None
    stage.kept = False
    return None


def care_due(stage: Stage, *, checked: bool) -> float:
    """When to ask the service about the session next: well before it expires, soon where it could not answer."""
    now, dice = stage.parts.clock.now(), stage.parts.dice()
    if not checked or stage.session is None:
        return now + RETRY * (1 + 0.2 * dice)
    lifetime = stage.session.token.lifetime
    # However short a life the service gives: it is not asked more often than where it cannot answer.
    return now + max(RETRY, (UNKNOWN_LIFETIME if lifetime is None else lifetime) * (0.6 + 0.15 * dice))


async def slide(stage: Stage, session: Session) -> VaultProblem | None:
    """Move the session's expiry forward and keep the result; or why it could not be kept.

    Raises:
        TokenRefused: the session has ended, here by `kiosk logout` or there.
        SmartLoginError: the service could not say.
    """
    if stage.kept and await gone(stage):
        raise TokenRefused
    client = await stage.client()
    token = await client.slide(session.token.access_token)
    return await keep(stage, renewed(session, token))


async def gone(stage: Stage) -> bool:
    """Somebody has taken the session out of the keyring: it must not come back."""
    try:
        return await stage.parts.vault.load() is None
    except VaultError:
        return False


def end_token(stage: Stage, token: Token) -> None:
    """Have the token ended at the service, however long the network is away; at the latest when the sign-in closes."""
    owe(stage, token)
    stage.start(_end_until_told(stage, token))


def owe(stage: Stage, token: Token) -> None:
    """The service is to know that the token is to be no good any more."""
    stage.owed[token] = None
    while len(stage.owed) > MOST_OWED:
        del stage.owed[next(iter(stage.owed))]


async def _end_until_told(stage: Stage, token: Token) -> None:
    while token in stage.owed and not await tell_ended(stage, token):
        await stage.parts.clock.sleep(RETRY * (1 + 0.2 * stage.parts.dice()))


async def tell_ended(stage: Stage, token: Token) -> bool:
    """Tell the service once; whether it knows."""
    try:
        told = await ended_at_service(await stage.client(), token)
    except BoxMisconfigured:
        return False
    if told:
        stage.owed.pop(token, None)
    return told
