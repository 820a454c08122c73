"""What a person can want: the only thing that screens send to the sign-in."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Submit:
    """Send a login link to this e-mail or username."""

    typed: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendAgain:
    """Send another link to the same address."""


@dataclass(frozen=True, slots=True)
class PingNow:
    """The link is open: ask the service at once."""


@dataclass(frozen=True, slots=True)
class Extend:
    """More time to click, please."""


@dataclass(frozen=True, slots=True)
class ChangeAddress:
    """Back to the entry, with what was typed."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Back to an empty entry."""


@dataclass(frozen=True, slots=True)
class AcceptPolicy:
    """Accept the site's privacy policy and go on."""


@dataclass(frozen=True, slots=True)
class Continue:
    """On with it: the sign-in has done its work."""


@dataclass(frozen=True, slots=True)
class ProgramEnded:
    """The operator's program has given the terminal back."""

    code: int | None
    """Its exit code; the negative number of the signal that ended it; None when it could not be started."""

    @property
    def failed(self) -> bool:
        """It did not end of its own accord, content."""
        return self.code != 0


@dataclass(frozen=True, slots=True)
class SignOut:
    """End the session, here and at the service."""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """See whether the trouble is mended."""


@dataclass(frozen=True, slots=True)
class Touch:
    """Somebody is there: a key was pressed, whichever."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Give up and close."""


@dataclass(frozen=True, slots=True)
class Restart:
    """End where nobody is busy, to begin again with new settings."""


Intent = (
    Submit
    | SendAgain
    | PingNow
    | Extend
    | ChangeAddress
    | Cancel
    | AcceptPolicy
    | Continue
    | ProgramEnded
    | SignOut
    | TryAgain
    | Touch
    | Leave
    | Restart
)
