"""The door to the service: `EmbeddedService` for demos and tests, `serve` for `kiosk serve`.

Importing this module costs nothing; the web framework is imported when a service is started.
"""

import asyncio
import resource
import socket
import sys
import threading
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Final, Self

from kiosk.service.errors import ServiceError
from kiosk.service.listening import listening_socket, port_of, reserved_socket
from kiosk.service.logs import keep_quiet, log_to_stderr, write_line
from kiosk.service.options import Options

if TYPE_CHECKING:
    from kiosk.service.running import Parts
    from kiosk.service.serving import QuietServer
    from kiosk.service.watch import Write

__all__ = ["EmbeddedService", "Options", "ServiceError", "serve"]

_EXTRA: Final = ("starlette", "uvicorn", "aiosmtplib", "prometheus_client", "idna")


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
        self._parts: Parts | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen, then run in the background.

        Raises:
            ServiceError: an option is wrong, the port is in use, the store cannot be opened, an extra is missing.
        """
        if self._thread:
            raise ServiceError("the service was started already")
        keep_quiet()
        listener, parts, server = _opened(self._options)
        self.url, self.mailbox_url, self.api_key = parts.url, parts.mailbox_url, parts.house.site.api_key
        self._server, self._parts = server, parts
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
    _raise_file_limit()
    log_to_stderr()
    if options.workers > 1:
        return _serve_with_workers(options)
    listener, parts, server = _opened(options, write_line)
    try:
        _announce(parts)
        asyncio.run(server.serve_until_signal(listener))
    finally:
        listener.close()
        parts.close()
    return 0


def _serve_with_workers(options: Options) -> int:
    if options.store.startswith("memory:"):
        raise ServiceError(
            "store memory: lives in one process; for several give --store sqlite:///PATH or redis://HOST"
        )
    from kiosk.service.workers import Workers

    _import_parts()
    from kiosk.service.running import assemble

    reserved = reserved_socket(options.host, options.port)
    try:
        # Here once, so that a mistake in the options is one line and not one of each worker.
        parts = assemble(options, port_of(reserved))
        parts.close()

        async def run() -> int:
            ready = asyncio.Event()
            workers = asyncio.create_task(Workers(options, port_of(reserved)).run(ready))
            waiting = asyncio.create_task(ready.wait())
            await asyncio.wait((workers, waiting), return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if ready.is_set():
                _announce(parts)
            return await workers

        return asyncio.run(run())
    finally:
        reserved.close()


def _raise_file_limit() -> None:
    # Every waiting device holds a connection; the usual soft limit of 1024 is for programs that use select().
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _import_parts() -> None:
    try:
        import kiosk.service.running
        import kiosk.service.serving  # noqa: F401
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise ServiceError(f"{error.name} is missing: pip install 'smartlogin-kiosk[service]'") from error


def _opened(options: Options, log: "Write | None" = None) -> "tuple[socket.socket, Parts, QuietServer]":
    _import_parts()
    from kiosk.service.running import assemble
    from kiosk.service.serving import make_server

    # The port first: one that is in use must not cost an open store.
    listener = listening_socket(options.host, options.port)
    with ExitStack() as cut_short:
        cut_short.callback(listener.close)
        parts = assemble(options, port_of(listener), log)
        cut_short.pop_all()
    return listener, parts, make_server(parts.app, parts.house.holds.end, options.proxies)


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
