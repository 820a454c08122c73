"""Parameters of a request, read the way LoginRadius reads them."""

from collections.abc import Mapping
from urllib.parse import unquote_plus

from kiosk.service import decisions
from kiosk.service.contract import Refused

_MOST = 100
"""Parameters in one request; no client of LoginRadius sends more than a dozen."""


def parameters(query: bytes) -> Mapping[str, str]:
    """Read a query string: names in any case, an empty value equals an absent one, the first value counts.

    Bytes that are no UTF-8 become replacement characters.

    Raises:
        Refused: 908, the query is longer than any real one.
    """
    # By hand: what the standard library does for every query of the web costs more than the rest of a ping.
    if len(query) > decisions.QUERY_LIMIT or query.count(b"&") >= _MOST:
        raise Refused(908)
    found: dict[str, str] = {}
    for pair in query.decode("latin-1").split("&"):
        name, _, value = pair.partition("=")
        if "%" in pair or "+" in pair:
            name, value = unquote_plus(name), unquote_plus(value)
        if value and not value.isspace():
            found.setdefault(name.casefold(), value)
    return found


def bearer(header: str) -> str:
    """Read the token of an Authorization header; "" when there is none."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else ""
