"""An order as it waits in the outbox: all that is needed to write the mail, by whichever process sends it.

Like the spool of a mail server it holds login links in plain text, until the mail is sent or given up. That is why the
store file belongs to its owner only.
"""

import json
from dataclasses import asdict, dataclass

from kiosk.service.mail.order import Order
from kiosk.service.site import Account


@dataclass(frozen=True)
class Letter:
    """An order and the name of its mail."""

    order: Order
    name: str
    """Makes the Message-ID, so that a receiver recognises a mail that comes twice."""

    def packed(self) -> bytes:
        """As bytes for the store."""
        account = self.order.account
        fields = {name: value for name, value in asdict(self.order).items() if name != "account"}
        person = [account.uid, account.primary, account.username, account.first_name, account.last_name]
        return json.dumps({"name": self.name, "person": person, "order": fields}).encode()

    @property
    def label(self) -> str:
        """What an operator may see of it: the address stays recognisable for whoever knows it."""
        local, _, domain = self.order.account.primary.rpartition("@")
        kind = "welcome mail" if self.order.welcome else "login mail"
        return f"{kind} to {local[:1]}•••@{domain}"


def unpacked(data: bytes) -> Letter:
    """Read a letter back.

    Raises:
        ValueError: it was not written by this version.
    """
    try:
        found = json.loads(data)
        uid, email, username, first_name, last_name = found["person"]
        account = Account(uid, (email,), username, first_name, last_name)
        return Letter(Order(account=account, **found["order"]), found["name"])
    except (KeyError, TypeError) as error:
        raise ValueError("not a letter") from error
