"""The service's own mailbox: mails stay here instead of going out, for demos and tests.

It lives in the store, so that a mail survives a restart and is seen by a second process on the same file, as it would
be in a mail server. Unlike everything else in the store, its login links are readable there; that is what a mailbox
is, and why the store file belongs to its owner only. Where mails go out by SMTP, none is ever written here.
"""

import re
import secrets
from typing import Final

from kiosk.service.decisions import MAILBOX_LIMIT
from kiosk.service.mail.order import Order
from kiosk.service.mail.render import part_of, rendered
from kiosk.service.site import Site
from kiosk.service.store.base import MailboxMail, Store

_LINK: Final = re.compile(r"https?://[^\s<>\"]+")


class Mailbox:
    """A `Post` that keeps the mails."""

    def __init__(self, site: Site, store: Store, public_url: str, sender: str) -> None:
        self._site = site
        self._store = store
        self._public_url = public_url
        self._sender = sender

    async def put(self, order: Order) -> None:
        """Write the mail and keep it; it is there when the request is answered."""
        message = rendered(self._site, self._public_url, self._sender, order, secrets.token_hex(12))
        mail = MailboxMail(
            id=0,
            to=order.account.primary,
            subject=str(message["Subject"]),
            received=order.ordered,
            text=part_of(message, "plain"),
            html=part_of(message, "html"),
        )
        # A mail to nobody is kept where nobody looks: the request takes as long as any other.
        box = f"{self._site.api_key}\0nobody" if order.nobody else self._site.api_key
        await self._store.put_mail(box, mail, MAILBOX_LIMIT)

    async def start(self) -> None:
        """Nothing to begin."""

    async def stop(self) -> None:
        """Nothing to end."""


def links_in(text: str) -> list[str]:
    """The addresses in the text of a mail, each once, in order."""
    return list(dict.fromkeys(_LINK.findall(text)))
