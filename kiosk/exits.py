"""Exit codes, one meaning each."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.signin.states import Outcome

DONE = 0
NOBODY = 1
"""Nobody is signed in."""
USAGE = 2
INTERNAL = 70
"""A bug of ours: EX_SOFTWARE of sysexits.h."""
CONFIGURATION = 78
"""EX_CONFIG of sysexits.h."""
RESTART = 75
"""To be started again, with new settings: EX_TEMPFAIL of sysexits.h."""
MAINTENANCE = 80
"""The operator's PIN ended a locked app: whoever starts it is not to start it again. Not one of sysexits.h."""
TIMED_OUT = 124
GIVEN_UP = 130


def exit_code(outcome: "Outcome") -> int:
    """The exit code of how a sign-in ended."""
    from kiosk.signin.states import Outcome  # here, so that `kiosk --version` does not pay for the flow

    return {
        Outcome.SIGNED_IN: DONE,
        Outcome.GIVEN_UP: GIVEN_UP,
        Outcome.TIMED_OUT: TIMED_OUT,
        Outcome.NOT_SET_UP: CONFIGURATION,
        Outcome.RESTART: RESTART,
    }[outcome]
