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
"""

import uuid
from dataclasses import replace
from typing import Final

from kiosk.service.site import Account, Site

_NAMESPACE: Final = uuid.UUID("5f1e7a5c-4d0a-4c56-9a53-6d4e6f2b7c10")


def account_uid(email: str) -> str:
    """Derive a stable account id from the primary address, so that sessions outlive a restart."""
    return uuid.uuid5(_NAMESPACE, email.casefold()).hex


def _account(username: str, email: str, first: str, last: str) -> Account:
    return Account(account_uid(email), (email,), username, first, last)


def _refused(name: str, code: int, *, at_once: bool) -> Account:
    account = _account(name, f"{name}@example.com", name.capitalize(), "Sample")
    return replace(account, refuse=code, refuse_at="request" if at_once else "link")


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
        ),
    )
