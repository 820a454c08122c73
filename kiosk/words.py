"""What a state says to a person: the words of every problem and notice, for screens and lines of text alike.

A headline is what happened, the advice what to do next. No code stands in either; it is shown small, for support.
"""

import math

from kiosk.language import gettext as _
from kiosk.language import ngettext
from kiosk.signin.intents import ProgramEnded
from kiosk.signin.states import Notice, Problem
from kiosk.smartlogin import errors, refusals
from kiosk.wording import Words


def problem_words(problem: Problem) -> Words:
    """What a problem says; a kind without words of its own has its family's."""
    table = _problems()
    words = next(table[kind] for kind in problem.kind.__mro__ if kind in table)
    if problem.kind is refusals.LimitReached and problem.wait:
        minutes = math.ceil(problem.wait / 60)
        again = ngettext("You can ask again in {minutes} minute.", "You can ask again in {minutes} minutes.", minutes)
        return words._replace(advice=again.format(minutes=minutes))
    return words


def code_words(problem: Problem) -> str:
    """The code, small, for the support call."""
    return "" if problem.code is None else _("Code {code}").format(code=problem.code)


def _problems() -> dict[type, Words]:
    # Built when asked for: the language is chosen at run time.
    return _transport() | _entry() | _account() | _attempt()


def _transport() -> dict[type, Words]:
    network = _("Please check the network of this box.")
    return {
        errors.SmartLoginError: Words(_("The sign-in did not work."), _("Please try again.")),
        errors.Unreachable: Words(_("No connection to the sign-in service."), network),
        errors.NameNotFound: Words(_("The sign-in service cannot be found."), network),
        errors.TimedOut: Words(_("The sign-in service does not answer."), network),
        errors.TlsError: Words(_("No secure connection to the sign-in service."), network),
        errors.ClockWrong: Words(
            _("The clock of this box seems to be wrong."), _("Secure connections need the right date and time.")
        ),
        errors.WrongHost: Words(
            _("The sign-in service shows somebody else's certificate."),
            _("Please tell the people who run this screen."),
        ),
        errors.Intercepted: Words(
            _("This network reads secure connections."), _("Please use another network, or tell the people who run it.")
        ),
        errors.BadAnswer: Words(
            _("Something else answers in place of the sign-in service."),
            _("This network may want a sign-in of its own first."),
        ),
        errors.ServiceTrouble: Words(_("The sign-in service has trouble."), _("Please try again in a moment.")),
        errors.RateLimited: Words(_("Many people are signing in right now."), _("Please try again in a moment.")),
    }


def _entry() -> dict[type, Words]:
    return {
        refusals.IdentifierRefused: Words(_("That cannot be used to sign in here."), _("Please try another one.")),
        refusals.IdentifierMissing: Words(_("Type your email or username first.")),
        refusals.IdentifierTooLong: Words(
            _("That is too long."), _("An email or username has at most 254 characters.")
        ),
        refusals.IdentifierMalformed: Words(_("That does not look like an email or username."), _("Please check it.")),
        refusals.IdentifierUnknown: Words(_("Nobody is known here by that email or username."), _("Please check it.")),
        refusals.IdentifierNotAllowed: Words(_("That email cannot be used here."), _("Please try another one.")),
        refusals.UsernameNeeded: Words(_("Please sign in with your username instead of your email.")),
        refusals.UsernameOff: Words(_("Please sign in with your email instead of a username.")),
        refusals.PhoneNeeded: Words(
            _("This service signs in with phone numbers."), _("That is not possible on this screen.")
        ),
    }


def _account() -> dict[type, Words]:
    contact = _("Please contact the people who run this service.")
    return {
        refusals.AccountRefused: Words(_("This account may not sign in here."), contact),
        refusals.EmailUnverified: Words(
            _("Your email has not been verified yet."), _("Look for the message that asks you to, then try again.")
        ),
        refusals.AccountBlocked: Words(_("This account is blocked."), contact),
        refusals.AccountLocked: Words(_("This account is locked."), _("Unlock it on another device, then try again.")),
        refusals.SecondFactorNeeded: Words(
            _("This account asks for a second step."), _("That is not possible on this screen.")
        ),
        refusals.PrivacyPolicyDue: Words(
            _("The privacy policy has to be accepted first."), _("Please do so on another device, then try again.")
        ),
        refusals.ConsentNeeded: Words(
            _("This account has to agree to something first."), _("Please do so on another device, then try again.")
        ),
        refusals.TooManySessions: Words(
            _("You are signed in on too many devices."), _("Sign out on one of them, then try again.")
        ),
        refusals.TokenRefused: Words(_("The sign-in has ended."), _("Please sign in again.")),
    }


def _attempt() -> dict[type, Words]:
    new_link = _("Send a new one and open it on any device.")
    return {
        refusals.Refusal: Words(_("The sign-in service said no."), _("Please contact the people who run this screen.")),
        refusals.LinkRefused: Words(_("The link does not work any more."), new_link),
        refusals.GuidUsed: Words(_("The link does not work any more."), new_link),
        refusals.LinkSpent: Words(_("The link was already used."), new_link),
        refusals.LinkExpired: Words(_("The link has expired."), new_link),
        refusals.LimitReached: Words(
            _("Too many emails were sent to this address."), _("Please wait a while before you ask for another one.")
        ),
        errors.BoxMisconfigured: Words(
            _("This box cannot make connections."),
            _("For the operator: check its proxy and certificate settings (ALL_PROXY, HTTPS_PROXY, SSL_CERT_FILE)."),
        ),
        refusals.SiteRefused: Words(
            _("The sign-in service does not accept this screen."),
            _("For the operator: check the API key, and that Smart Login is enabled for the site."),
        ),
    }


def number_words(numbers: tuple[str, ...]) -> str:
    """Which number the hosted page asks the person to pick."""
    newest, *earlier = numbers
    words = _("The page will ask for this number: {number}").format(number=newest)
    if earlier:
        words += " " + _("(earlier mail: {numbers})").format(numbers=", ".join(earlier))
    return words


def program_words(ended: ProgramEnded) -> str:
    """How the operator's program failed, the number small and last, for the support call."""
    if ended.code is None:
        return _("The program could not be started.")
    if ended.code < 0:
        return _("The program was ended (signal {number}).").format(number=-ended.code)
    return _("The program ended with an error (code {number}).").format(number=ended.code)


def notice_words(notice: Notice) -> Words:
    """What the entry has to tell."""
    return {
        Notice.SIGNED_OUT: Words(_("You are signed out.")),
        Notice.SIGNED_OUT_HERE: Words(
            _("You are signed out on this screen."), _("The service will be told as soon as it can be reached.")
        ),
        Notice.STILL_KEPT: Words(_("You are signed out, but the keyring could not be cleared.")),
        Notice.SESSION_ENDED: Words(_("Your last sign-in has ended."), _("Please sign in again.")),
    }[notice]
