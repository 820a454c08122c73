"""What an entry of the keyring says, written and read without trust."""

import json
from datetime import UTC, datetime

from kiosk.smartlogin.errors import BadAnswer
from kiosk.smartlogin.models import Profile, Session, Token
from kiosk.smartlogin.wire import Fields, moment
from kiosk.values import Value
from kiosk.vault.problems import VaultError, VaultProblem

_VERSION = 1


class Kept(Value):
    """What the keyring holds for a site."""

    session: Session
    api_url: str
    """The service that gave the session out, so that `kiosk logout` finds it also after a demo."""


def write_kept(kept: Kept) -> str:
    """The entry of a kept session."""
    token, profile = kept.session.token, kept.session.profile
    return json.dumps(
        {
            "version": _VERSION,
            "api_url": kept.api_url,
            "access_token": token.access_token,
            "refresh_token": token.refresh_token,
            "expires_at": token.expires_at.isoformat() if token.expires_at else "",
            "uid": profile.uid,
            "name": profile.greeting,
        }
    )


def read_kept(text: str) -> Kept:
    """What an entry keeps.

    Raises:
        VaultError: it is not one of ours, or damaged.
    """
    try:
        fields = Fields.of(text.encode("utf-8", "surrogatepass"))
    except BadAnswer:
        raise VaultError(VaultProblem.UNREADABLE) from None
    access_token = fields.text("access_token")
    if not access_token or fields.number("version") != _VERSION:
        raise VaultError(VaultProblem.UNREADABLE)
    token = Token(access_token, fields.text("refresh_token"), moment(fields.text("expires_at"), datetime.now(UTC)))
    profile = Profile(uid=fields.text("uid"), first_name=fields.text("name"))
    return Kept(Session(token, profile), fields.text("api_url"))
