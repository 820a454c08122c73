"""How a connection to the site comes about: its name looked up, its address reached, a proxy passed, TLS agreed on."""

import asyncio
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kiosk.smartlogin.connection import Connection
from kiosk.smartlogin.proxies import proxy_for
from kiosk.smartlogin.tls import openssl

if TYPE_CHECKING:
    import ssl

CONNECT = 5.0
"""Seconds for the look-up and the connection, and as many for each agreement on TLS."""

NEXT_ADDRESS = 0.25
"""Seconds after which the next of several addresses is tried as well (Happy Eyeballs, RFC 8305 section 5)."""

_PORTS = {"http": 80, "https": 443}


class Way:
    """The way to one site."""

    def __init__(self, api_url: str) -> None:
        """Read the address and, where the way is to be sealed, whom to trust and which proxy is on it.

        Raises:
            ValueError: a host name that can be none, or a proxy that cannot be used.
            OSError: the environment names certificates that cannot be read.
        """
        parts = urlsplit(api_url)
        self._host = _ascii(parts.hostname or "")
        self._port = parts.port or _PORTS[parts.scheme]
        bare = f"[{self._host}]" if ":" in self._host else self._host
        self._endpoint = f"{bare}:{self._port}"
        self.authority = bare if self._port == _PORTS[parts.scheme] else self._endpoint
        """Host and port as `Host` has them."""
        # Plain http leads no farther than this machine: no certificates (140 of them are a megabyte), no proxy.
        sealed = parts.scheme == "https"
        self._trust = _trusted() if sealed else None
        self._proxy = proxy_for(self._host, self._port) if sealed else None

    async def connect(self) -> Connection:
        """A new connection.

        Raises:
            OSError: nobody there, no such name (`socket.gaierror`), no trust (`ssl.SSLError`), or it took too long.
            TransportError: the proxy will not, or somebody hung up.
            h11.ProtocolError: the proxy speaks no HTTP.
        """
        proxy = self._proxy
        connection = await _reach(proxy.host, proxy.port) if proxy else await _reach(self._host, self._port)
        with ExitStack() as cut_short:
            cut_short.callback(connection.abort)
            if proxy is not None:
                if proxy.sealed:
                    await self._seal(connection, proxy.host)
                await connection.tunnel(self._endpoint, proxy.headers)
            await self._seal(connection, self._host)
            cut_short.pop_all()
        return connection

    async def _seal(self, connection: Connection, host: str) -> None:
        if self._trust is not None:
            async with asyncio.timeout(CONNECT):
                await connection.seal(self._trust, host)


async def _reach(host: str, port: int) -> Connection:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(CONNECT):
        if isinstance(loop, asyncio.BaseEventLoop):
            return (await loop.create_connection(Connection, host, port, happy_eyeballs_delay=NEXT_ADDRESS))[1]
        # The loop of somebody else's app: uvloop's knows of no delay, and tries each address when the last has failed.
        return (await loop.create_connection(Connection, host, port))[1]


def _ascii(host: str) -> str:
    """A host name as it is looked up: one of other scripts by today's rules (IDNA 2008)."""
    if host.isascii():
        return host
    import idna  # here: hardly any service has such a name

    return idna.encode(host).decode("ascii")


def _trusted() -> "ssl.SSLContext":
    """Whom to trust: the authorities that the environment names, else those of Mozilla that come along."""
    context: ssl.SSLContext
    with openssl() as tls:
        if file := os.environ.get("SSL_CERT_FILE"):
            context = tls.create_default_context(cafile=file)
        elif folder := os.environ.get("SSL_CERT_DIR"):
            context = tls.create_default_context(capath=folder)
        else:
            import certifi

            context = tls.create_default_context(cafile=certifi.where())
        context.set_alpn_protocols(["http/1.1"])
    return context
