"""The mailbox of a demo or a service under test, read as its JSON."""

import time
from typing import Any

import httpx


def newest_mail(mailbox_url: str, limit: float = 10.0) -> dict[str, Any]:
    """The newest mail, as soon as there is one."""
    end = time.monotonic() + limit
    while not (mails := httpx.get(f"{mailbox_url}/messages").json()):
        assert time.monotonic() < end, "no mail came"
        time.sleep(0.02)
    return max(mails, key=lambda mail: str(mail["received"]))


def click(link: str) -> httpx.Response:
    """What the hosted page's script does with the link."""
    url = httpx.URL(link)
    verify = url.copy_with(path="/identity/v2/auth/email/smartlogin", query=None)
    return httpx.get(verify, params={"apikey": "demo-key", "verificationtoken": url.params["vtoken"]})
