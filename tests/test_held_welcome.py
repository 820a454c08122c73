"""The device and the service of this project at one table: held pings and lost answers over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from kiosk.clock import SystemClock
from kiosk.service.server import EmbeddedService, Options
from kiosk.signin.flow import SignIn
from kiosk.signin.intents import Cancel, SendAgain, Submit
from kiosk.signin.stage import Parts
from kiosk.signin.states import Entering, Waiting, Welcome
from kiosk.smartlogin.client import LARGEST_BODY, SmartLoginClient
from kiosk.smartlogin.errors import Unreachable
from kiosk.smartlogin.holding import SHORTEST_HOLD
from kiosk.smartlogin.transport import HttpTransport, Reply
from kiosk.vault.vault import Vault
from tests.clock import until

LIMIT = 30.0
"""Seconds: nothing here takes one, but a machine may be busy."""


class Wire(HttpTransport):
    """The network, which counts the pings and may lose what comes back."""

    def __init__(self, url: str) -> None:
        super().__init__(url, LARGEST_BODY)
        self.pings: list[httpx.URL] = []
        self.under_way = 0
        self.lose_session = False

    async def get(self, target: str, headers: Mapping[str, str], *, again: bool = False) -> Reply:
        url = httpx.URL(target)
        if not url.path.endswith("/ping"):
            return await super().get(target, headers, again=again)
        self.pings.append(url)
        self.under_way += 1
        try:
            reply = await super().get(target, headers, again=again)
        finally:
            self.under_way -= 1
        if self.lose_session and reply.status == 200:
            self.lose_session = False
            raise Unreachable
        return reply

    @property
    def held(self) -> bool:
        return bool(self.under_way) and "wait" in self.pings[-1].params


class Table:
    def __init__(self, service: EmbeddedService) -> None:
        self.wire, self.service = Wire(service.url), service
        self.sign_in = SignIn(
            Parts(
                connect=lambda: SmartLoginClient(service.url, service.api_key, transport=self.wire),
                api_url=service.url,
                vault=Vault("site", lambda: None),
                clock=SystemClock(),
            )
        )

    async def get(self, path: str, **query: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.service.url, trust_env=False, timeout=LIMIT) as http:
            return await http.get(path, params={"apikey": self.service.api_key, **query})

    async def click(self, mail: int = 0) -> None:
        """Open the link of a mail, 0 the newest."""
        link = (await self.get("/mailbox/messages")).json()[mail]["links"][0]
        answer = await self.get("/identity/v2/auth/email/smartlogin", verificationtoken=link.partition("vtoken=")[2])
        answer.raise_for_status()

    async def waiting(self) -> None:
        self.sign_in.send(Submit("jane.doe@example.com"))
        await until(lambda: isinstance(self.sign_in.state, Waiting) and self.wire.held, LIMIT)

    async def welcome(self) -> None:
        await until(lambda: isinstance(self.sign_in.state, Welcome), LIMIT)


@asynccontextmanager
async def table(folder: Path) -> AsyncIterator[Table]:
    with EmbeddedService(Options(port=0, store=f"sqlite:///{folder}/store.db")) as service:
        it = Table(service)
        flow = asyncio.create_task(it.sign_in.run())
        try:
            yield it
        finally:
            flow.cancel()
            await asyncio.gather(flow, return_exceptions=True)


async def test_the_click_ends_the_held_ping(tmp_path: Path) -> None:
    async with table(tmp_path) as it:
        await it.waiting()
        asked = len(it.wire.pings)
        await it.click()
        await it.welcome()
        assert len(it.wire.pings) == asked  # no other ping was needed


async def test_a_click_on_the_first_mail_ends_the_ping_that_is_held_for_the_second(tmp_path: Path) -> None:
    async with table(tmp_path) as it:
        await it.waiting()
        assert it.sign_in._stage.attempt is not None
        it.sign_in._stage.attempt.resend_at = 0.0
        it.sign_in.send(SendAgain())
        await until(lambda: it.wire.held and "also" in it.wire.pings[-1].params, LIMIT)
        await it.click(mail=1)
        await it.welcome()


async def test_a_session_that_was_lost_on_the_way_arrives_and_is_good(tmp_path: Path) -> None:
    async with table(tmp_path) as it:
        await it.waiting()
        it.wire.lose_session = True
        await asyncio.sleep(SHORTEST_HOLD)  # what breaks off sooner is no hold, and asked for again at leisure
        await it.click()
        await it.welcome()
        assert it.sign_in._stage.session is not None
        token = it.sign_in._stage.session.token.access_token
        assert (await it.get("/identity/v2/auth/access_token/validate", access_token=token)).status_code == 200


async def test_a_cancel_lets_the_held_ping_go_at_once(tmp_path: Path) -> None:
    async with table(tmp_path) as it:
        await it.waiting()
        it.sign_in.send(Cancel())
        await until(lambda: isinstance(it.sign_in.state, Entering) and not it.wire.under_way, LIMIT)
        parts = it.service._parts
        assert parts is not None
        await until(lambda: not len(parts.house.holds), LIMIT)
