"""Parameters of a request, read the way LoginRadius reads them."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

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
    if len(query) > decisions.QUERY_LIMIT:
        raise Refused(908)
    try:
        pairs = parse_qsl(query.decode("latin-1"), max_num_fields=_MOST)
    except ValueError:
        raise Refused(908) from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if value.strip():
            found.setdefault(name.casefold(), value)
    return found


def bearer(header: str) -> str:
    """Read the token of an Authorization header; "" when there is none."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else ""
