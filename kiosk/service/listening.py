"""The listening socket, and how people reach it."""

import errno
import ipaddress
import socket
from typing import Final

from kiosk.service.errors import ServiceError

_BACKLOG: Final = 2_048
_REASONS: Final = {
    errno.EADDRINUSE: "the port is in use; choose another one with --port",
    errno.EACCES: "the port needs more rights; choose one above 1023",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


def listening_socket(host: str, port: int) -> socket.socket:
    """Bind and listen; connections queue from now on.

    Raises:
        ServiceError: the address cannot be listened on.
    """
    if not 0 <= port <= 65_535:
        raise ServiceError(f"port {port}: must be from 0 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise ServiceError(f"host {host!r}: no such address") from error
    listener = socket.socket(family, kind, protocol)
    try:
        # A restart must not wait for connections of the last run to time out.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        reason = _REASONS.get(error.errno or 0, error.strerror)
        raise ServiceError(f"cannot listen on {host} port {port}: {reason}") from error
    return listener


def port_of(listener: socket.socket) -> int:
    """The port that a socket listens on."""
    return int(listener.getsockname()[1])


def reachable_url(host: str, port: int) -> str:
    """How people reach a service that listens on `host`; a wildcard is reached by this machine's name."""
    name = socket.gethostname() if _is_wildcard(host) else host
    return _url(name, port)


def loopback_url(host: str, port: int) -> str:
    """How this machine reaches the service by loopback; "" when it does not listen there."""
    if _is_wildcard(host):
        return _url("::1" if host == "::" else "127.0.0.1", port)
    return _url(host, port) if is_loopback_host(host) else ""


def is_loopback_host(host: str) -> bool:
    """Tell whether nobody but this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_wildcard(host: str) -> bool:
    return host in ("", "0.0.0.0", "::")  # noqa: S104 - compared, not bound


def _url(name: str, port: int) -> str:
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
