"""Stands between the app and the service, and pulls the plug at a chosen byte of a chosen call."""

import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

import httpx


class Proxy:
    """Passes calls on. One that is armed for has the plug pulled: before it, after it, half through, once it is out."""

    def __init__(self, upstream: str) -> None:
        proxy = self
        self._http = httpx.Client(base_url=upstream, trust_env=False)
        self._armed: tuple[str, str, Callable[[], None]] | None = None
        self.pulled = threading.Event()
        self.open = threading.Event()
        """Pings wait for it."""
        self.open.set()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                proxy.pass_on(self)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                pass  # who was killed answers no more

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.open.set()
        self._server.shutdown()
        self._server.server_close()
        self._http.close()

    def arm(self, call: str, phase: str, pull: Callable[[], None]) -> None:
        """Pull at the next call of that name: `before`, `after`, `half` or `sent`; `ok-…` waits for one that is 200."""
        self.pulled.clear()
        self._armed = call, phase, pull

    def pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        call = handler.path.partition("?")[0].rpartition("/")[2]
        if call == "ping":
            self.open.wait(30)
        if self._pulls(call, "before", 0):
            return
        headers = {name: value for name, value in handler.headers.items() if name.lower() != "host"}
        answer = self._http.get(handler.path, headers=headers)
        if self._pulls(call, "after", answer.status_code):
            return
        head = f"HTTP/1.1 {answer.status_code} X\r\nContent-Type: application/json\r\nConnection: close\r\n"
        data = f"{head}Content-Length: {len(answer.content)}\r\n\r\n".encode() + answer.content
        handler.close_connection = True
        if self._wants(call, "half", answer.status_code):
            handler.wfile.write(data[: len(data) - len(answer.content) // 2])
            handler.wfile.flush()
            self._pulls(call, "half", answer.status_code)
            return
        handler.wfile.write(data)
        handler.connection.shutdown(socket.SHUT_WR)
        self._pulls(call, "sent", answer.status_code)

    def _wants(self, call: str, phase: str, status: int) -> bool:
        if self._armed is None or self._armed[0] != call:
            return False
        wanted = self._armed[1]
        return wanted == phase or (wanted == f"ok-{phase}" and status == 200)

    def _pulls(self, call: str, phase: str, status: int) -> bool:
        if not self._wants(call, phase, status):
            return False
        assert self._armed is not None
        pull, self._armed = self._armed[2], None
        pull()
        self.pulled.set()
        return True
