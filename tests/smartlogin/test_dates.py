"""Dates of HTTP."""

from datetime import UTC, datetime

import pytest

from kiosk.smartlogin.dates import http_date

THEN = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", THEN),
        ("Sunday, 06-Nov-94 08:49:37 GMT", THEN),
        ("Sun Nov  6 08:49:37 1994", THEN),
        (" sun, 6 nov 1994 08:49:37 gmt ", THEN),
        ("Wed, 25 Nov 2026 13:00:60 GMT", datetime(2026, 11, 25, 13, 0, 59, tzinfo=UTC)),
        ("Wednesday, 25-Nov-26 13:00:00 GMT", datetime(2026, 11, 25, 13, tzinfo=UTC)),
        ("Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:38 GMT", THEN),
        ("Fri, 31 Dec 9999 23:59:59 GMT", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_date(text: str, moment: datetime) -> None:
    assert http_date(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "", "120", "soon", "Sun, 31 Feb 2026 00:00:00 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT", "Sun, 06 Nov 1994 25:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 +0200",
        "Sun, 06 Nov 1994 08:49:37 GMT, again", "Sun, 06 Nov 1994 08:49:37 GMT, " * 3000,
        "Sun, ٠٦ Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT\x00",
    ],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert http_date(text) is None
