"""Delivers login mails by SMTP, in the background, with a few tries."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from email.message import EmailMessage
from typing import Any, Final

import aiosmtplib

from kiosk.service.mail.order import Order
from kiosk.service.mail.render import rendered
from kiosk.service.mail.smtpurl import SmtpServer
from kiosk.service.site import Site

_log = logging.getLogger(__name__)
_PAUSES: Final = (1.0, 5.0, 25.0, 120.0)
"""Seconds between tries; after the last one the mail is given up and the operator told."""
_HEAD_START: Final = 0.2
"""Seconds before the work on a mail begins: the answer to the request has left by then, so the time that it took does
not tell whether there was anybody to write to."""
_WAITING_LIMIT: Final = 1_000
"""Mails on their way at once; a server that is down must not fill the memory."""
_AT_ONCE: Final = 4
"""Connections to the mail server at one time."""
_TIMEOUT: Final = 30.0
_LAST_CHANCE: Final = 2.0
"""Seconds that mails on their way get when the service ends."""

Send = Callable[[EmailMessage], Awaitable[object]]
Sleep = Callable[[float], Awaitable[None]]


class SmtpPost:
    """A `Post` that sends. Mails that wait for another try are lost when the service ends (an outbox is planned)."""

    def __init__(
        self, site: Site, server: SmtpServer, public_url: str, sender: str, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._site = site
        self._server = server
        self._public_url = public_url
        self._sender = sender
        self._sleep = sleep
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def put(self, order: Order) -> None:
        """Take an order; the mail goes out in the background."""
        if order.nobody:
            return
        if len(self._tasks) >= _WAITING_LIMIT:
            _log.error("too many login mails are waiting for the mail server; one was dropped")
            return
        self._spawn(self._deliver(order))

    async def start(self) -> None:
        """Nothing to begin: every mail has a task of its own."""

    async def stop(self) -> None:
        """Wait a moment for mails on their way, then give up."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=_LAST_CHANCE)
        for task in late:
            task.cancel()
        for task in late:
            with suppress(asyncio.CancelledError):
                await task
        if late:
            _log.error("%d login mails were not delivered before the service ended", len(late))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, order: Order) -> None:
        await self._sleep(_HEAD_START)
        message = rendered(self._site, self._public_url, self._sender, order, secrets.token_hex(12))
        for pause in (*_PAUSES, None):
            reason = await self._try(message)
            if reason is None:
                return
            if reason.final or pause is None:
                # Neither address nor answer text of the server: both may name the person.
                _log.error("a login mail could not be delivered: %s", reason)
                return
            _log.warning("a login mail must wait %.0f s for another try: %s", pause, reason)
            await self._sleep(pause)

    async def _try(self, message: EmailMessage) -> "_Reason | None":
        server = self._server
        try:
            async with self._turn:
                await aiosmtplib.send(
                    message,
                    hostname=server.host,
                    port=server.port,
                    username=server.user or None,
                    password=server.password or None,
                    use_tls=server.tls,
                    start_tls=server.start_tls,
                    timeout=_TIMEOUT,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _Reason("recipient refused", final=all(r.code >= 500 for r in error.recipients))
        except aiosmtplib.SMTPResponseException as error:
            return _Reason(f"the mail server answered {error.code}", final=error.code >= 500)
        except (aiosmtplib.SMTPException, OSError) as error:
            return _Reason(type(error).__name__, final=False)
        return None


class _Reason:
    """Why a try failed, and whether another one makes sense."""

    def __init__(self, text: str, *, final: bool) -> None:
        self._text = text
        self.final = final

    def __str__(self) -> str:
        return self._text
