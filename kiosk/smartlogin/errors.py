"""Everything that a Smart Login call can end in, other than the wanted answer.

    SmartLoginError
    ├── TransportError                  no answer that can be used; asking again may help
    │   ├── Unreachable                 refused, reset, no route
    │   │   ├── NameNotFound            the service's name does not resolve
    │   │   └── TimedOut                nobody answered in time
    │   ├── TlsError                    the certificate cannot be trusted
    │   │   ├── ClockWrong              not valid yet or expired: most often the clock of this box
    │   │   ├── WrongHost               made out to somebody else
    │   │   └── Intercepted             signed by nobody we know: a network that reads along
    │   └── BadAnswer                   HTML, truncated, too large, not what was asked for
    ├── ServiceTrouble                  950, 5xx: the service's own trouble
    ├── BoxMisconfigured                (found on this side) no client can be made
    ├── RateLimited                     429
    └── Refusal                         the service says no, and asking again changes nothing; also unknown codes
        ├── NotClickedYet               1139
        ├── GuidInvalid                 1140
        ├── GuidUsed                    1136
        ├── LinkRefused                 1063 973
        │   ├── LinkSpent               974 1137 1138
        │   └── LinkExpired             975 979
        ├── SiteRefused                 901 908 909 920 922 1135 1206 1220: for the operator
        ├── LimitReached                1122 1178 1179
        ├── IdentifierRefused           the e-mail or username cannot be used
        │   ├── IdentifierMissing       1032 1075 1141
        │   ├── IdentifierTooLong       (found on this side)
        │   ├── IdentifierMalformed     990 1024 1038 1204
        │   ├── IdentifierUnknown       938 1022 1023 1409
        │   ├── IdentifierNotAllowed    1056 1247
        │   ├── UsernameNeeded          1183
        │   ├── UsernameOff             1238
        │   └── PhoneNeeded             1077
        ├── AccountRefused              the account exists and may not sign in like this
        │   ├── EmailUnverified         970 1162
        │   ├── AccountBlocked          991 1130 1164
        │   ├── AccountLocked           1132 1148 1198 1264
        │   ├── SecondFactorNeeded      1176
        │   ├── PrivacyPolicyDue        1194
        │   ├── ConsentNeeded           1226
        │   └── TooManySessions         1338
        └── TokenRefused                905 906 1055 1060 2024

The numbers are LoginRadius' public error codes. A class knows its codes, so that the table stands in one place.
"""

from collections.abc import Iterator
from typing import ClassVar

from kiosk.smartlogin.models import Token


