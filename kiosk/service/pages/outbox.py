"""The outbox as the operator sees it: how many mails wait, and which were given up and why. For this machine only."""

import logging

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from kiosk.service.house import House
from kiosk.service.pages.guard import is_local
from kiosk.service.store.base import StoreTrouble

_log = logging.getLogger(__name__)


class OutboxPages:
    """`/outbox`."""

    def __init__(self, house: House) -> None:
        self._store = house.store
        self._site = house.site.api_key
        self.routes = [Route("/outbox", self._show, methods=["GET"])]

    async def _show(self, request: Request) -> Response:
        if not is_local(request):
            return PlainTextResponse("The outbox is open on this machine only.\n", 403)
        try:
            waiting = await self._store.outbox_waiting(self._site)
            failed = await self._store.outbox_failed(self._site)
        except StoreTrouble as trouble:
            _log.error("the store does not answer: %s", trouble)
            return PlainTextResponse("The store does not answer. Please try again.\n", 500)
        given_up = [
            {"id": str(mail.id), "mail": mail.label, "tries": mail.tries, "error": mail.error} for mail in failed
        ]
        return JSONResponse({"waiting": waiting, "failed": given_up})
