"""What came over the wire, read without trust: loose types, missing keys, any case of letters.

The code table's keys come as `ErrorCode` on the older pages and `errorCode` on the newer ones, flags as `"false"`,
numbers as text. Whatever is absent or of the wrong type reads as empty; only a body that is no JSON object at all is
an error.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Self

from kiosk.smartlogin.errors import BadAnswer

LONGEST_TEXT = 16_384
"""Characters: an access token may be a long encrypted JWT; nothing else comes near."""

_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{0,9}))?\s*(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_LONGEST_LIFE = timedelta(days=3650)


class Fields:
    """One JSON object, its keys read without regard to case."""

    def __init__(self, mapping: Mapping[str, object]) -> None:
        self._values = {key.casefold(): value for key, value in mapping.items()}

    def __bool__(self) -> bool:
        return bool(self._values)

    @classmethod
    def of(cls, body: bytes) -> Self:
        """The object in an answer's body.

        Raises:
            BadAnswer: empty, truncated, HTML, or JSON that is no object.
        """
        value: object = None
        with suppress(ValueError, RecursionError):  # ValueError covers bad UTF-8 and bad JSON alike
            value = json.loads(body)
        if not isinstance(value, dict):  # raised out here: their errors hold the body
            raise BadAnswer
        return cls(value)

    def text(self, name: str) -> str:
        """A text, or a number as text; otherwise empty."""
        value = self._values.get(name.casefold())
        if isinstance(value, str):
            return value[:LONGEST_TEXT].strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        return ""

    def secret(self, name: str) -> str:
        """A text that is of no use in part.

        Raises:
            BadAnswer: it is longer than any token is.
        """
        value = self._values.get(name.casefold())
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise BadAnswer
        return self.text(name)

    def number(self, name: str) -> int | None:
        """A whole number, also one that came as text or as 1139.0."""
        text = self.text(name)[:20]
        try:
            return int(text.removesuffix(".0"))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """True for `true`, `"true"` and `1`."""
        value = self._values.get(name.casefold())
        return value is True or self.text(name).casefold() in {"true", "1"}

    def part(self, name: str) -> "Fields":
        """A nested object; an empty one where there is none."""
        value = self._values.get(name.casefold())
        return Fields(value) if isinstance(value, dict) else Fields({})

    def parts(self, name: str) -> "list[Fields]":
        """The objects of a nested list."""
        value = self._values.get(name.casefold())
        return [Fields(item) for item in value if isinstance(item, dict)] if isinstance(value, list) else []

    def moment(self, name: str, now: datetime) -> datetime | None:
        """When something ends: an absolute time in UTC, or a number of seconds from `now` (both are in use)."""
        return moment(self.text(name), now)


def moment(text: str, now: datetime) -> datetime | None:
    """`2026-11-23T07:00:00.1234567Z` (0 to 7 fractional digits, UTC where no zone stands) or seconds from `now`.

    None for anything else, and for what lies more than ten years off either way.
    """
    if match := _TIMESTAMP.fullmatch(text):
        date, time, fraction, zone = match.groups()
        zone = "+00:00" if zone is None or zone in "Zz" else zone
        try:
            then = datetime.fromisoformat(f"{date}T{time}.{(fraction or '0')[:6]:0<6}{zone}").astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        return then if abs(then - now) <= _LONGEST_LIFE else None
    try:
        seconds = float(text)
    except ValueError:
        return None
    if not 0 <= seconds <= _LONGEST_LIFE.total_seconds():
        return None
    try:
        return now + timedelta(seconds=seconds)
    except OverflowError:  # a service that believes to live in the year 9999
        return None
