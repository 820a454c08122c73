"""A post, its store and its clock, for tests of mails that go out."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.service.mail.order import Order
from kiosk.service.mail.outbox import OutboxPost
from kiosk.service.mail.smtpurl import smtp_server
from kiosk.service.sample import sample_site
from kiosk.service.site import Account, Site
from kiosk.service.store import open_store
from kiosk.service.store.base import Store
from tests.service.world import JANE, PUBLIC_URL, START, Clock

SITE = sample_site()
SENDER = "The Lobby <no-reply@example.com>"
TOKEN = "0123456789abcdef0123456789abcdef"
NOWHERE = "smtp://127.0.0.1:1"


def order(email: str = JANE, **changes: object) -> Order:
    account = Account("u", (email,), "jane", "Jane", "Doe")
    return replace(Order(account, TOKEN, "", "192.0.2.7", "kiosk/1", START), **changes)  # type: ignore[arg-type]


def opener(url: str) -> Callable[[Site, Store, Clock], OutboxPost]:
    """Makes the post of a world that sends to `url`."""
    return lambda site, store, clock: OutboxPost(site, store, smtp_server(url), PUBLIC_URL, SENDER, clock)


class Office:
    """A post, its store and its clock."""

    def __init__(self, url: str, store: str = "memory:", site: Site = SITE) -> None:
        self.clock = Clock()
        self.store = open_store(store)
        self.post = OutboxPost(site, self.store, smtp_server(url), PUBLIC_URL, SENDER, self.clock)

    async def close(self) -> None:
        await self.store.aclose()
        self.store.close()

    async def waiting(self) -> int:
        return await self.store.outbox_waiting(SITE.api_key)

    async def given_up(self) -> list[tuple[str, str, int]]:
        return [(mail.label, mail.error, mail.tries) for mail in await self.store.outbox_failed(SITE.api_key)]
