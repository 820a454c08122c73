"""From what was typed to an identifier: e-mail or username, with the checks that need no service.

Only what no service could accept is refused here. The service has the last word on the rest: it knows local hosts,
addresses at bare numbers, and the mailboxes with two dots in a row that Japanese providers have given out.
"""

import re
import unicodedata

from kiosk.smartlogin.models import Identifier, IdentifierKind
from kiosk.smartlogin.refusals import IdentifierMalformed, IdentifierMissing, IdentifierTooLong

LONGEST = 254
"""Characters of an e-mail address: RFC 5321 section 4.5.3.1 with erratum 1690."""

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9]|-(?!-)){0,61}(?<!-)"
_PLAIN = rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)*{_LABEL}"
"""What nearly everybody types: letters of English, no quotes, no bare number in brackets, no `xn--`."""

LONGEST_PLAIN = 200
"""Characters up to which no limit of a part but that of a label can be passed."""


def read_identifier(typed: str) -> Identifier:
    """The identifier that was typed. With an `@` it is an e-mail address, without one a username.

    Raises:
        IdentifierMissing: nothing but blanks.
        IdentifierTooLong: more than 254 characters.
        IdentifierMalformed: blanks or control characters inside, or an address that no mail can go to.
    """
    text = unicodedata.normalize("NFC", typed.strip())
    if not text:
        raise IdentifierMissing
    if len(text) > LONGEST:
        raise IdentifierTooLong
    if not _one_word(text):
        raise IdentifierMalformed
    if "@" not in text:
        return Identifier(IdentifierKind.USERNAME, text)
    return Identifier(IdentifierKind.EMAIL, _address(text))


def _one_word(text: str) -> bool:
    """Without blanks and control characters."""
    if text.isascii():
        return text.isprintable() and " " not in text
    return not any(character.isspace() or unicodedata.category(character)[0] == "C" for character in text)


def _address(text: str) -> str:
    """The address as everyone writes it: the domain in small letters, an international one in its normal form."""
    domain = text.rpartition("@")[2]
    name = text[: -len(domain) - 1]
    # Dots at the ends or beside each other are against the rules and in use: the rest is checked without them.
    plain = name if name.startswith('"') else re.sub(r"\.{2,}", ".", name.strip("."))
    if len(text) <= LONGEST_PLAIN and re.fullmatch(_PLAIN, f"{plain}@{domain}", re.ASCII | re.IGNORECASE):
        return f"{name}@{domain.lower()}"
    # 45 ms on a fast machine and the tables of all scripts, which an address without them need not wait for.
    from email_validator import EmailSyntaxError, validate_email

    # Under a roof of its own, so that hosts of a local network (`localhost`, `box.local`) pass as well.
    roof = "" if domain.startswith("[") else ".example.com"
    try:
        checked = validate_email(
            f"{plain}@{domain}{roof}", allow_quoted_local=True, allow_domain_literal=True, check_deliverability=False
        )
    except EmailSyntaxError:
        raise IdentifierMalformed from None
    if roof:
        domain = domain.lower() if domain.isascii() else checked.domain.removesuffix(roof)
    return f"{name}@{domain}"
