"""The proxy that the environment names, as the standard library reads it: `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`."""

import os
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_NAMES = frozenset({"https_proxy", "all_proxy"})
_PORTS = {"http": 80, "https": 443}


class Proxy(NamedTuple):
    """A proxy that is asked to lead on (CONNECT, RFC 9110 section 9.3.6). Its `headers` hold a password."""

    host: str
    port: int
    sealed: bool
    """It is itself spoken to by TLS."""
    headers: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return f"<Proxy {self.host}:{self.port}>"


def proxy_for(host: str, port: int) -> Proxy | None:
    """The proxy on the way to an https site, if there is one.

    Raises:
        ValueError: it is none that we can use (socks, no host, no port that is one).
    """
    if not any(value and name.lower() in _NAMES for name, value in os.environ.items()):
        return None
    from urllib.request import getproxies, proxy_bypass  # here: they bring 2 MB along

    named = getproxies()
    address = named.get("https") or named.get("all")
    if not address or proxy_bypass(host) or proxy_bypass(f"{host}:{port}"):
        return None
    if (proxy := _read(address if "://" in address else f"http://{address}")) is None:
        raise ValueError("the proxy of HTTPS_PROXY or ALL_PROXY must be an http:// or https:// address")
    return proxy


def _read(address: str) -> Proxy | None:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:  # its words may have a part of the password in them
        return None
    if parts.scheme not in _PORTS or not host:
        return None
    return Proxy(
        host, port or _PORTS[parts.scheme], parts.scheme == "https", _authorization(parts.username, parts.password)
    )


def _authorization(user: str | None, password: str | None) -> tuple[tuple[str, str], ...]:
    if user is None:
        return ()
    from base64 import b64encode

    said = b64encode(f"{unquote(user)}:{unquote(password or '')}".encode()).decode("ascii")
    return (("Proxy-Authorization", f"Basic {said}"),)
