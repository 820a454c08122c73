"""uvicorn as this service runs it: patient with devices, impatient with whoever sends half a request."""

import asyncio
import contextlib
import json
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Any, Final

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from kiosk.service.contract import Refused

_GRACE: Final = 2
"""Seconds that requests under way get when the service ends."""
_KEEP_ALIVE: Final = 30
"""Seconds that an idle connection is kept: a device pings every 5 seconds and should find its connection warm."""
_HEAD_SECONDS: Final = 10.0
"""Seconds for the head of a request, from its first byte or, on a new connection, from the start."""
_HEAD_BYTES: Final = 32_768
_MOST_CONNECTIONS: Final = 8_192
_OTHER_FILES: Final = 128
"""Open files that are no connections, with room to spare."""
_MALFORMED: Final = json.dumps(Refused(908).body()).encode()


class QuietServer(uvicorn.Server):
    """uvicorn without its own signal handling: it would end the process with the signal instead of exit code 0."""

    def __init__(self, config: uvicorn.Config, let_go: Callable[[], None] | None = None) -> None:
        """Call `let_go` when the service ends, so that no request takes its time any more."""
        super().__init__(config)
        self._let_go = let_go

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: held pings are answered first, the rest gets its time."""
        if self._let_go is not None:
            self._let_go()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield

    async def serve_until_signal(self, listener: socket.socket) -> None:
        """Serve until SIGTERM or SIGINT."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.end)
        await self.serve(sockets=[listener])

    def end(self) -> None:
        """End; the second time without waiting for requests under way."""
        self.force_exit = self.should_exit
        self.should_exit = True


class ImpatientProtocol(H11Protocol):
    """HTTP/1.1 that gives the head of a request a limited time, and answers what is no HTTP in the protocol's words."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        """Read; the time for the head runs while it is incomplete."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_timer()
        elif self._head_timer is None:
            self._start_timer()

    def on_response_complete(self) -> None:
        """The next request may have begun to arrive with the last one."""
        super().on_response_complete()
        if self.cycle.response_complete and self.conn.trailing_data[0] and self._head_timer is None:
            self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_timer()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words are not LoginRadius'
        """Answer bytes that are no HTTP, or a head beyond all limits."""
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(_MALFORMED)),
            (b"connection", b"close"),
        ]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=_MALFORMED),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _start_timer(self) -> None:
        self._head_timer = self.loop.call_later(_HEAD_SECONDS, self._too_slow)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        self._head_timer = None
        self.transport.close()


def make_server(app: Starlette, let_go: Callable[[], None] | None = None, proxies: tuple[str, ...] = ()) -> QuietServer:
    """Prepare a server that calls `let_go` when it ends.

    Forwarded headers count when they come from `proxies` (addresses or networks).
    """
    options: dict[str, Any] = {"forwarded_allow_ips": list(proxies)} if proxies else {}
    config = uvicorn.Config(
        app,
        http=ImpatientProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,  # request lines hold GUIDs and tokens
        server_header=False,
        proxy_headers=bool(proxies),
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        limit_concurrency=_connections(),
        **options,
    )
    return QuietServer(config, let_go)


def _connections() -> int:
    # Beyond what the system lets a process open, accepting would fail in a loop instead of answering 503.
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _MOST_CONNECTIONS if files < 0 else max(16, min(_MOST_CONNECTIONS, files - _OTHER_FILES))
