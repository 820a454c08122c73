"""Who may read the mailbox: people at this machine, and no web page that tricks their browser."""

import ipaddress
from typing import Final

from starlette.requests import Request

_PROXIED: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def is_local(request: Request) -> bool:
    """Tell whether a request comes from this machine and is meant for it.

    The peer must be loopback; the Host header must name loopback too, or a page elsewhere could have its own name
    resolve to 127.0.0.1 (DNS rebinding); and no proxy may stand in between, or the peer would be the proxy.
    """
    peer = request.client.host if request.client else ""
    if any(header in request.headers for header in _PROXIED):
        return False
    return is_loopback_address(peer) and is_loopback_name(_host_name(request.headers.get("host", "")))


def is_loopback_address(text: str) -> bool:
    """Tell whether `text` is a loopback IP address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or bool(mapped and mapped.is_loopback)


def is_loopback_name(text: str) -> bool:
    """Tell whether `text` is `localhost` or a loopback IP address."""
    return text.casefold() == "localhost" or is_loopback_address(text)


def _host_name(header: str) -> str:
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]
