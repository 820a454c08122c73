"""Hands one mail to the mail server, and says in plain words why that failed."""

import asyncio
import ssl
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

import aiosmtplib

from kiosk.service.mail.smtpurl import SmtpServer

SEND_LIMIT: Final = 45.0
"""Seconds for one delivery, all told."""
_FAREWELL: Final = 2.0
_STEP_LIMIT: Final = 30.0
"""Seconds for one answer of the mail server."""


@dataclass(frozen=True)
class Failure:
    """Why a try failed, and whether another one makes sense.

    Names neither the address nor the server's own words: both may tell who the person is.
    """

    reason: str
    final: bool = False


async def send(server: SmtpServer, message: EmailMessage, sender: str, receiver: str) -> Failure | None:
    """Send one mail; None: the mail server has taken it."""
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user or None,
        password=server.password or None,
        use_tls=server.tls,
        start_tls=server.start_tls,
        timeout=_STEP_LIMIT,
    )
    with closing(client):
        try:
            async with asyncio.timeout(SEND_LIMIT):
                await client.connect()
                await client.send_message(message, sender=sender, recipients=[receiver])
        except (aiosmtplib.SMTPException, OSError) as error:
            return _failure(error)
        # The mail is taken, and a server that is rude at the end changes nothing about that.
        with suppress(aiosmtplib.SMTPException, OSError):
            async with asyncio.timeout(_FAREWELL):
                await client.quit()
    return None


def _failure(error: Exception) -> Failure:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = [refused.code for refused in error.recipients]
        return Failure(f"the mail server refused the address ({codes[0]})", final=all(code >= 500 for code in codes))
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        # The operator mends this while mails wait; they need not be lost.
        return Failure(f"the mail server refused the login ({error.code})")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return Failure(f"the mail server answered {error.code}", final=error.code >= 500)
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return Failure("the mail server takes no addresses beyond ASCII", final=True)
    if _of_tls(error):
        return Failure("the mail server's certificate is not trusted, or its TLS is broken")
    if isinstance(error, TimeoutError):
        return Failure("the mail server does not answer")
    if isinstance(error, ConnectionError | OSError):
        return Failure("the mail server cannot be reached")
    return Failure("the mail server cannot do what was asked of it (STARTTLS, login)")


def _of_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
