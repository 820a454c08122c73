"""The session between sign-ins: kept in the keyring, looked for on start, cared for while it lasts, let go."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.signin.stage import Stage
from kiosk.smartlogin.errors import RateLimited, ServiceTrouble, SmartLoginError, TokenRefused, TransportError
from kiosk.smartlogin.models import Session, Token
from kiosk.vault import Kept, VaultError, VaultProblem

if TYPE_CHECKING:
    from kiosk.smartlogin.client import SmartLoginClient

RETRY = 30.0
"""Seconds until the service is asked again what it could not answer."""

UNKNOWN_LIFETIME = 15 * 60.0
"""Seconds that an access token is taken to live where nobody says: LoginRadius' default."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What the search for a kept session found."""

    session: Session | None = None
    checked: bool = False
    """The service confirmed it."""
    ended: bool = False
    """There was one, and the service does not accept it any more."""
    vault_problem: VaultProblem | None = None


async def restore(stage: Stage) -> Restored:
    """Look for a kept session and have the service confirm it."""
    try:
        kept = await stage.parts.vault.load()
    except VaultError as error:
        # A box without a keyring is not worth a word before anybody wants to keep something.
        return Restored(vault_problem=None if error.problem is VaultProblem.MISSING else error.problem)
    if kept is None:
        return Restored()
    stage.kept = True
    if stage.parts.shared:
        # Whoever was here when the power went may be gone by now.
        stage.behind(invalidate_until_told(stage, kept.session.token))
        return Restored(vault_problem=await forget(stage))
    client = await stage.client()
    try:
        token = await client.validate(kept.session.token.access_token)
    except TokenRefused:
        problem = await forget(stage)
        return Restored(ended=True, vault_problem=problem)
    except SmartLoginError:
        return Restored(kept.session)
    return Restored(renewed(kept.session, token), checked=True)


def renewed(session: Session, token: Token) -> Session:
    """The session with newer token data; a refresh token that the answer does not repeat stays."""
    return replace(session, token=replace(token, refresh_token=token.refresh_token or session.token.refresh_token))


async def keep(stage: Stage, session: Session) -> VaultProblem | None:
    """Make this the session and keep it; or why it lasts for this run only."""
    stage.session = session
    try:
        await stage.parts.vault.keep(Kept(session, stage.parts.api_url))
    except VaultError as error:
        return error.problem
    stage.kept = True
    return None


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
    return now + (UNKNOWN_LIFETIME if lifetime is None else lifetime) * (0.6 + 0.15 * dice)


async def slide(stage: Stage, session: Session) -> VaultProblem | None:
    """Move the session's expiry forward and keep the result; or why it could not be kept.

    Raises:
        TokenRefused: the session has ended.
        SmartLoginError: the service could not say.
    """
    client = await stage.client()
    token = await client.slide(session.token.access_token)
    return await keep(stage, renewed(session, token))


async def invalidate(stage: Stage, token: Token) -> bool:
    """End the token at the service; False when the service could not be told."""
    return await ended_at_service(await stage.client(), token)


async def ended_at_service(client: "SmartLoginClient", token: Token) -> bool:
    """Whether the service knows now that the token is to be no good any more."""
    try:
        await client.invalidate(token.access_token)
    except (TransportError, ServiceTrouble, RateLimited):
        return False
    except SmartLoginError:
        return True  # refused: it is not a good token any more, and that is what was wanted
    return True


async def invalidate_until_told(stage: Stage, token: Token) -> None:
    """End the token at the service, however long the network is away."""
    while not await invalidate(stage, token):
        await stage.parts.clock.sleep(RETRY * (1 + 0.2 * stage.parts.dice()))
