"""What counts as an e-mail address and as a username, and the one form in which they are compared."""

import re
from typing import Final

from kiosk.service.contract import Refused
from kiosk.service.decisions import EMAIL_LIMIT, USERNAME_LIMIT

# Letters of every script are let through: whether an address exists is the directory's business, not the shape's.
_EMAIL: Final = re.compile(r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f]{1,64}@[^\W_](?:[\w.-]*[^\W_])?", re.UNICODE)
_LOCAL_LIMIT: Final = 64


def is_email(text: str) -> bool:
    """Tell whether `text` has the shape of an e-mail address that a mail server would take."""
    if len(text) > EMAIL_LIMIT or not _EMAIL.fullmatch(text):
        return False
    local, _, domain = text.rpartition("@")
    dots_fine = not (local.startswith(".") or local.endswith(".") or ".." in local or ".." in domain)
    # What was no UTF-8 on the wire; and what mail software would decode, line breaks included, before it reads it.
    readable = text.isprintable() and "\ufffd" not in text and "=?" not in text
    return len(local) <= _LOCAL_LIMIT and dots_fine and readable and "." in domain


def checked_email(text: str) -> str:
    """Return the address in its compared form.

    Raises:
        Refused: 1038, the address is malformed.
    """
    # A plus that LoginRadius' Python client did not encode arrives as a space (decisions.SPACE_MEANS_PLUS).
    email = text.strip(" ").replace(" ", "+")
    if not is_email(email):
        raise Refused(1038, fields=["email"])
    return email.casefold()


def checked_username(text: str) -> str:
    """Return the username in its compared form.

    Raises:
        Refused: 1204, it is too long or holds a space or an unprintable character.
    """
    name = text.strip(" ")
    if not 1 <= len(name) <= USERNAME_LIMIT or " " in name or not name.isprintable():
        raise Refused(1204, fields=["username"])
    return name.casefold()


def domain_of(email: str) -> str:
    """The domain of an address in its compared form."""
    return email.rpartition("@")[2]
