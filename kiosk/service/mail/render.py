"""Writes a login mail: headers, text and HTML, as mail servers expect it."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr

from kiosk.service.mail.order import Order
from kiosk.service.mail.template import chosen, filled_header, filled_html, filled_text, values_for
from kiosk.service.site import Site

_UNTIL = "%d %B %Y, %H:%M UTC"


def rendered(site: Site, public_url: str, sender: str, order: Order) -> EmailMessage:
    """Write the mail that was ordered."""
    template = chosen(site, order.template)
    until = datetime.fromtimestamp(order.ordered + site.link_life, UTC).strftime(_UNTIL)
    values = values_for(site, public_url, order, until)
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(
        filled_header("#Name#", values) if order.account.full_name else "", addr_spec=order.account.primary
    )
    message["Subject"] = filled_header(template.subject, values)
    message["Date"] = format_datetime(datetime.fromtimestamp(order.ordered, UTC))
    message["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    # Keeps holiday notices from answering, RFC 3834.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(filled_text(template.text, values))
    message.add_alternative(filled_html(template.html, values), subtype="html")
    return message


def part_of(message: EmailMessage, kind: str) -> str:
    """The `plain` or `html` text of a mail."""
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
