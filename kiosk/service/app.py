"""Puts the parts together: one ASGI application for one site."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from kiosk.service.api import Api
from kiosk.service.care import CarePages
from kiosk.service.decisions import KEPT_AFTER_EXPIRY, SAVE_EVERY, SWEEP_EVERY
from kiosk.service.house import House
from kiosk.service.mail.mailbox import Mailbox
from kiosk.service.pages.hosted import HostedPage
from kiosk.service.pages.mailbox import MailboxPages
from kiosk.service.pages.outbox import OutboxPages
from kiosk.service.store.base import StoreTrouble
from kiosk.service.watch import Watch, Write
from kiosk.service.web import Door, broken, not_found

_log = logging.getLogger(__name__)


def build_app(house: House, log: Write | None = None) -> Starlette:
    """Build the application; its lifespan runs the post and the sweeper. The store stays the caller's to close.

    `log` takes the lines of the access log; None: there is none.
    """
    watch = Watch(log)
    routes: list[Route] = [*CarePages(house, watch).routes, *HostedPage(house).routes]
    if isinstance(house.post, Mailbox):
        routes += MailboxPages(house).routes
    else:
        routes += OutboxPages(house).routes
    return Starlette(
        routes=routes,
        middleware=[Middleware(Door, api=Api(house), watch=watch, pages=frozenset(route.path for route in routes))],
        exception_handlers={404: not_found, 405: not_found, Exception: broken},
        lifespan=lambda _app: _lifespan(house, watch),
    )


@asynccontextmanager
async def _lifespan(house: House, watch: Watch) -> AsyncIterator[None]:
    await house.post.start()
    tasks = [asyncio.create_task(_sweep_for_ever(house)), asyncio.create_task(_save_for_ever(watch))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        watch.figures.save()
        await house.post.stop()
        await house.store.aclose()


async def _sweep_for_ever(house: House) -> None:
    while True:
        try:
            await house.store.sweep(house.clock() - KEPT_AFTER_EXPIRY)
        except StoreTrouble as trouble:
            _log.warning("expired records could not be removed: %s", trouble)
        await asyncio.sleep(SWEEP_EVERY)


async def _save_for_ever(watch: Watch) -> None:
    while True:
        watch.figures.save()
        await asyncio.sleep(SAVE_EVERY)
