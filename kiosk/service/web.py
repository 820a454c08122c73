"""HTTP around the calls: methods, error bodies, cross-origin rules, headers of every answer, paths in any case."""

import asyncio
import json
import logging
import math
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.service.api import Api
from kiosk.service.calls import Call, Route
from kiosk.service.contract import Refused
from kiosk.service.decisions import BODY_LIMIT
from kiosk.service.parameters import parameters
from kiosk.service.store.base import StoreTrouble
from kiosk.service.watch import Watch

_log = logging.getLogger(__name__)

_API: Final = "/identity/"
_BODY_SECONDS: Final = 10.0
"""Longest wait for the body of a call."""
_ALWAYS: Final = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
# Pages of other origins may call, as LoginRadius' own browser script does. No answer depends on a cookie.
_CROSS_ORIGIN: Final = ((b"access-control-allow-origin", b"*"),)
_PREFLIGHT: Final = (
    (b"access-control-allow-headers", b"Authorization, Content-Type, X-LoginRadius-ApiKey"),
    (b"access-control-max-age", b"600"),
)
_JSON: Final = ((b"content-type", b"application/json"), *_CROSS_ORIGIN, *_ALWAYS)
_NO_ROUTE: Final = "unknown"
_HELD: Final = "?wait"

Headers = Iterable[tuple[bytes, bytes]]


class Answered(NamedTuple):
    """An answer of the API on its way out."""

    status: int
    body: bytes
    headers: Headers = ()
    code: int = 0
    """Error code, for the log."""


class Door:
    """Where requests come in: answers the calls of the API, hands all else on to the pages, and watches both.

    The API's calls do not run through the web framework's routing: it would cost more than the calls do.
    """

    def __init__(self, app: ASGIApp, api: Api, watch: Watch, pages: frozenset[str]) -> None:
        self._app = app
        self._api = api
        self._watch = watch
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"][: len(_API)].casefold() == _API:
            await self._call(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        methods, argument = self._api.routes.find(scope["path"])
        method = scope["method"]
        name, answered = next((route.path for route in methods.values()), _NO_ROUTE), _BROKEN
        try:
            if method == "OPTIONS" and methods:
                answered = _preflight(methods)
            elif route := methods.get(method):
                answered = await self._answer(route, scope, receive, argument)
                if b"wait=" in scope["query_string"].lower():
                    name += _HELD  # its time says how long nobody clicked
            else:
                # HEAD too: link scanners send it, and no call is without effect.
                answered = refused_answer(Refused(405 if methods else 404), methods)
            await _send(send, answered)
        finally:
            self._watch.saw(name, method, answered.status, answered.code, time.perf_counter() - began)

    async def _answer(self, route: Route, scope: Scope, receive: Receive, argument: str) -> Answered:
        try:
            client = scope["client"]
            call = Call(
                values=parameters(scope["query_string"]),
                headers=dict(scope["headers"]),
                ip_address=client[0] if client else "",
                argument=argument,
                body=lambda: _read(receive),
                gone=lambda: _gone(receive),
            )
            answer = await self._api.answer(route, call)
        except Refused as refused:
            return refused_answer(refused)
        except StoreTrouble as trouble:
            _log.error("the store does not answer: %s", trouble)
            return refused_answer(Refused(950))
        return Answered(200, _json(answer))

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                added = [header for header in _ALWAYS if header[0] not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        path = scope["path"].casefold()
        try:
            await self._app({**scope, "path": path}, receive, send_with_headers)
        finally:
            # Only paths of ours: any other may hold whatever somebody pasted.
            name = path if path in self._pages else _NO_ROUTE
            self._watch.saw(name, scope["method"], status, 0, time.perf_counter() - began)


def refused_answer(refused: Refused, methods: Mapping[str, Route] | None = None) -> Answered:
    """Turn a refusal into its HTTP answer."""
    headers: list[tuple[bytes, bytes]] = []
    if refused.retry_after is not None:
        headers.append((b"retry-after", b"%d" % math.ceil(refused.retry_after)))
    if refused.code == 405 and methods:
        headers.append((b"allow", _allowed(methods)))
    plain = not (refused.fields or refused.data or refused.extra)
    body = _plain_body(refused.code) if plain else _json(refused.body())
    return Answered(refused.status, body, headers, refused.code)


def refusal(refused: Refused) -> Response:
    """The same for the pages' side."""
    answered = refused_answer(refused)
    return Response(answered.body, answered.status, media_type="application/json")


@lru_cache(maxsize=256)
def _plain_body(code: int) -> bytes:
    return _json(Refused(code).body())


def _json(body: Mapping[str, Any]) -> bytes:
    # A lone surrogate cannot come in (parameters are decoded as UTF-8), but a JSON body can hold an escaped one.
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _preflight(methods: Mapping[str, Route]) -> Answered:
    allowed = _allowed(methods)
    return Answered(204, b"", (*_PREFLIGHT, (b"access-control-allow-methods", allowed), (b"allow", allowed)))


def _allowed(methods: Mapping[str, Route]) -> bytes:
    return ", ".join([*sorted(methods), "OPTIONS"]).encode()


async def _send(send: Send, answered: Answered) -> None:
    headers = [*_JSON, *answered.headers]
    if answered.status != 204:
        headers.append((b"content-length", b"%d" % len(answered.body)))
    await send({"type": "http.response.start", "status": answered.status, "headers": headers})
    await send({"type": "http.response.body", "body": answered.body})


async def _read(receive: Receive) -> bytes:
    """Read the body of a request.

    Raises:
        Refused: 908, it is too long, comes too slowly, or the caller went away.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise Refused(908)
                body.extend(message.get("body", b""))
                if len(body) > BODY_LIMIT:
                    raise Refused(908)
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        raise Refused(908) from None


async def _gone(receive: Receive) -> bytes:
    """Return when the caller has gone away; for calls that have no body to read."""
    while (await receive())["type"] != "http.disconnect":
        pass
    return b""


_BROKEN: Final = refused_answer(Refused(950))


async def not_found(_request: Request, error: Exception) -> Response:
    """Answer what no page took."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    headers = error.headers if isinstance(error, HTTPException) else None
    return PlainTextResponse("Method not allowed\n" if status == 405 else "Not found\n", status, headers=headers)


async def broken(_request: Request, _error: Exception) -> Response:
    """Answer when the service itself failed; the failure is logged by the server."""
    return refusal(Refused(950))
