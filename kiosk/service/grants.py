"""The tokens of a new session, and the refusal of an account that gets none."""

import uuid
from dataclasses import dataclass, field
from typing import Self

from kiosk.service.contract import Json, Refused, token_answer
from kiosk.service.site import Account, Site
from kiosk.service.store.base import Grant
from kiosk.service.tokens import derived_token, hashed, new_access_token, new_refresh_token


@dataclass(frozen=True)
class Tokens:
    """What the store keeps of a new session, and what its owner is told."""

    grant: Grant
    answer: Json = field(repr=False)

    @classmethod
    def new(cls, site: Site, now: float) -> Self:
        """Make the tokens of a session that begins now."""
        return cls._of(site, now, new_access_token(), new_refresh_token(), b"")

    @classmethod
    def derived(cls, site: Site, now: float, guid: str, salt: bytes) -> Self:
        """Make the tokens of a session that began at `now`: the same for the same GUID and salt."""
        access_token, refresh_token = derived_token(guid, salt, "access"), derived_token(guid, salt, "refresh")
        return cls._of(site, now, access_token, refresh_token, salt)

    @classmethod
    def _of(cls, site: Site, now: float, access_token: str, refresh_token: str, salt: bytes) -> Self:
        expires = now + site.token_life
        answer = token_answer(access_token, expires)
        if not site.refresh_life:
            return cls(Grant(hashed(access_token), expires, salt=salt), answer)
        grant = Grant(hashed(access_token), expires, hashed(refresh_token), now + site.refresh_life, salt)
        return cls(grant, {**answer, "refresh_token": refresh_token})


def refuse(account: Account) -> None:
    """Do nothing for an account that may sign in.

    Raises:
        Refused: with the code that the site file gives the account.
    """
    if account.refuse == 1226:
        raise Refused(1226, data={"ConsentToken": str(uuid.uuid4())})
    if account.refuse:
        raise Refused(account.refuse)
