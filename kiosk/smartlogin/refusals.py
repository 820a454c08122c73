"""The service's no, in all its kinds: the lower half of the errors that a Smart Login call can end in.

    Refusal                         the service says no, and asking again changes nothing; also unknown codes
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

The numbers are LoginRadius' public error codes. The other half, with the root of all, stands in errors.py.
"""

from kiosk.smartlogin.errors import SmartLoginError
from kiosk.smartlogin.models import Token


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