class SmartLoginError(Exception):
    """What a Smart Login call ended in. Its text and `repr` carry the code and never what the service wrote."""

    codes: ClassVar[frozenset[int]] = frozenset()
    """LoginRadius' error codes that mean this class."""

    def __init__(self, code: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        """LoginRadius' error code, or the HTTP status where the body named none; None when found on this side."""
        self.retry_after = retry_after
        """Seconds to wait by the service's own word (`Retry-After`, RFC 9110 section 10.2.3), or None."""

    def __str__(self) -> str:
        name = type(self).__name__
        return name if self.code is None else f"{name} ({self.code})"

    def __repr__(self) -> str:
        return f"<{self}>"


class TransportError(SmartLoginError):
    """No usable answer came; asking again may help."""


class Unreachable(TransportError):
    """The service cannot be reached: refused, reset, no route."""


class NameNotFound(Unreachable):
    """The service's host name does not resolve."""


class TimedOut(Unreachable):
    """The service did not answer in time."""


class TlsError(TransportError):
    """The service's certificate cannot be trusted."""


class ClockWrong(TlsError):
    """The certificate is not valid now: most often it is the clock of this box that is wrong."""


class WrongHost(TlsError):
    """The certificate is made out to another host."""


class Intercepted(TlsError):
    """The certificate is signed by nobody whom this box knows: a network that reads along."""


class BadAnswer(TransportError):
    """The answer is not what was asked for: HTML, truncated, too large, a redirect, a wrong shape."""


class ServiceTrouble(SmartLoginError):
    """The service has trouble of its own (950, 5xx)."""

    codes = frozenset({950})


class BoxMisconfigured(SmartLoginError):
    """No client can be made: a certificate file or a proxy in the environment of this box cannot be used."""


class RateLimited(SmartLoginError):
    """Too many requests for this API key (HTTP 429)."""

    codes = frozenset({429})


class Refusal(SmartLoginError):
    """The service says no; the same request will not fare better."""


class NotClickedYet(Refusal):
    """The login link has not been clicked yet: go on pinging."""

    codes = frozenset({1139})

    def __init__(
        self, code: int | None = None, retry_after: float | None = None, number: str = "", wait: float = 0.0
    ) -> None:
        super().__init__(code, retry_after)
        self.wait = wait
        """Seconds that the service would hold the next ping; 0: it does not (an extension of our service)."""
        self.number = number
        """Two digits that the hosted page asks for, where the site wants them matched (an extension of our service)."""


class GuidInvalid(Refusal):
    """The client GUID is unknown to the service, or expired."""

    codes = frozenset({1140})


class GuidUsed(Refusal):
    """The client GUID has been used in an earlier request."""

    codes = frozenset({1136})


class LinkRefused(Refusal):
    """The login link (its verification token) does not hold."""

    codes = frozenset({973, 1063})


class LinkSpent(LinkRefused):
    """The login link was used already."""

    codes = frozenset({974, 1137, 1138})


class LinkExpired(LinkRefused):
    """The login link is too old."""

    codes = frozenset({975, 979})


class SiteRefused(Refusal):
    """The site behind the API key does not allow this: a matter for the operator."""

    codes = frozenset({901, 908, 909, 920, 922, 1135, 1206, 1220})


class LimitReached(Refusal):
    """Too many mails or tokens were asked for; the service pauses for its configured period."""

    codes = frozenset({1122, 1178, 1179})


class IdentifierRefused(Refusal):
    """This e-mail or username cannot be used to sign in."""


class IdentifierMissing(IdentifierRefused):
    """Neither an e-mail nor a username was given."""

    codes = frozenset({1032, 1075, 1141})


class IdentifierTooLong(IdentifierRefused):
    """Longer than an address can be (RFC 5321 section 4.5.3.1, erratum 1690: 254 characters)."""


class IdentifierMalformed(IdentifierRefused):
    """Not a well-formed e-mail or username."""

    codes = frozenset({990, 1024, 1038, 1204})


class IdentifierUnknown(IdentifierRefused):
    """Nobody is known by this e-mail or username (or the service will not say more)."""

    codes = frozenset({938, 1022, 1023, 1409})


class IdentifierNotAllowed(IdentifierRefused):
    """This e-mail, or its domain, is not allowed on the site."""

    codes = frozenset({1056, 1247})


class UsernameNeeded(IdentifierRefused):
    """The site wants the username, not the e-mail."""

    codes = frozenset({1183})


class UsernameOff(IdentifierRefused):
    """The site wants the e-mail, not a username."""

    codes = frozenset({1238})


class PhoneNeeded(IdentifierRefused):
    """The site signs people in by phone number, which Smart Login cannot."""

    codes = frozenset({1077})


class AccountRefused(Refusal):
    """The account exists, and may not sign in like this."""


class EmailUnverified(AccountRefused):
    """The account's e-mail has never been verified."""

    codes = frozenset({970, 1162})


class AccountBlocked(AccountRefused):
    """The account is blocked, or logins are disabled."""

    codes = frozenset({991, 1130, 1164})


class AccountLocked(AccountRefused):
    """The account is locked."""

    codes = frozenset({1132, 1148, 1198, 1264})


class SecondFactorNeeded(AccountRefused):
    """The account wants a second factor, which this device cannot ask for."""

    codes = frozenset({1176})


class PrivacyPolicyDue(AccountRefused):
    """The privacy policy must be accepted first; the answer brings a token that can do so."""

    codes = frozenset({1194})

    def __init__(self, code: int | None = None, token: Token | None = None) -> None:
        super().__init__(code)
        self.token = token
        """The access token with which the policy can be accepted, if the service sent one."""


class ConsentNeeded(AccountRefused):
    """The account must consent to something first, on another device."""

    codes = frozenset({1226})


class TooManySessions(AccountRefused):
    """The account is signed in on as many devices as it may."""

    codes = frozenset({1338})


class TokenRefused(Refusal):
    """The access token is invalid, expired or missing: sign in again."""

    codes = frozenset({905, 906, 1055, 1060, 2024})


def _family(root: type[SmartLoginError]) -> Iterator[type[SmartLoginError]]:
    yield root
    for child in root.__subclasses__():
        yield from _family(child)


def class_for(code: int) -> type[SmartLoginError] | None:
    """The class that stands for one of LoginRadius' error codes; None for a code that nobody documents."""
    return next((kind for kind in _family(SmartLoginError) if code in kind.codes), None)
