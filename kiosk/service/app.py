"""Puts the parts together: one ASGI application for one site."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kiosk.service.api import Api
from kiosk.service.decisions import KEPT_AFTER_EXPIRY, SWEEP_EVERY
from kiosk.service.house import House
from kiosk.service.mail.mailbox import Mailbox
from kiosk.service.pages.hosted import HostedPage
from kiosk.service.pages.mailbox import MailboxPages
from kiosk.service.pages.outbox import OutboxPages
from kiosk.service.store.base import StoreTrouble
from kiosk.service.web import ApiCall, Manners, broken, not_found

_log = logging.getLogger(__name__)


def build_app(house: House) -> Starlette:
    """Build the application; its lifespan runs the post and the sweeper. The store stays the caller's to close."""
    api = Api(house)
    routes: list[Route] = [Route(path, ApiCall(api, handler)) for path, handler in api.calls.items()]
    routes += HostedPage(house).routes
    if isinstance(house.post, Mailbox):
        routes += MailboxPages(house).routes
    else:
        routes += OutboxPages(house).routes
    routes.append(Route("/healthz", _health(house), methods=["GET"]))
    return Starlette(
        routes=routes,
        middleware=[Middleware(Manners)],
        exception_handlers={404: not_found, 405: not_found, Exception: broken},
        lifespan=lambda _app: _lifespan(house),
    )


@asynccontextmanager
async def _lifespan(house: House) -> AsyncIterator[None]:
    await house.post.start()
    sweeper = asyncio.create_task(_sweep_for_ever(house))
    try:
        yield
    finally:
        sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await sweeper
        await house.post.stop()


async def _sweep_for_ever(house: House) -> None:
    while True:
        try:
            await house.store.sweep(house.clock() - KEPT_AFTER_EXPIRY)
        except StoreTrouble as trouble:
            _log.warning("expired records could not be removed: %s", trouble)
        await asyncio.sleep(SWEEP_EVERY)


def _health(house: House) -> Callable[[Request], Awaitable[Response]]:
    async def health(_request: Request) -> Response:
        try:
            await house.store.check()
        except StoreTrouble as trouble:
            return PlainTextResponse(f"store: {trouble}\n", 503)
        return PlainTextResponse("ok\n")

    return health
