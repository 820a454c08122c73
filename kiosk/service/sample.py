"""The built-in sample site: what `kiosk demo` and `kiosk serve` use when no site file is given.

API key `demo-key`, API secret `demo-secret`. Every other address is unknown: it is answered like a known one, and no
mail goes out. Of the accounts below, the plain ones show ways to be, the refused ones provoke their error code:

| e-mail | username | what it shows |
|---|---|---|
| jane.doe@example.com | jane | the ordinary case |
| john.smith@example.com | john | a second person |
| juergen.mueller@example.com | juergen | Jürgen Müller-Lüdenscheidt: umlauts and a long name |
| yuki.tanaka@example.com | yuki | 雪 田中: wide characters |
| new@example.com | new | e-mail not verified yet: the click on the link verifies it |
| policy@example.com | policy | 1194 with `Data.access_token`: the privacy policy must be accepted first |
| locked@example.com | locked | 1132 at the request: account locked |
| blocked@example.com | blocked | 991 at the request: account blocked |
| unverified@example.com | unverified | 970 at the request: the e-mail must be verified elsewhere first |
| suspended@example.com | suspended | 1130 after the click, as a site says it that tells strangers nothing |
| mfa@example.com | mfa | 1176 after the click: a second factor is needed |
| e991@example.com | e991 | 991 at the request; likewise e and the number for **every** code of the table |
| e1063@example.com | e1063 | 1063 after the click; likewise 973, 974, 975, 979, 1137 and 1138, which pages are told |
| e905@example.com | e905 | 905 to every call with the access token; likewise 906, 1055, 1060 and 2024 |
"""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kiosk.service.codes import CODES
from kiosk.service.site import Account, RefusedAt, Site

_NAMESPACE: Final = uuid.UUID("5f1e7a5c-4d0a-4c56-9a53-6d4e6f2b7c10")
_TOLD_TO_PAGES: Final = frozenset({973, 974, 975, 979, 1063, 1137, 1138})
_TOLD_TO_SESSIONS: Final = frozenset({905, 906, 1055, 1060, 2024})


def account_uid(email: str) -> str:
    """Derive a stable account id from the primary address, so that sessions outlive a restart."""
    return uuid.uuid5(_NAMESPACE, email.casefold()).hex


def _account(username: str, email: str, first: str, last: str) -> Account:
    return Account(account_uid(email), (email,), username, first, last)


def _refused(name: str, code: int, *, at_once: bool) -> Account:
    account = _account(name, f"{name}@example.com", name.capitalize(), "Sample")
    return replace(account, refuse=code, refuse_at="request" if at_once else "link")


def _one_for_every_code() -> Iterator[Account]:
    for code in CODES:
        account = _account(f"e{code}", f"e{code}@example.com", "Error", str(code))
        where: RefusedAt = "link" if code in _TOLD_TO_PAGES else "session" if code in _TOLD_TO_SESSIONS else "request"
        yield replace(account, refuse=code, refuse_at=where)


def sample_site() -> Site:
    """Build the sample site."""
    return Site(
        name="Smart Login demo",
        device_name="the demo screen",
        api_key="demo-key",
        api_secret="demo-secret",  # noqa: S106 - documented, and worth nothing outside a demo
        privacy_policy="1.0",
        accounts=(
            _account("jane", "jane.doe@example.com", "Jane", "Doe"),
            _account("john", "john.smith@example.com", "John", "Smith"),
            _account("juergen", "juergen.mueller@example.com", "Jürgen", "Müller-Lüdenscheidt"),
            _account("yuki", "yuki.tanaka@example.com", "雪", "田中"),
            replace(_account("new", "new@example.com", "New", "Sample"), email_verified=False),
            replace(_account("policy", "policy@example.com", "Policy", "Sample"), policy_accepted=False),
            _refused("locked", 1132, at_once=True),
            _refused("blocked", 991, at_once=True),
            _refused("unverified", 970, at_once=True),
            _refused("suspended", 1130, at_once=False),
            _refused("mfa", 1176, at_once=False),
            *_one_for_every_code(),
        ),
    )
