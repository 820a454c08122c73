"""The listening socket, and how people reach it."""

import errno
import ipaddress
import socket
from typing import Any, Final

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
    listener, address = _unbound(host, port)
    try:
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise _unusable(host, port, error) from error
    return listener


def _unbound(host: str, port: int) -> tuple[socket.socket, Any]:
    if not 0 <= port <= 65_535:
        raise ServiceError(f"port {port}: must be from 0 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise ServiceError(f"host {host!r}: no such address") from error
    unbound = socket.socket(family, kind, protocol)
    # A restart must not wait for connections of the last run to time out.
    unbound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return unbound, address


def _unusable(host: str, port: int, error: OSError) -> ServiceError:
    reason = _REASONS.get(error.errno or 0, error.strerror)
    return ServiceError(f"cannot listen on {host} port {port}: {reason}")


def reserved_socket(host: str, port: int) -> socket.socket:
    """Bind without listening: the port stays ours, and workers can open `shared_socket`s on it.

    Raises:
        ServiceError: the address cannot be listened on.
    """
    # First alone: another service's shared port would let us in and take half of our connections.
    alone = listening_socket(host, port)
    found = port_of(alone)
    alone.close()
    return shared_socket(host, found)


def shared_socket(host: str, port: int) -> socket.socket:
    """Bind to a port that sockets of other processes of ours are bound to as well.

    Raises:
        ServiceError: the address cannot be listened on.
    """
    shared, address = _unbound(host, port)
    try:
        shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        shared.bind(address)
    except OSError as error:
        shared.close()
        raise _unusable(host, port, error) from error
    return shared


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
