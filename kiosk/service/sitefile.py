"""Reads a site from a TOML file, strictly: whatever is unknown or mistyped is named with its file and key.

name = "Lobby"                     # required, like api_key and api_secret
api_key = "..."
api_secret = "..."
device_name = "Lobby TV"           # the screen's name on the hosted page and in the mail
public_url = "https://login.example.com"
mail_from = "Lobby <no-reply@example.com>"
smart_login = true                 # false: 1135
enabled = true                     # false: 901 for every call
management = true                  # false: 902 for calls with the API secret
verified_only = false              # true: 970 for accounts with email_verified = false
duplicate_emails = false           # true: accounts may share an address; it then means 1183
tell_unknown = false               # true: 1023/938 for who is unknown
username_login = "on"              # "off": 1238, "only": 1183 for addresses
privacy_policy = "1.0"
redirect_hosts = ["www.example.com"]
confirm = "none"                   # against mail scanners: "button", or "number" that the screen shows
template_folder = "mails"          # own e-mail templates, see mail/templatefiles.py; from this file's folder
language = "en"                    # de, fr, es, ja: mails, and pages for those who prefer none of them
allowed_domains = ["example.com"]  # others: 1247
blocked_emails = ["x@example.com"] # 1056
link_minutes = 4320
access_token_minutes = 15
refresh_token_days = 60            # 0: none
requests_per_second = 50           # 0: no limit; beyond: 429
allowed_ips = ["192.0.2.0/24"]     # others: 1206

[mail_limit]                       # beyond: 1122
mails = 10
window_minutes = 15
disabled_minutes = 15

[[accounts]]
email = "jane.doe@example.com"     # or a list, the primary first; required
username = "jane"
first_name = "Jane"
last_name = "Doe"
image_url = "https://..."
uid = "..."                        # default: derived from the primary address
email_verified = true
policy_accepted = true             # false: 1194
refuse = 991                       # any code of the table
refuse_at = "link"                 # or "request", or "session": by every call with the access token

[templates.smartlogin-default]     # or NAME.txt ("Subject: …", an empty line, text) and NAME.html in template_folder
subject = "..."
text = "..."
html = "..."
"""

import ipaddress
import tomllib
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from kiosk.service.addresses import is_email
from kiosk.service.codes import CODES
from kiosk.service.decisions import DAY, MINUTE, USERNAME_LIMIT
from kiosk.service.errors import ServiceError
from kiosk.service.languages import LANGUAGES
from kiosk.service.mail.templatefiles import site_templates
from kiosk.service.sample import account_uid
from kiosk.service.site import Account, MailLimit, Site
from kiosk.service.tomltable import Table

_LONGEST_LIFE: Final = 129_600
"""Minutes: LoginRadius' upper bound for an access token."""
_LARGEST_FILE: Final = 16 * 1024 * 1024


