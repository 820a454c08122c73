"""From an HTTP answer to a value or an error: which key means what, and what is wanted of each call."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from kiosk.smartlogin.dates import http_date
from kiosk.smartlogin.errors import BadAnswer, RateLimited, ServiceTrouble, SmartLoginError
from kiosk.smartlogin.models import Profile, Session, Token
from kiosk.smartlogin.refusals import NotClickedYet, PrivacyPolicyDue, Refusal
from kiosk.smartlogin.wire import Fields

LONGEST_RETRY = 3600.0
"""Seconds: a `Retry-After` beyond an hour is taken for an hour, so that no typo silences a box for a year."""

CAPTIVE = 511
"""Network Authentication Required (RFC 6585 section 6): never the service's own word, but a network's before it."""


def error_in(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> SmartLoginError:
    """The error that an answer other than 200 stands for.

    Args:
        status: HTTP status.
        headers: HTTP headers, keys in any case that `headers` itself understands.
        body: The body, as it came.
        now: The service's time (its `Date`), against which dates are read.
    """
    try:
        fields = Fields.of(body)
    except BadAnswer as bad:
        if status == 429:
            return RateLimited(429, retry_after(headers, now))
        # A gateway's error page is the service's trouble; the same with any other status is somebody else's page.
        return ServiceTrouble(status) if status >= 500 and status != CAPTIVE else bad
    code = fields.number("ErrorCode")
    if status == 429 or code == 429:
        return RateLimited(code or 429, retry_after(headers, now))
    kind = class_for(code) if code is not None else None
    if kind is PrivacyPolicyDue:
        return PrivacyPolicyDue(code, _token(fields.part("Data"), now))
    if kind is NotClickedYet:
        return NotClickedYet(
            code, retry_after(headers, now), number=_number(fields.text("Number")), wait=_wait(fields.text("Wait"))
        )
    if kind is not None:
        return kind(code, retry_after(headers, now))
    if code is not None and 400 <= status < 500:
        return Refusal(code)
    return ServiceTrouble(code or status) if status >= 500 or code is not None else BadAnswer(status)


def class_for(code: int) -> type[SmartLoginError] | None:
    """The class that stands for one of LoginRadius' error codes; None for a code that nobody documents."""
    return next((kind for kind in _family(SmartLoginError) if code in kind.codes), None)


def _family(root: type[SmartLoginError]) -> Iterator[type[SmartLoginError]]:
    yield root
    for child in root.__subclasses__():
        yield from _family(child)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by `Retry-After`, given as seconds or as a date (RFC 9110 section 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_RETRY)
    then = http_date(value)
    return None if then is None else min(max(0.0, (then - now).total_seconds()), LONGEST_RETRY)


def _number(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) <= 4 else ""


def _wait(text: str) -> float:
    return float(text) if re.fullmatch(r"\d{1,4}(\.\d{1,3})?", text, re.ASCII) else 0.0


def posted(fields: Fields) -> None:
    """`{"IsPosted": true}`.

    Raises:
        BadAnswer: for anything else.
    """
    if not fields.flag("IsPosted"):
        raise BadAnswer


def _token(fields: Fields, now: datetime) -> Token | None:
    access_token = fields.secret("access_token")
    if not access_token:
        return None
    expires_at = fields.moment("expires_in", now)
    return Token(
        access_token=access_token,
        refresh_token=fields.secret("refresh_token"),
        expires_at=expires_at,
        lifetime=None if expires_at is None else max(0.0, (expires_at - now).total_seconds()),
    )


def token(fields: Fields, now: datetime) -> Token:
    """Token data, as validate and sliding token answer it.

    Raises:
        BadAnswer: there is no access token in it.
    """
    if (found := _token(fields, now)) is None:
        raise BadAnswer
    return found


def profile(fields: Fields) -> Profile:
    """A profile; every key may be missing or null."""
    emails = [entry.text("Value") for entry in fields.parts("Email")]
    return Profile(
        uid=fields.text("Uid"),
        first_name=fields.text("FirstName"),
        last_name=fields.text("LastName"),
        full_name=fields.text("FullName"),
        username=fields.text("UserName"),
        email=next(filter(None, emails), ""),
    )


def session(fields: Fields, now: datetime) -> Session:
    """The ping's answer after the click: `{"Profile": {…}, "access_token": "…", "expires_in": "…"}`.

    Raises:
        BadAnswer: there is no access token in it.
    """
    return Session(token(fields, now), profile(fields.part("Profile")))
