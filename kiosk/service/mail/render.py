"""Writes a mail: headers, text and HTML, as mail servers expect it."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, SMTPUTF8, compat32
from email.utils import format_datetime, parseaddr

import idna

from kiosk.service.mail.order import Order
from kiosk.service.mail.template import chosen, filled_header, filled_html, filled_text, values_for
from kiosk.service.site import Site


def rendered(site: Site, public_url: str, sender: str, order: Order, name: str) -> EmailMessage:
    """Write the mail that was ordered; `name` makes its Message-ID, the same on every try.

    Raises:
        ValueError: it cannot be written safely.
    """
    template = chosen(site, order)
    values = values_for(site, public_url, order)
    receiver = wire_address(order.account.primary)
    title = filled_header("#Name#", values) if order.account.full_name else ""
    sender_title, sender_address = parseaddr(sender)
    # Only a mailbox whose own name is beyond ASCII needs a mail server that speaks SMTPUTF8.
    message = EmailMessage(policy=SMTP if receiver.isascii() else SMTPUTF8)
    message["From"] = _address(sender_title, sender_address)
    message["To"] = _address(title, receiver)
    message["Subject"] = filled_header(template.subject, values)
    message["Date"] = format_datetime(datetime.fromtimestamp(order.ordered, UTC))
    message["Message-ID"] = f"<{name}@{sender_address.rpartition('@')[2]}>"
    # Keeps holiday notices from answering, RFC 3834.
    message["Auto-Submitted"] = "auto-generated"
    # Quoted-printable passes servers that take seven bits only, and keeps lines short whatever a template holds.
    message.set_content(filled_text(template.text, values), cte="quoted-printable")
    message.add_alternative(filled_html(template.html, values), subtype="html", cte="quoted-printable")
    _check(message)
    return message


def _check(message: EmailMessage) -> None:
    """Read the headers back as a mail server would: none may have come in by way of a value.

    Every value was made harmless before; this is for what Python's `email` does with it after that.

    Raises:
        ValueError: there is a header that nobody wrote.
    """
    head = message.as_bytes().partition(b"\r\n\r\n")[0]
    if (
        head.count(b"\n") != head.count(b"\r\n")
        or BytesParser(policy=compat32).parsebytes(head).keys() != message.keys()
    ):
        raise ValueError("a value has broken out of its header")


def wire_address(address: str) -> str:
    """Return an address as a mail server wants it: an international domain in its ASCII form."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError:
        return address  # no domain of this world: the mail server says so, and the operator reads it


def part_of(message: EmailMessage, kind: str) -> str:
    """The `plain` or `html` text of a mail."""
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _address(title: str, address: str) -> Address:
    # Taken apart here: the registry's own parser refuses addresses beyond ASCII.
    local, _, domain = address.rpartition("@")
    return Address(title, local, domain)
