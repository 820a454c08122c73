"""A service in memory with a clock in the test's hand, spoken to over HTTP without a socket."""

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from kiosk.service.app import build_app
from kiosk.service.house import House
from kiosk.service.mail.mailbox import Mailbox
from kiosk.service.mail.post import Post
from kiosk.service.sample import sample_site
from kiosk.service.site import Site
from kiosk.service.store import open_store
from kiosk.service.store.base import Store

AUTH = "/identity/v2/auth"
PUBLIC_URL = "http://127.0.0.1:8787"
START = 1_800_000_000.0
JANE = "jane.doe@example.com"
DEFAULT_STORE = ["memory:"]
"""Where a world lives that says nothing of its own; `each_store` walks through all kinds."""


class Clock:
    """Wall-clock time that moves when a test says so."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class World:
    site: Site
    store: Store
    clock: Clock
    http: httpx.AsyncClient
    post: Post
    house: House

    async def call(self, path: str, **parameters: str) -> httpx.Response:
        """One call of the API, with the site's key."""
        return await self.http.get(f"{AUTH}/{path}", params={"apikey": self.site.api_key, **parameters})

    async def begin(self, email: str = JANE) -> str:
        """Begin a login attempt; return its client GUID."""
        guid = str(uuid.uuid4())
        answer = await self.call("login/smartlogin", email=email, clientguid=guid)
        assert answer.json() == {"IsPosted": True}
        return guid

    async def ping(self, guid: str, **more: str) -> httpx.Response:
        return await self.call("login/smartlogin/ping", clientguid=guid, **more)

    async def verify(self, token: str) -> httpx.Response:
        return await self.call("email/smartlogin", verificationtoken=token)

    async def mails(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = (await self.http.get("/mailbox/messages")).json()
        return messages

    async def link(self) -> str:
        """The login link of the newest mail."""
        return str((await self.mails())[0]["links"][0])

    async def token(self) -> str:
        """The verification token of the newest mail."""
        return (await self.link()).partition("vtoken=")[2]

    async def sign_in(self, email: str = JANE) -> str:
        """Go the whole way; return the access token."""
        guid = await self.begin(email)
        await self.verify(await self.token())
        return str((await self.ping(guid)).json()["access_token"])


def code(answer: httpx.Response) -> tuple[int, int]:
    """HTTP status and error code of a refusal."""
    return answer.status_code, answer.json()["ErrorCode"]


@asynccontextmanager
async def world(
    site: Site | None = None,
    store: str | None = None,
    post: Callable[[Site, Store, Clock], Post] | None = None,
    peer: str = "127.0.0.1",
) -> AsyncIterator[World]:
    """Open a world; `peer` is the address that requests seem to come from."""
    site = site or sample_site()
    opened = open_store(store or DEFAULT_STORE[0])
    clock = Clock()
    used = post(site, opened, clock) if post else Mailbox(site, opened, PUBLIC_URL, "Demo <no-reply@example.com>")
    house = House(site=site, store=opened, post=used, public_url=PUBLIC_URL, clock=clock)
    app = build_app(house)
    transport = httpx.ASGITransport(app, client=(peer, 40_000))
    try:
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
            yield World(site, opened, clock, http, used, house)
    finally:
        await opened.aclose()
        opened.close()
