"""What the wire carries, as values. No `repr` shows a token, an address or a name: a TV is a public place."""

from datetime import datetime
from enum import StrEnum

from kiosk.values import Value, hidden


class IdentifierKind(StrEnum):
    """Which of the two parameters of the login request an identifier goes into."""

    EMAIL = "email"
    USERNAME = "username"


class Identifier(Value):
    """Whom the login is for: an e-mail address or a username, as the person gave it."""

    kind: IdentifierKind
    value: str = hidden()

    @property
    def masked(self) -> str:
        """`j•••@example.com`, `j•••`: enough for its owner, too little for the room."""
        name, at, domain = self.value.rpartition("@") if self.kind is IdentifierKind.EMAIL else (self.value, "", "")
        return f"{name[:1] if len(name) > 1 else ''}•••{at}{domain}"


class Token(Value):
    """An access token and what belongs to it."""

    access_token: str = hidden()
    refresh_token: str = hidden(default="")
    """Empty where the site issues none."""
    expires_at: datetime | None = None
    """By the service's clock; None where the service did not say."""
    lifetime: float | None = None
    """Seconds left when it arrived, by the service's own clock: right even where ours is wrong."""


class Profile(Value):
    """Who signed in; any of it may be empty."""

    uid: str = hidden(default="")
    first_name: str = hidden(default="")
    last_name: str = hidden(default="")
    full_name: str = hidden(default="")
    username: str = hidden(default="")
    email: str = hidden(default="")

    @property
    def greeting(self) -> str:
        """The name to greet by: the friendliest that is there. Never the address: a screen is public."""
        return self.first_name or self.full_name or self.username


class Session(Value):
    """What a verified login attempt yields, and what the keyring keeps."""

    token: Token
    profile: Profile
