"""One call of the API: its parameters read, not yet answered."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.service import decisions
from kiosk.service.contract import Refused
from kiosk.service.parameters import bearer

Answer = Mapping[str, Any]
Body = Callable[[], Awaitable[bytes]]


async def _no_body() -> bytes:
    return b""


async def _never() -> bytes:
    await asyncio.get_running_loop().create_future()
    return b""


@dataclass(frozen=True, slots=True)
class Call:
    """What a caller sent. Values are read by lower-case names."""

    values: Mapping[str, str] = field(repr=False)
    headers: Mapping[bytes, bytes] = field(repr=False)
    ip_address: str = field(repr=False)
    argument: str = field(default="", repr=False)
    """What stood in the path where the route has a gap."""
    body: Body = field(default=_no_body, repr=False)
    gone: Body = field(default=_never, repr=False)
    """Returns when the caller has gone away."""

    def value(self, *names: str) -> str:
        """The first of these parameters that is there; "" for none."""
        for name in names:
            if name in self.values:
                return self.values[name]
        return ""

    def header(self, name: bytes) -> str:
        """A header; "" when absent."""
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def access_token(self) -> str:
        """The access token, from the header or the query."""
        return bearer(self.header(b"authorization")) or self.value("access_token")

    @property
    def user_agent(self) -> str:
        """What the caller calls itself."""
        return self.header(b"user-agent")

    async def json(self) -> dict[str, Any]:
        """The body as an object with lower-case keys.

        Raises:
            Refused: 908, it is too long, no JSON, or no object.
        """
        text = await self.body()
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise Refused(908) from None
        if not isinstance(found, dict):
            raise Refused(908)
        return {key.casefold(): value for key, value in found.items()}


Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True)
class Route:
    """A method on a path."""

    method: str
    path: str
    """As documented, with `{uid}` or `{kind}` for a gap."""
    handler: Handler
    secret: bool = False
    """Whether it takes the API secret."""


class Routes:
    """Finds a route; exact paths by one look into a table, whatever their number."""

    def __init__(self, routes: list[Route]) -> None:
        self.all = tuple(routes)
        self._exact: dict[str, dict[str, Route]] = {}
        self._gaps: list[tuple[list[str], dict[str, Route]]] = []
        for route in routes:
            self._methods_at(route.path)[route.method] = route

    def _methods_at(self, path: str) -> dict[str, Route]:
        if "{" not in path:
            return self._exact.setdefault(path, {})
        parts = path.split("/")
        for known, methods in self._gaps:
            if known == parts:
                return methods
        self._gaps.append((parts, {}))
        return self._gaps[-1][1]

    def find(self, path: str) -> tuple[Mapping[str, Route], str]:
        """The routes at a path by method, and what fills its gap; none for an unknown path.

        LoginRadius' clients disagree about upper case, and some end a path with a slash.
        """
        plain = path.casefold().rstrip("/")
        if found := self._exact.get(plain):
            return found, ""
        parts = path.rstrip("/").split("/")
        for pattern, methods in self._gaps:
            if len(pattern) == len(parts) and all(
                want.startswith("{") or want == have.casefold() for want, have in zip(pattern, parts, strict=True)
            ):
                gap = next(index for index, want in enumerate(pattern) if want.startswith("{"))
                return methods, parts[gap]
        return {}, ""


def required(call: Call, *names: str) -> str:
    """A parameter that must be there.

    Raises:
        Refused: it is not.
    """
    value = call.value(*names)
    if not value:
        raise Refused(decisions.MISSING_PARAMETER, fields=[names[0]])
    return value
