"""The numbers among which a person picks the one on the screen."""

import hmac
from typing import Final

from kiosk.service.decisions import NUMBERS_OFFERED

_ALL: Final = tuple(f"{number:02d}" for number in range(10, 100))


def offered(right: str, token: str, secret: str) -> list[str]:
    """Return the numbers to show for a link, the right one among them.

    They follow from the link and the site's secret: the same on every load, by every worker, so that nobody learns by
    loading twice which one stays; and without the secret nobody can tell the made-up ones from the right one. The
    right one is never first: a machine that presses what comes first is wrong for certain.
    """

    def rank(text: str) -> bytes:
        return hmac.digest(secret.encode(), f"number {text} of {token}".encode("utf-8", "replace"), "sha256")

    numbers = sorted((number for number in _ALL if number != right), key=rank)[: NUMBERS_OFFERED - 1]
    numbers.insert(1 + rank("place")[0] % (NUMBERS_OFFERED - 1), right)
    return numbers
