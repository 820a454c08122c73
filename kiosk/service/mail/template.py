"""E-mail templates: LoginRadius' placeholders, filled in safely, and the built-in template."""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from kiosk.service.decisions import LINK_TYPE
from kiosk.service.mail.order import Order
from kiosk.service.site import MailTemplate, Site

DEFAULT_NAME: Final = "smartlogin-default"
_PLACEHOLDER: Final = re.compile(r"#([A-Za-z]+)#")
_LONGEST_VALUE: Final = 500
_LINK: Final = f"#Url#?vtype={LINK_TYPE}&vtoken=#GUID#"

DEFAULT: Final = MailTemplate(
    subject="Sign in on #ScreenName#",
    text=f"""Hello #Name#,

open this link to sign in on #ScreenName#:

{_LINK}

It works once, until #Until#. You can open it on any device; the screen continues by itself.

The request came from #IpAddress#. If it was not you, ignore this mail: without the link nobody gets in.

#SiteName#
""",
    html=f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Sign in on #SiteName#</title></head>
<body style="margin:0;padding:24px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;line-height:1.5">
<div style="max-width:32rem;margin:0 auto">
<p>Hello #Name#,</p>
<p>open this link to sign in on <strong>#ScreenName#</strong>:</p>
<p style="margin:24px 0"><a href="{_LINK.replace("&", "&amp;")}"
style="display:inline-block;padding:14px 28px;border-radius:8px;background:#0b5cad;color:#ffffff;\
text-decoration:none;font-weight:600">Sign in</a></p>
<p>It works once, until #Until#. You can open it on any device; the screen continues by itself.</p>
<p style="font-size:14px;opacity:.8">Does the button not work? Copy this address into a browser:<br>
<span style="word-break:break-all">{_LINK.replace("&", "&amp;")}</span></p>
<p style="font-size:14px;opacity:.8">The request came from #IpAddress#. If it was not you, ignore this mail:
without the link nobody gets in.</p>
<p style="font-size:14px;opacity:.8">#SiteName#</p>
</div></body></html>
""",
)


def chosen(site: Site, name: str) -> MailTemplate:
    """Return the template of that name; an unknown one means the default, as LoginRadius does it."""
    return site.templates.get(name) or site.templates.get(DEFAULT_NAME) or DEFAULT


def values_for(site: Site, public_url: str, order: Order, until: str) -> Mapping[str, str]:
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
        "ipaddress": order.ip_address or "an unknown address",
        "useragent": order.user_agent,
        "city": "",  # no third party is asked where an address lives
        "country": "",
        "sitename": site.name,
        "screenname": site.screen_name,
        "until": until,
    }


def filled_text(text: str, values: Mapping[str, str]) -> str:
    """Fill a text in; values lose their line breaks and control characters."""
    return _filled(text, values, _plain)


def filled_html(text: str, values: Mapping[str, str]) -> str:
    """Fill an HTML text in; values are escaped."""
    return _filled(text, values, lambda value: html.escape(_plain(value)))


def filled_header(text: str, values: Mapping[str, str]) -> str:
    """Fill a header in; the result is one line."""
    return _plain(_filled(text, values, _plain))


def _filled(text: str, values: Mapping[str, str], safe: Callable[[str], str]) -> str:
    # One pass: a value that looks like a placeholder stays what it is. Unknown placeholders stay visible.
    return _PLACEHOLDER.sub(
        lambda match: safe(values[match[1].lower()]) if match[1].lower() in values else match[0], text
    )


def _plain(value: str) -> str:
    kept = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in value[:_LONGEST_VALUE])
    return " ".join(kept.split())
