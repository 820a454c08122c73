"""The real embedded service, living in the virtual loop: it can be restarted, and what it grants is recorded."""

import asyncio
import socket
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlencode

from kiosk.service.app import build_app
from kiosk.service.house import House
from kiosk.service.listening import port_of, reserved_socket, shared_socket
from kiosk.service.mail.order import Order
from kiosk.service.sample import sample_site
from kiosk.service.serving import QuietServer, make_server
from kiosk.service.site import Account, MailLimit, Site
from kiosk.service.store.base import Attempt, Grant, Opened
from kiosk.service.store.sqlite import SqliteStore
from kiosk.service.tokens import hashed
from tests.virtual import VirtualLoop

API_KEY = "chaos-key"


@dataclass
class Record:
    """What the service granted, over all its restarts."""

    clicked: list[bytes] = field(default_factory=list)
    """Hashes of the GUIDs whose link was opened."""
    redeemed: dict[bytes, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    """Hashes of the GUIDs that became sessions, and of the access tokens that were given out for each."""
    ended: set[bytes] = field(default_factory=set)
    """Hashes of the access tokens that were ended."""
    mails: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Verification tokens by address, the newest last."""

    def put(self, order: Order) -> None:
        if not order.nobody and order.token:
            self.mails[order.account.primary].append(order.token)


class Postman:
    """Brings the mails into the record: a link is its token here."""

    def __init__(self, record: Record) -> None:
        self._record = record

    async def put(self, order: Order) -> None:
        self._record.put(order)

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass


class RecordingStore(SqliteStore):
    """The real store; what it grants is written down."""

    def __init__(self, path: str, record: Record) -> None:
        super().__init__(path)
        self._record = record

    async def open_link(self, site: str, token: bytes, now: float, number: str = "") -> tuple[Opened, Attempt | None]:
        opened, attempt = await super().open_link(site, token, now, number)
        if opened is Opened.VERIFIED and attempt is not None:
            self._record.clicked.append(attempt.guid)
        return opened, attempt

    async def redeem(self, attempt: Attempt, grant: Grant, now: float) -> bool:
        redeemed = await super().redeem(attempt, grant, now)
        if redeemed:
            self._record.redeemed[attempt.guid].append(grant.access)
        return redeemed

    async def end_session(self, site: str, access_token: bytes, *, with_refresh: bool) -> None:
        await super().end_session(site, access_token, with_refresh=with_refresh)
        self._record.ended.add(access_token)


class _Server(QuietServer):
    """uvicorn that looks up once a second, and tells the loop's own time of day."""

    loop: VirtualLoop

    async def main_loop(self) -> None:
        while not self.should_exit:
            date = format_datetime(self.loop.wall(), usegmt=True).encode()
            self.server_state.default_headers = [(b"date", date), *self.config.encoded_headers]
            await asyncio.sleep(1)


class Service:
    """One site with as many accounts as there are people; the same store over all restarts."""

    def __init__(self, loop: VirtualLoop, folder: Path, accounts: tuple[Account, ...], *, token_life: float) -> None:
        self.record = Record()
        self._loop = loop
        self._path = str(folder / "chaos.sqlite")
        self._reserved = reserved_socket("127.0.0.1", 0)
        self.port = port_of(self._reserved)
        self._site: Site = replace(
            sample_site(),
            api_key=API_KEY,
            accounts=accounts,
            mail_limit=MailLimit(mails=10_000),
            requests_per_second=0,
            token_life=token_life,
        )
        self._server: _Server | None = None
        self._running: asyncio.Task[None] | None = None
        self._listener: socket.socket | None = None
        self._store: RecordingStore | None = None

    async def start(self) -> None:
        self._listener = shared_socket("127.0.0.1", self.port)
        self._listener.listen(512)
        self._store = RecordingStore(self._path, self.record)
        house = House(
            site=self._site,
            store=self._store,
            post=Postman(self.record),
            public_url=f"http://127.0.0.1:{self.port}",
            clock=lambda: self._loop.wall().timestamp(),
        )
        self._server = _Server(make_server(build_app(house), house.holds.end).config, house.holds.end)
        self._server.loop = self._loop
        self._running = asyncio.create_task(self._server.serve(sockets=[self._listener]), name="service")
        while not self._server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0)

    async def stop(self) -> None:
        assert self._server is not None
        assert self._running is not None
        assert self._listener is not None
        assert self._store is not None
        self._server.should_exit = True
        await self._running
        self._listener.close()
        self._store.close()

    def close(self) -> None:
        self._reserved.close()

    async def click(self, token: str) -> bool:
        """Open a login link, as the hosted page does, on the phone's own network; whether the service heard of it."""
        query = urlencode({"apikey": API_KEY, "verificationtoken": token})
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        try:
            request = (
                f"GET /identity/v2/auth/email/smartlogin?{query} HTTP/1.1\r\nHost: phone\r\nConnection: close\r\n\r\n"
            )
            writer.write(request.encode())
            return b"IsPosted" in await reader.read(-1)
        except OSError:
            return False
        finally:
            writer.close()


def accounts_for(count: int) -> tuple[Account, ...]:
    """An account for each person; some have to accept the policy, some can never get in and know another address."""
    return tuple(
        account
        for number in range(count)
        for account in (
            _account(f"person{number}", number),
            replace(_account(f"policy{number}", number), policy_accepted=False),
            replace(_account(f"barred{number}", number), refuse=1130),
            replace(_account(f"locked{number}", number), refuse=1132, refuse_at="request"),
        )
    )


def _account(name: str, number: int) -> Account:
    return Account(f"uid-{name}", (f"{name}@example.com",), name, f"Person {number}", "")


GuidHash = Callable[[str], bytes]
hash_of: GuidHash = hashed
"""How the service's record names what the device's side has in the clear."""
