"""Reads the operator's mail URL: `smtp://[user:password@]host[:port]`, `smtps://…` or `smtp+starttls://…`.

`smtps` is TLS from the first byte, `smtp+starttls` STARTTLS or nothing. Plain `smtp` takes STARTTLS where it is
offered, and insists on it when there is a password to protect; on this machine itself it goes without.
"""

import ipaddress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from kiosk.service.errors import ServiceError

_SUBMISSION: Final = 587
_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": _SUBMISSION}


@dataclass(frozen=True)
class SmtpServer:
    """A mail server and how to talk to it."""

    host: str
    port: int
    tls: bool
    """TLS from the first byte."""
    start_tls: bool | None
    """True: STARTTLS or nothing; None: when the server offers it; False: never."""
    user: str = ""
    password: str = field(default="", repr=False)


def smtp_server(url: str) -> SmtpServer:
    """Read a mail URL.

    Raises:
        ServiceError: it is not one. The text never holds the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ServiceError("mail URL: not smtp://[user:password@]host[:port]") from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ServiceError("mail URL: not smtp://[user:password@]host[:port], smtps://… or smtp+starttls://…")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password + parts.hostname).isprintable() or port == 0:
        raise ServiceError("mail URL: holds a control character or port 0")
    tls = parts.scheme == "smtps"
    return SmtpServer(
        host=parts.hostname,
        port=port or (_SUBMISSION if user and parts.scheme == "smtp" else _PORTS[parts.scheme]),
        tls=tls,
        start_tls=False if tls else _start_tls(parts, with_login=bool(user)),
        user=user,
        password=password,
    )


def _start_tls(parts: SplitResult, *, with_login: bool) -> bool | None:
    if parts.scheme == "smtp+starttls":
        return True
    # A mail server on this machine offers a self-signed certificate at best; nobody listens in between.
    if _is_loopback(parts.hostname or ""):
        return False
    # A password goes over an encrypted line or not at all.
    return True if with_login else None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
