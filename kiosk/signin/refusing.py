"""Where an error leads that ends the asking or the waiting."""

from kiosk.signin.stage import Stage
from kiosk.signin.states import Ended, Entering, NotSetUp, PolicyDue, Problem, State
from kiosk.smartlogin.errors import BoxMisconfigured, SmartLoginError
from kiosk.smartlogin.models import Identifier, Profile, Session
from kiosk.smartlogin.refusals import (
    AccountRefused,
    GuidInvalid,
    GuidUsed,
    LinkExpired,
    LinkRefused,
    PrivacyPolicyDue,
    SiteRefused,
)


def after_error(stage: Stage, identifier: Identifier, error: SmartLoginError) -> State:
    """The state that follows: the operator's screen, the policy, the end of the attempt, or the entry again."""
    if isinstance(error, SiteRefused | BoxMisconfigured):
        return NotSetUp(Problem.of(error))
    if isinstance(error, PrivacyPolicyDue) and error.token is not None:
        stage.session = Session(error.token, Profile())
        return PolicyDue(identifier)
    if isinstance(error, GuidInvalid):
        # To the person it is the same: the link does not work any more, a new one does.
        return Ended(identifier, Problem(LinkExpired, error.code))
    if isinstance(error, AccountRefused | LinkRefused | GuidUsed):
        return Ended(identifier, Problem.of(error))
    return Entering(typed=identifier.value, problem=Problem.of(error))
