"""A datagram socket that stands where systemd's would."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class Datagrams:
    """Keeps what is sent to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)

    def read(self) -> list[str]:
        """All that has come so far."""
        while True:
            try:
                self.seen.append(self._socket.recv(65536).decode())
            except BlockingIOError:
                return self.seen

    def see(self, wanted: str, meanwhile: Callable[[], object], limit: float = 20.0) -> list[str]:
        """All that has come, as soon as `wanted` is in one of it; a terminal wants to be read `meanwhile`."""
        end = time.monotonic() + limit
        while not any(wanted in each for each in self.read()):
            assert time.monotonic() < end, f"{wanted!r} never came: {self.seen}"
            meanwhile()
        return self.seen

    def close(self) -> None:
        self._socket.close()


@contextmanager
def datagrams(path: Path) -> Iterator[Datagrams]:
    it = Datagrams(path)
    try:
        yield it
    finally:
        it.close()
