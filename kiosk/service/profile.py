"""The profile that a ping and the account call answer, and its projection by `fields`."""

import re
from collections.abc import Mapping
from typing import Any, Final

from kiosk.service.contract import Json, printed_time
from kiosk.service.site import Account, Site
from kiosk.service.store.base import AccountNotes

# What LoginRadius sends for people of whom nothing more is known; clients expect the keys.
_UNKNOWN: Final = (
    "Prefix",
    "MiddleName",
    "Suffix",
    "NickName",
    "BirthDate",
    "Gender",
    "Website",
    "PhoneId",
    "Company",
)
_PIECE: Final = re.compile(r"[^,()/\s]+|[,()/]")
_DEEPEST: Final = 8


def policy_accepted(site: Site, account: Account, notes: AccountNotes) -> bool:
    """Tell whether the account has accepted the privacy policy in force."""
    return not site.privacy_policy or account.policy_accepted or notes.policy == site.privacy_policy


def profile(site: Site, account: Account, notes: AccountNotes) -> Json:
    """Build the profile of an account."""
    types = ["Primary", *["Secondary"] * (len(account.emails) - 1)]
    return {
        "Identities": None,
        "Uid": account.uid,
        "ID": account.uid,
        "Provider": "Email",
        "FirstName": account.first_name or None,
        "LastName": account.last_name or None,
        "FullName": account.full_name or None,
        "UserName": account.username or None,
        "Email": [{"Type": kind, "Value": email} for kind, email in zip(types, account.emails, strict=True)],
        "EmailVerified": account.email_verified or notes.email_verified,
        "ImageUrl": account.image_url or None,
        "PrivacyPolicy": _policy(site, account, notes),
        "IsActive": True,
        "IsDeleted": False,
        "CustomFields": None,
        **dict.fromkeys(_UNKNOWN),
    }


def _policy(site: Site, account: Account, notes: AccountNotes) -> Json | None:
    if not site.privacy_policy or not policy_accepted(site, account, notes):
        return None
    moment = printed_time(notes.policy_accepted) if notes.policy == site.privacy_policy else None
    return {"Version": site.privacy_policy, "AcceptSource": "Web", "AcceptDateTime": moment}


class _Wanted(dict[str, "_Wanted"]):
    """Names to keep, lower-cased; an empty one below a name keeps all that is below it."""


def projected(body: Json, fields: str) -> Json:
    """Keep only the named parts of `body`: a comma list of names, `a/b`, `a(b,c)`, `*`.

    Names are matched without regard to case; unknown names are ignored; a malformed list keeps what could be read.
    """
    wanted = _parsed(fields)
    # Both `Profile(FirstName)` and `FirstName` are seen in the wild.
    if "profile" in wanted:
        wanted = wanted["profile"]
    return _kept(body, wanted) if wanted and "*" not in wanted else body


def _parsed(fields: str) -> _Wanted:
    root = _Wanted()
    open_groups = [root]
    here = last = root
    for piece in _PIECE.findall(fields.casefold()):
        if piece == "," or (piece == ")" and len(open_groups) == 1):
            here = open_groups[-1]
        elif piece == "/":
            here = last
        elif piece == "(":
            if len(open_groups) < _DEEPEST:
                open_groups.append(last)
            here = open_groups[-1]
        elif piece == ")":
            open_groups.pop()
            here = open_groups[-1]
        else:
            last = here.setdefault(piece, _Wanted())
    return root


def _kept(body: Mapping[str, Any], wanted: _Wanted) -> Json:
    return {key: _below(value, wanted[key.casefold()]) for key, value in body.items() if key.casefold() in wanted}


def _below(value: Any, wanted: _Wanted) -> Any:
    if not wanted or "*" in wanted:
        return value
    if isinstance(value, Mapping):
        return _kept(value, wanted)
    if isinstance(value, list):
        return [_below(item, wanted) for item in value]
    return value
