"""LoginRadius' public code table as data: code → HTTP status, `Message`, `Description`.

`Message` is LoginRadius' text to the letter, because clients and their tests compare it. `Description` is help for a
developer, in our own words. Rows marked [open] are not in the public table.
"""

from typing import Final, NamedTuple


class Row(NamedTuple):
    """One line of the table."""

    status: int
    """HTTP status of the answer."""
    message: str
    """`Message` of the body, as LoginRadius prints it."""
    description: str
    """`Description` of the body."""


_LOCKED: Final = "Your account has been locked"
_ASK_NEW: Final = "Ask for a new login link on the screen."
_ADMIN: Final = "Please contact the operator of the site."

CODES: Final[dict[int, Row]] = {
    404: Row(404, "Not Found", "There is no such call."),  # [open]
    405: Row(405, "Method not allowed", "This call does not answer to that HTTP method."),  # [open]
    429: Row(429, "Too Many Request", "Too many requests in a short time; wait as Retry-After says."),  # [open]
    901: Row(403, "The API key is unauthorized", "The API key is not authorized for this site."),
    902: Row(401, "The API secret is unauthorized", "The API secret does not belong to this API key."),
    905: Row(403, "Access token is invalid", "The access token is not known here; sign in again."),
    906: Row(403, "Access token has expired", "The access token has expired; sign in again."),
    908: Row(403, "A parameter is not formatted correctly", "Check all parameters of the call."),
    909: Row(
        403,
        "Your LoginRadius site does not have permission to access this endpoint",
        "A setting of the site keeps this call closed.",
    ),
    920: Row(400, "API key is invalid", "This API key belongs to no site of this service."),
    921: Row(400, "API secret is invalid", "The API secret is wrong."),
    922: Row(400, "API key is missing", "The parameter apikey is missing."),
    923: Row(400, "API secret is missing", "The header X-LoginRadius-ApiSecret is missing."),
    936: Row(403, "Email already exists", "The e-mail address or username belongs to another account."),  # [open]
    938: Row(403, "User does not exist", "There is no such account."),
    950: Row(
        500,
        "Operation failed due to an unknown error",
        "The service is in trouble; try again in a few minutes.",
    ),
    970: Row(403, "Email is not verified", "The e-mail address must be verified first."),
    973: Row(403, "Invalid email verification link", f"The link is not valid. {_ASK_NEW}"),
    974: Row(403, "The email verification link has already been used", f"A link works once. {_ASK_NEW}"),
    975: Row(403, "Your verification link has expired", f"The link is too old. {_ASK_NEW}"),
    979: Row(403, "The link cannot be accessed", f"The link has expired or was used already. {_ASK_NEW}"),
    990: Row(403, "This email is invalid", "Please use a valid e-mail address."),
    991: Row(403, "Your account is blocked", f"The account was blocked. {_ADMIN}"),
    1022: Row(403, "Username does not exist", "There is no account with this username."),
    1023: Row(403, "Email address does not exist", "There is no account with this e-mail address."),
    1024: Row(403, "This username format is invalid", "Please use a valid username."),
    1032: Row(403, "Email address is required", "The parameter email is missing."),
    1038: Row(400, "Valid email ID is required", "The e-mail address is malformed."),
    1055: Row(403, "Session has expired", "There is no active session any more; sign in again."),
    1056: Row(403, "Email is not allowed to register", "This e-mail address is not allowed at this site."),
    1060: Row(400, "Access token is missing", "Send it as a Bearer token or as the parameter access_token."),
    1063: Row(403, "Verification token (vtoken) is invalid", f"The login link is not valid. {_ASK_NEW}"),
    1075: Row(400, "Username is required", "The parameter username is missing."),
    1077: Row(403, "Phone number login is enabled", "This site signs in by phone number."),
    1122: Row(
        403,
        "You have reached a limit for sending emails",
        "Too many mails were asked for; wait until the configured period is over.",
    ),
    1130: Row(403, "Login services have been disabled for your account", _ADMIN),
    1132: Row(403, _LOCKED, "A captcha is needed to unlock it."),
    1135: Row(
        403,
        "Smart login option is not enabled for your LoginRadius site",
        "The site setting smart_login is off.",
    ),
    1136: Row(403, "Client GUID must be unique", "This client GUID was used in an earlier login attempt."),
    1137: Row(403, "This smart login link has already been used", f"A link works once. {_ASK_NEW}"),
    1138: Row(403, "The smart login link has already been verified", f"A link works once. {_ASK_NEW}"),
    1139: Row(403, "The smart login link has not been verified", "The link in the mail has not been opened yet."),
    1140: Row(403, "Client GUID is invalid", "The client GUID is unknown, spent or expired."),
    1141: Row(400, "Email address or username is required", "Send the parameter email or username."),
    1148: Row(403, _LOCKED, "The answer to the security question is needed to unlock it."),
    1162: Row(403, "Email or Phone is not verified", "The e-mail address must be verified first."),
    1164: Row(403, "Your account has been blocked due to suspicious activity", _ADMIN),
    1176: Row(403, "Two factor authentication is enabled", "The account needs a second factor."),
    1178: Row(403, "You have reached a limit for generating token", "Wait until the configured period is over."),
    1179: Row(403, "You have reached a limit for generating OTP", "Wait until the configured period is over."),
    1183: Row(403, "UserName authentication is enabled", "This site signs in by username only."),
    1194: Row(403, "Privacy policy does not match", "The current privacy policy has not been accepted yet."),
    1198: Row(403, _LOCKED, "Please try again later."),
    1204: Row(403, "Username is not valid", "A username has 1 to 32 characters and no space."),
    1206: Row(403, "IP Access Denied", "Requests from this address are not allowed."),
    1220: Row(403, "Account is not allowed to login", _ADMIN),
    1226: Row(403, "Consent form not submitted", "Consent must be given first."),
    1238: Row(403, "UserName authentication is not enabled", "This site does not sign in by username."),
    1247: Row(403, "Email id domain is not allowed to register", "This e-mail domain is not allowed at this site."),
    1264: Row(403, "Account has been locked", "Sign in with your credentials to unlock it."),
    1338: Row(403, "Exceeded active login session limit", "Sign out elsewhere first."),
    1409: Row(401, "Authentication failed", "The credentials could not be authenticated."),  # status [open]
    2024: Row(403, "The Access Token is expired or invalid", "Sign in again."),
}