def read_site(path: Path) -> Site:
    """Read the site file at `path`.

    Raises:
        ServiceError: the file is unreadable, no TOML, or holds an unknown key or a bad value.
    """
    table = Table(_parsed(path), f"site file {path}")
    site = _site(table, path.parent)
    table.finish()
    return site


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ServiceError(f"site file {path}: larger than 16 MiB")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ServiceError(f"site file {path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ServiceError(f"site file {path}: not UTF-8 (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise ServiceError(f"site file {path}: not TOML: {error}") from error


def _site(table: Table, folder: Path) -> Site:
    return Site(
        name=table.text("name", required=True),
        api_key=table.text("api_key", required=True),
        api_secret=table.text("api_secret", required=True),
        device_name=table.text("device_name"),
        public_url=_public_url(table),
        mail_from=_mail_from(table),
        smart_login=table.flag("smart_login", default=True),
        enabled=table.flag("enabled", default=True),
        management=table.flag("management", default=True),
        verified_only=table.flag("verified_only", default=False),
        duplicate_emails=table.flag("duplicate_emails", default=False),
        tell_unknown=table.flag("tell_unknown", default=False),
        username_login=table.choice("username_login", ("on", "off", "only")),
        privacy_policy=table.text("privacy_policy"),
        redirect_hosts=tuple(host.casefold() for host in table.texts("redirect_hosts")),
        confirm=table.choice("confirm", ("none", "button", "number")),
        language=table.choice("language", LANGUAGES),
        allowed_domains=tuple(domain.casefold() for domain in table.texts("allowed_domains")),
        blocked_emails=tuple(email.casefold() for email in table.texts("blocked_emails")),
        link_life=table.number("link_minutes", default=4_320, low=1, high=_LONGEST_LIFE) * MINUTE,
        token_life=table.number("access_token_minutes", default=15, low=1, high=_LONGEST_LIFE) * MINUTE,
        refresh_life=table.number("refresh_token_days", default=60, low=0, high=3_650) * DAY,
        allowed_ips=_networks(table),
        requests_per_second=table.number("requests_per_second", default=50, low=0, high=1_000_000),
        mail_limit=_mail_limit(table),
        accounts=_accounts(table, shared_emails=table.flag("duplicate_emails", default=False)),
        templates=site_templates(table, folder),
    )


def checked_public_url(url: str, where: str) -> str:
    """Return `url` without a trailing slash.

    Raises:
        ServiceError: it is not an http(s) address that a path can be appended to; `where` names the setting.
    """
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
        fine = fine and not parts.username and parts.port != 0 and url.isprintable() and " " not in url
    except ValueError:
        fine = False
    if not fine:
        raise ServiceError(f"{where}: not an http or https address: {url!r}")
    return url.rstrip("/")


def checked_sender(sender: str, where: str) -> str:
    """Return `sender`, an address or `Name <address>`.

    Raises:
        ServiceError: it is not one; `where` names the setting.
    """
    address = parseaddr(sender)[1]
    domain_fine = is_email(address) or address.endswith("@localhost")
    if not (domain_fine and address.isascii() and sender.isprintable()):
        raise ServiceError(f"{where}: not an e-mail address: {sender!r}")
    return sender


def _public_url(table: Table) -> str:
    url = table.text("public_url")
    return checked_public_url(url, table.where("public_url")) if url else ""


def _mail_from(table: Table) -> str:
    sender = table.text("mail_from")
    return checked_sender(sender, table.where("mail_from")) if sender else ""


def _mail_limit(table: Table) -> MailLimit:
    part = table.table("mail_limit")
    limit = MailLimit(
        mails=part.number("mails", default=10, low=1, high=1_000_000),
        window=part.number("window_minutes", default=15, low=1, high=_LONGEST_LIFE) * MINUTE,
        disabled=part.number("disabled_minutes", default=15, low=1, high=_LONGEST_LIFE) * MINUTE,
    )
    part.finish()
    return limit


def _networks(table: Table) -> tuple[str, ...]:
    networks = table.texts("allowed_ips")
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            table.fail("allowed_ips", f"is no IP network: {network!r}")
    return tuple(networks)


def _accounts(table: Table, *, shared_emails: bool) -> tuple[Account, ...]:
    accounts: list[Account] = []
    seen: set[tuple[str, str]] = set()
    for part in table.tables("accounts"):
        account = _account(part)
        part.finish()
        keys = [] if shared_emails else [("email", email.casefold()) for email in account.emails]
        keys += [("username", account.username.casefold())] if account.username else []
        keys += [("uid", account.uid)]
        for key in keys:
            if key in seen:
                part.fail(key[0], "belongs to another account already")
            seen.add(key)
        accounts.append(account)
    return tuple(accounts)


def _account(part: Table) -> Account:
    emails = part.texts("email", one=True)
    if not emails:
        part.fail("email", "is missing")
    for email in emails:
        if not is_email(email):
            part.fail("email", "is not an e-mail address")
    username = part.text("username")
    if len(username) > USERNAME_LIMIT or " " in username:
        part.fail("username", f"has more than {USERNAME_LIMIT} characters or a space")
    refuse = part.number("refuse", default=0, low=0, high=9_999)
    if refuse and refuse not in CODES:
        part.fail("refuse", "is no code of the table")
    return Account(
        uid=part.text("uid") or account_uid(emails[0]),
        emails=tuple(emails),
        username=username,
        first_name=part.text("first_name"),
        last_name=part.text("last_name"),
        image_url=part.text("image_url"),
        email_verified=part.flag("email_verified", default=True),
        policy_accepted=part.flag("policy_accepted", default=True),
        refuse=refuse,
        refuse_at=part.choice("refuse_at", ("link", "request", "session")),
    )
