"""The door to the service: `EmbeddedService` for demos and tests, `serve` for `kiosk serve`.

Importing this module costs nothing; the web framework is imported when a service is started.
"""

import asyncio
import logging
import socket
import sys
import threading
from typing import TYPE_CHECKING, Final, Self

from kiosk.service.errors import ServiceError
from kiosk.service.listening import listening_socket, port_of
from kiosk.service.options import Options

if TYPE_CHECKING:
    from kiosk.service.running import Parts, QuietServer

__all__ = ["EmbeddedService", "Options", "ServiceError", "serve"]

_EXTRA: Final = ("starlette", "uvicorn", "aiosmtplib")
_LOGGERS: Final = {"kiosk.service": logging.WARNING, "uvicorn.error": logging.ERROR}
"""What is worth telling an operator; uvicorn warns of every scanner's broken request."""


class EmbeddedService:
    """A service on its own event loop in a daemon thread.

    `url`, `mailbox_url` and `api_key` are valid from the moment that `start` returns: connections queue in the
    listening socket until the loop runs. A service starts once.
    """

    def __init__(self, options: Options) -> None:
        self.url = ""
        self.mailbox_url = ""
        """Empty when mails go out by SMTP."""
        self.api_key = ""
        self._options = options
        self._server: QuietServer | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen, then run in the background.

        Raises:
            ServiceError: an option is wrong, the port is in use, the store cannot be opened, an extra is missing.
        """
        if self._thread:
            raise ServiceError("the service was started already")
        # A full-screen app owns the terminal: nothing of ours may be printed there by logging's last resort.
        for name in _LOGGERS:
            logging.getLogger(name).addHandler(logging.NullHandler())
        listener, parts, server = _opened(self._options)
        self.url, self.mailbox_url, self.api_key = parts.url, parts.mailbox_url, parts.house.site.api_key
        self._server = server
        self._thread = threading.Thread(target=_run, args=(server, listener, parts), name="kiosk-service", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 3.0) -> None:
        """End the service; requests under way get `timeout` seconds. Safe to call twice, or without a start."""
        if not (self._thread and self._server):
            return
        self._server.should_exit = True
        self._thread.join(timeout)
        if self._thread.is_alive():
            self._server.force_exit = True
            self._thread.join(1.0)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()


def serve(options: Options) -> int:
    """Run in the foreground until SIGTERM or SIGINT; return the exit code.

    Raises:
        ServiceError: as `EmbeddedService.start`.
    """
    listener, parts, server = _opened(options)
    _log_to_stderr()
    try:
        _announce(parts)
        asyncio.run(server.serve_until_signal(listener))
    finally:
        listener.close()
        parts.close()
    return 0


def _opened(options: Options) -> "tuple[socket.socket, Parts, QuietServer]":
    try:
        from kiosk.service.running import assemble, make_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise ServiceError(f"{error.name} is missing: pip install 'smartlogin-kiosk[service]'") from error
    # The port first: one that is in use must not cost an open store.
    listener = listening_socket(options.host, options.port)
    try:
        parts = assemble(options, port_of(listener))
    except BaseException:
        listener.close()
        raise
    return listener, parts, make_server(parts)


def _run(server: "QuietServer", listener: socket.socket, parts: "Parts") -> None:
    try:
        asyncio.run(server.serve(sockets=[listener]))
    finally:
        listener.close()
        parts.close()


def _announce(parts: "Parts") -> None:
    site = parts.house.site
    print(f"Smart Login service for {site.name!r} on {parts.url}", flush=True)
    print(f"API key: {site.api_key}", flush=True)
    if parts.mailbox_url:
        print(f"Mailbox: {parts.mailbox_url}", flush=True)
    for warning in parts.warnings:
        print(f"warning: {warning}", file=sys.stderr, flush=True)


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name, level in _LOGGERS.items():
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = False
