"""Dates as HTTP has them (RFC 9110 section 5.6.7). The standard library's reader brings all of e-mail along."""

import re
from datetime import UTC, datetime

_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_FORMS = (
    rf"[a-z]{{3,9}}, ?(?P<day>\d\d?)[ -](?P<month>[a-z]{{3}})[ -](?P<year>\d\d(\d\d)?) {_TIME} (GMT|UTC)",
    rf"[a-z]{{3}} (?P<month>[a-z]{{3}}) (?P<day>[ \d]\d) {_TIME} (?P<year>\d{{4}})",
)
"""`Sun, 06 Nov 1994 08:49:37 GMT` and `Sunday, 06-Nov-94 08:49:37 GMT`; and C's `Sun Nov  6 08:49:37 1994`."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def http_date(value: str) -> datetime | None:
    """An HTTP date, in UTC; None where it is none. Of two, as a proxy adds its own to the service's, the first."""
    first, parted, second = value.partition(" GMT, ")
    return _one(f"{first} GMT") if parted and _one(second) else _one(value)


def _one(value: str) -> datetime | None:
    for form in _FORMS:
        if found := re.fullmatch(form, value.strip(), re.ASCII | re.IGNORECASE):
            return _moment(found.groupdict())
    return None


def _moment(said: dict[str, str]) -> datetime | None:
    year = int(said["year"])
    if len(said["year"]) == 2:
        year += 2000 if year < 70 else 1900  # as POSIX has it
    try:
        month = _MONTHS.index(said["month"].lower()) + 1
        # A leap second is told as the 60th, and `datetime` has none.
        clock = int(said["hour"]), int(said["minute"]), min(int(said["second"]), 59)
        return datetime(year, month, int(said["day"]), *clock, tzinfo=UTC)
    except ValueError:
        return None
