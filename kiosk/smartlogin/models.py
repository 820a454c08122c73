"""What the wire carries, as values. No `repr` shows a token, an address or a name: a TV is a public place."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class IdentifierKind(StrEnum):
    """Which of the two parameters of the login request an identifier goes into."""

    EMAIL = "email"
    USERNAME = "username"


@dataclass(frozen=True, slots=True)
class Identifier:
    """Whom the login is for: an e-mail address or a username, as the person gave it."""

    kind: IdentifierKind
    value: str = field(repr=False)

    @property
    def masked(self) -> str:
        """`j•••@example.com`, `j•••`: enough for its owner, too little for the room."""
        name, at, domain = self.value.rpartition("@") if self.kind is IdentifierKind.EMAIL else (self.value, "", "")
        return f"{name[:1] if len(name) > 1 else ''}•••{at}{domain}"


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and what belongs to it."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    """Empty where the site issues none."""
    expires_at: datetime | None = None
    """By the service's clock; None where the service did not say."""
    lifetime: float | None = None
    """Seconds left when it arrived, by the service's own clock: right even where ours is wrong."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Who signed in; any of it may be empty."""

    uid: str = field(default="", repr=False)
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    full_name: str = field(default="", repr=False)
    username: str = field(default="", repr=False)
    email: str = field(default="", repr=False)

    @property
    def greeting(self) -> str:
        """The name to greet by: the friendliest that is there. Never the address: a screen is public."""
        return self.first_name or self.full_name or self.username


@dataclass(frozen=True, slots=True)
class Session:
    """What a verified login attempt yields, and what the keyring keeps."""

    token: Token
    profile: Profile
