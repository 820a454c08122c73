"""What an operator's tools ask: is it alive, is it ready, what does it count, what can it do."""

import ipaddress
import json
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kiosk.service.house import House
from kiosk.service.openapi import description
from kiosk.service.store.base import StoreTrouble
from kiosk.service.watch import Watch

_PROXIED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_FIGURES: Final = "text/plain; version=0.0.4; charset=utf-8"


class CarePages:
    """`/healthz`, `/readyz`, `/metrics` and `/openapi.json`."""

    def __init__(self, house: House, watch: Watch) -> None:
        self._house = house
        self._watch = watch
        self._description = json.dumps(description(house.site, house.public_url), ensure_ascii=False)
        self.routes = [
            Route("/healthz", self._alive, methods=["GET"]),
            Route("/readyz", self._ready, methods=["GET"]),
            Route("/metrics", self._metrics, methods=["GET"]),
            Route("/openapi.json", self._openapi, methods=["GET"]),
        ]

    async def _alive(self, _request: Request) -> Response:
        # Without asking the store: a service that waits for its store must not be restarted for that.
        return PlainTextResponse("ok\n")

    async def _ready(self, _request: Request) -> Response:
        try:
            await self._house.store.check()
        except StoreTrouble as trouble:
            return PlainTextResponse(f"store: {trouble}\n", 503)
        return PlainTextResponse("ok\n")

    async def _metrics(self, request: Request) -> Response:
        if not _is_near(request):
            return PlainTextResponse("Only for this machine and its private network, not through a proxy.\n", 403)
        site = self._house.site.api_key
        try:
            waiting = await self._house.store.outbox_waiting(site)
            failed = len(await self._house.store.outbox_failed(site))
        except StoreTrouble as trouble:
            return PlainTextResponse(f"store: {trouble}\n", 503)
        return Response(self._watch.figures.printed(waiting, failed), media_type=_FIGURES)

    async def _openapi(self, _request: Request) -> Response:
        return Response(self._description, media_type="application/json", headers={"access-control-allow-origin": "*"})


def _is_near(request: Request) -> bool:
    """Tell whether a request comes straight from this machine or its private network."""
    if any(header in request.headers for header in _PROXIED):
        return False
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return address.is_loopback or address.is_private
