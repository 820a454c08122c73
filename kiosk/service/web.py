"""HTTP around the calls: methods, error bodies, cross-origin rules, headers of every answer, paths in any case."""

import logging
import math
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.service.api import Api, Handler
from kiosk.service.contract import Refused
from kiosk.service.store.base import StoreTrouble

_log = logging.getLogger(__name__)

_API: Final = "/identity/"
_ALWAYS: Final = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
# Pages of other origins may call, as LoginRadius' own browser script does. No answer depends on a cookie.
_CROSS_ORIGIN: Final = {"access-control-allow-origin": "*"}
_PREFLIGHT: Final = {
    **_CROSS_ORIGIN,
    "access-control-allow-methods": "GET",
    "access-control-allow-headers": "Authorization, Content-Type, X-LoginRadius-ApiKey",
    "access-control-max-age": "600",
    "allow": "GET, OPTIONS",
}


class ApiCall:
    """An endpoint for one call. HEAD is refused: link scanners send it, and no call is without effect."""

    def __init__(self, api: Api, handler: Handler) -> None:
        self._api = api
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._respond(Request(scope, receive))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        try:
            if request.method != "GET":
                raise Refused(405)
            answer = await self._api.answer(self._handler, request)
        except Refused as refused:
            return refusal(refused)
        except StoreTrouble as trouble:
            _log.error("the store does not answer: %s", trouble)
            return refusal(Refused(950))
        return JSONResponse(answer, headers=_CROSS_ORIGIN)


def refusal(refused: Refused) -> Response:
    """Turn a refusal into its HTTP answer."""
    headers = dict(_CROSS_ORIGIN)
    if refused.retry_after is not None:
        headers["retry-after"] = str(math.ceil(refused.retry_after))
    if refused.code == 405:
        headers["allow"] = "GET, OPTIONS"
    return JSONResponse(refused.body(), status_code=refused.status, headers=headers)


async def not_found(request: Request, error: Exception) -> Response:
    """Answer what no route took: JSON for callers of the API, a line for people."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    if request.url.path.startswith(_API):
        return refusal(Refused(status if status in (404, 405) else 404))
    headers = error.headers if isinstance(error, HTTPException) else None
    return PlainTextResponse("Method not allowed\n" if status == 405 else "Not found\n", status, headers=headers)


async def broken(_request: Request, _error: Exception) -> Response:
    """Answer when the service itself failed; the failure is logged by the server."""
    return refusal(Refused(950))


class Manners:
    """Middleware: paths in any case, and the headers that every answer carries."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = [header for header in _ALWAYS if header[0] not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        # LoginRadius' clients disagree about `Validate` and `validate`, and some end a path with a slash.
        path = scope["path"].casefold()
        if path.startswith(_API):
            path = path.rstrip("/")
        await self._app({**scope, "path": path}, receive, send_with_headers)
