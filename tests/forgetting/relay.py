"""Stands between app and service, passes every byte on, and remembers all: what the test looks for afterwards."""

import re
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_GUID = re.compile(rb"clientguid=([^& ]+)")
_TOKEN = re.compile(rb'"(?:access_token|refresh_token)":\s*"([^"]+)"')
_UID = re.compile(rb'"Uid":\s*"([^"]+)"')
_NUMBER = re.compile(rb'"[A-Za-z]*[Nn]umber[A-Za-z]*":\s*"([0-9]{2})"')


class Relay:
    """Byte for byte, with connections that stay open as the service's do."""

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._upstream = (str(parts.hostname), int(parts.port or 80))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._data = bytearray()
        self._ends: list[socket.socket] = []
        self._away = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._listener.close()
        for end in self._ends:
            end.close()

    @property
    def guids(self) -> set[str]:
        return {each.decode() for each in _GUID.findall(self._data)}

    @property
    def tokens(self) -> set[str]:
        return {each.decode() for each in _TOKEN.findall(self._data)}

    @property
    def uids(self) -> set[str]:
        return {each.decode() for each in _UID.findall(self._data)}

    @property
    def numbers(self) -> list[str]:
        return [each.decode() for each in _NUMBER.findall(self._data)]

    @property
    def said(self) -> bytes:
        """All that went by."""
        return bytes(self._data)

    def cut(self) -> None:
        """The network is away."""
        self._away = True
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """It is there again."""
        self._away = False

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._away:
                near.close()
                continue
            far = socket.create_connection(self._upstream)
            self._ends += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                self._data += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return
