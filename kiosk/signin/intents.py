"""What a person can want: the only thing that screens send to the sign-in."""

from kiosk.values import Value, hidden


class Submit(Value):
    """Send a login link to this e-mail or username."""

    typed: str = hidden()


class SendAgain(Value):
    """Send another link to the same address."""


class PingNow(Value):
    """The link is open: ask the service at once."""


class Extend(Value):
    """More time to click, please."""


class ChangeAddress(Value):
    """Back to the entry, with what was typed."""


class Cancel(Value):
    """Back to an empty entry."""


class AcceptPolicy(Value):
    """Accept the site's privacy policy and go on."""


class Continue(Value):
    """On with it: the sign-in has done its work."""


class ProgramEnded(Value):
    """The operator's program has given the terminal back."""

    code: int | None
    """Its exit code; the negative number of the signal that ended it; None when it could not be started."""

    @property
    def failed(self) -> bool:
        """It did not end of its own accord, content."""
        return self.code != 0


class SignOut(Value):
    """End the session, here and at the service."""


class TryAgain(Value):
    """See whether the trouble is mended."""


class Touch(Value):
    """Somebody is there: a key was pressed, whichever."""


class Leave(Value):
    """Give up and close."""


class Restart(Value):
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
