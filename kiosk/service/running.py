"""Assembles a service from its options. Imports the web framework: import it late."""

import ipaddress
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette

from kiosk.service.app import build_app
from kiosk.service.errors import ServiceError
from kiosk.service.house import House
from kiosk.service.listening import is_loopback_host, loopback_url, reachable_url
from kiosk.service.mail.mailbox import Mailbox
from kiosk.service.mail.post import Post
from kiosk.service.options import Options
from kiosk.service.sample import sample_site
from kiosk.service.site import Site
from kiosk.service.sitefile import checked_public_url, checked_sender, read_site
from kiosk.service.store import open_store
from kiosk.service.store.base import Store
from kiosk.service.watch import Write

_SENDER: Final = "no-reply@localhost"
_MAILBOX: Final = ("", "mailbox:")


@dataclass(frozen=True)
class Parts:
    """A service that is ready to run."""

    house: House
    app: Starlette
    url: str
    mailbox_url: str
    """"" when there is no mailbox, or none that this machine can reach."""
    warnings: tuple[str, ...]
    """What the operator should know, one line each."""

    def close(self) -> None:
        """Give the store back."""
        self.house.store.close()


def assemble(options: Options, port: int, log: Write | None = None) -> Parts:
    """Put a service together that will listen on `port`; `log` takes the lines of the access log.

    Raises:
        ServiceError: an option, the site file or the store is no good.
    """
    site = read_site(options.site) if options.site else sample_site()
    url = reachable_url(options.host, port)
    public_url = checked_public_url(options.public_url or site.public_url or url, "public URL")
    sender = checked_sender(options.mail_from or site.mail_from or _SENDER, "sender of mails")
    _check_proxies(options.proxies)
    store = open_store(options.store)
    with ExitStack() as cut_short:
        cut_short.callback(store.close)
        post = _post(options, site, store, public_url, sender)
        house = House(site=site, store=store, post=post, public_url=public_url)
        mailbox = isinstance(post, Mailbox)
        parts = Parts(
            house=house,
            app=build_app(house, log),
            url=url,
            mailbox_url=_mailbox_url(options.host, port) if mailbox else "",
            warnings=tuple(_warnings(options, site, mailbox=mailbox)),
        )
        cut_short.pop_all()
    return parts


def _post(options: Options, site: Site, store: Store, public_url: str, sender: str) -> Post:
    if not options.mail or options.mail in _MAILBOX:
        return Mailbox(site, store, public_url, sender)
    # Imported here: a demo never speaks SMTP.
    from kiosk.service.mail.outbox import OutboxPost
    from kiosk.service.mail.smtpurl import smtp_server

    return OutboxPost(site, store, smtp_server(options.mail), public_url, sender, time.time)


def _check_proxies(proxies: tuple[str, ...]) -> None:
    for proxy in proxies:
        try:
            ipaddress.ip_network(proxy)
        except ValueError as error:
            raise ServiceError(f"proxy {proxy!r}: not an address or network") from error


def _mailbox_url(host: str, port: int) -> str:
    base = loopback_url(host, port)
    return f"{base}/mailbox" if base else ""


def _warnings(options: Options, site: Site, *, mailbox: bool) -> Iterator[str]:
    if is_loopback_host(options.host):
        return
    if not options.proxies:
        yield f"{options.host} is reachable from other machines, by plain http: put a reverse proxy with TLS in front"
    if not (options.public_url or site.public_url):
        yield "no public_url is set: login links name this machine as it is called here"
    if mailbox:
        yield "the mailbox is open on this machine only; give --mail smtp://… to send real mails"
    if not options.site:
        yield "this is the sample site: its API key is public"
