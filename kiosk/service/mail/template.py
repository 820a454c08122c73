"""E-mail templates: which one a mail gets, and LoginRadius' placeholders, filled in safely."""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from kiosk.service.languages import words
from kiosk.service.mail.defaults import NAMES, Kind, built_in
from kiosk.service.mail.order import Order
from kiosk.service.site import MailTemplate, Site

_PLACEHOLDER: Final = re.compile(r"#([A-Za-z]+)#")
_TOKEN: Final = re.compile(r"#guid#", re.IGNORECASE)
_LONGEST_VALUE: Final = 500
# Joiners are no trick but spelling: Persian names and some emoji fall apart without them.
_KEPT: Final = frozenset("\u200c\u200d")


def chosen(site: Site, order: Order) -> MailTemplate:
    """Return the template that the order names; an unknown one, or one of the wrong kind, means the default."""
    kind: Kind = "welcome" if order.welcome else "login"
    for name in (order.template, NAMES[kind]):
        template = site.templates.get(name)
        if template and carries_link(template) is not order.welcome:
            return template
    return built_in(kind, site.language, with_number=site.confirm == "number")


def carries_link(template: MailTemplate) -> bool:
    """Tell whether a template is one for login mails: whether it holds the verification token."""
    return bool(_TOKEN.search(template.text) or _TOKEN.search(template.html))


def values_for(site: Site, public_url: str, order: Order) -> Mapping[str, str]:
    """Collect the placeholders' values; names lower-cased.

    `#GUID#` is the verification token, never the device's GUID. `#SiteName#`, `#ScreenName#` and `#Until#` are ours.
    """
    account = order.account
    return {
        "name": account.full_name or account.username or account.primary,
        "firstname": account.first_name,
        "lastname": account.last_name,
        "email": account.primary,
        "username": account.username,
        "url": f"{public_url}/auth",
        "guid": order.token,
        "ipaddress": order.ip_address or words(site.language)("mail.unknown_address"),
        "useragent": order.user_agent,
        "city": "",  # no third party is asked where an address lives
        "country": "",
        "sitename": site.name,
        "screenname": site.screen_name,
        "until": _moment(order.ordered + site.link_life, site.language),
    }


def filled_text(text: str, values: Mapping[str, str]) -> str:
    """Fill a text in; values lose their line breaks and control characters."""
    return _filled(text, values, _plain)


def filled_html(text: str, values: Mapping[str, str]) -> str:
    """Fill an HTML text in; values are escaped."""
    return _filled(text, values, lambda value: html.escape(_plain(value)))


def filled_header(text: str, values: Mapping[str, str]) -> str:
    """Fill a header in; the result is one line, and says what it says.

    Python's `email` decodes what looks like an encoded word, line breaks in it included, and writes them as they are:
    a name like `=?utf-8?q?=0ABcc:…?=` would become a header of its own.
    """
    return _plain(_filled(text, values, _plain)).replace("=?", "= ?")


def _filled(text: str, values: Mapping[str, str], safe: Callable[[str], str]) -> str:
    # One pass: a value that looks like a placeholder stays what it is. Unknown placeholders stay visible.
    return _PLACEHOLDER.sub(
        lambda match: safe(values[match[1].lower()]) if match[1].lower() in values else match[0], text
    )


def _plain(value: str) -> str:
    kept = "".join(
        char if char in _KEPT or unicodedata.category(char)[0] != "C" else " " for char in value[:_LONGEST_VALUE]
    )
    return " ".join(kept.split())


def _moment(moment: float, language: str) -> str:
    # Not by strftime: its names of months follow the locale of the process.
    spoken, time = words(language), datetime.fromtimestamp(moment, UTC)
    month = spoken("time.months").split()[time.month - 1]
    return spoken("time.moment", day=str(time.day), month=month, year=str(time.year), time=f"{time:%H:%M}")
