"""The post that sends: mails wait in the store's outbox until a mail server has taken them.

An order is in the store before its request is answered, so neither a restart nor `kill -9` loses it. A mail is leased
by one worker at a time, longer than a delivery can last: no two workers send it. A worker that dies between the mail
server's yes and its own note of it leaves the one case where a mail goes out twice, with the same Message-ID.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from email.errors import MessageError
from email.utils import parseaddr
from typing import Final

from kiosk.service.decisions import DAY, MAIL_PAUSES
from kiosk.service.mail.letter import Letter, unpacked
from kiosk.service.mail.order import Order
from kiosk.service.mail.render import rendered, wire_address
from kiosk.service.mail.smtp import SEND_LIMIT, Failure, send
from kiosk.service.mail.smtpurl import SmtpServer
from kiosk.service.site import Site
from kiosk.service.store.base import OutboxMail, Store, StoreTrouble

_log = logging.getLogger(__name__)
_LEASE: Final = SEND_LIMIT + 15.0
"""Seconds: longer than a delivery may last; also how long mails wait whose worker was killed over them."""
_POLL: Final = 2.0
"""Seconds between two looks for mails that are due again, or that another worker left behind."""
_HEAD_START: Final = 0.2
"""Seconds before the work on a mail begins: the answer to the request has left by then, so the time that it took does
not tell whether there was anybody to write to."""
_AT_ONCE: Final = 4
"""Connections to the mail server at one time."""
_LAST_CHANCE: Final = 2.0
"""Seconds that mails on their way get when the service ends; the rest waits in the store."""


class OutboxPost:
    """A `Post` that sends by SMTP."""

    def __init__(
        self, site: Site, store: Store, server: SmtpServer, public_url: str, sender: str, clock: Callable[[], float]
    ) -> None:
        self._site = site
        self._store = store
        self._server = server
        self._public_url = public_url
        self._sender = sender
        self._clock = clock
        self._sending: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    async def put(self, order: Order) -> None:
        """Keep the order; the mail goes out in the background, at this worker's hand or another's."""
        letter = Letter(order, secrets.token_hex(12))
        now = self._clock()
        expires = now + (DAY if order.welcome else self._site.link_life)
        await self._store.outbox_add(self._site.api_key, letter.packed(), letter.label, now, expires)
        if self._worker:
            asyncio.get_running_loop().call_later(_HEAD_START, self._wake.set)

    async def start(self) -> None:
        """Begin to work."""
        self._worker = asyncio.create_task(self._work_for_ever())

    async def stop(self) -> None:
        """Begin nothing more, and wait a moment for mails on their way."""
        if self._worker:
            self._worker.cancel()
            with suppress(asyncio.CancelledError):
                await self._worker
            self._worker = None
        if not self._sending:
            return
        _, late = await asyncio.wait(self._sending, timeout=_LAST_CHANCE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def work_off(self) -> None:
        """Send all that is due now, and return when that is done or put off."""
        while await self._begin_what_is_due() or self._sending:
            if self._sending:
                await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)

    async def _work_for_ever(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._begin_what_is_due()
            except StoreTrouble as trouble:
                _log.error("the outbox cannot be read: %s", trouble)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _POLL)

    async def _begin_what_is_due(self) -> bool:
        """Take mails while hands are free; tell whether there were any."""
        began = False
        while len(self._sending) < _AT_ONCE:
            mail = await self._store.outbox_lease(self._site.api_key, self._clock(), _LEASE)
            if mail is None:
                break
            began = True
            task = asyncio.create_task(self._handle(mail))
            self._sending.add(task)
            task.add_done_callback(self._finished)
        return began

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._wake.set()

    async def _handle(self, mail: OutboxMail) -> None:
        failure = await self._try(mail)
        try:
            if failure is None:
                await self._store.outbox_done(self._site.api_key, mail)
            else:
                await self._put_off(mail, failure)
        except StoreTrouble as trouble:
            _log.error("a mail's outcome could not be noted, so it may go out again: %s", trouble)

    async def _try(self, mail: OutboxMail) -> Failure | None:
        try:
            letter = unpacked(mail.message)
        except ValueError:
            return Failure("it was kept by another version of this program", final=True)
        order = letter.order
        if order.nobody:
            return None
        if not order.welcome and self._clock() >= order.ordered + self._site.link_life:
            return Failure("its link has expired", final=True)
        try:
            message = rendered(self._site, self._public_url, self._sender, order, letter.name)
        except (ValueError, MessageError):
            return Failure("it cannot be written to this address", final=True)
        return await send(self._server, message, parseaddr(self._sender)[1], wire_address(order.account.primary))

    async def _put_off(self, mail: OutboxMail, failure: Failure) -> None:
        # Neither the address nor the server's own words are logged: both may tell who the person is.
        if failure.final or mail.tries > len(MAIL_PAUSES):
            _log.error("mail %d could not be delivered, see /outbox: %s", mail.id, failure.reason)
            await self._store.outbox_retry(self._site.api_key, mail, None, failure.reason)
            return
        pause = MAIL_PAUSES[mail.tries - 1]
        _log.warning("mail %d waits %.0f s for another try: %s", mail.id, pause, failure.reason)
        await self._store.outbox_retry(self._site.api_key, mail, self._clock() + pause, failure.reason)
