"""From what was typed to an identifier: e-mail or username, with the checks that need no service."""

import unicodedata

from kiosk.smartlogin.errors import IdentifierMalformed, IdentifierMissing, IdentifierTooLong
from kiosk.smartlogin.models import Identifier, IdentifierKind

LONGEST = 254
"""Characters of an e-mail address: RFC 5321 section 4.5.3.1 with erratum 1690."""


def read_identifier(typed: str) -> Identifier:
    """The identifier that was typed. With an `@` it is an e-mail address, without one a username.

    Only what no service could accept is refused here; the service has the last word on the rest.

    Raises:
        IdentifierMissing: nothing but blanks.
        IdentifierTooLong: more than 254 characters.
        IdentifierMalformed: blanks or control characters inside, or no name or domain around the `@`.
    """
    text = typed.strip()
    if not text:
        raise IdentifierMissing
    if len(text) > LONGEST:
        raise IdentifierTooLong
    if any(character.isspace() or unicodedata.category(character)[0] == "C" for character in text):
        raise IdentifierMalformed
    if "@" not in text:
        return Identifier(IdentifierKind.USERNAME, text)
    name, _, domain = text.rpartition("@")
    labels = domain.split(".")
    quoted = name.startswith('"') and name.endswith('"')
    if not name or not all(labels) or ("@" in name and not quoted):
        raise IdentifierMalformed
    return Identifier(IdentifierKind.EMAIL, text)
