"""The word to systemd: started, alive, what it is doing, ending (sd_notify(3)). No library: it is one datagram."""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress

PATIENCE = 2.0
"""Seconds that `READY=1` may wait: lost, it would have the unit started over and over."""


class Supervisor:
    """systemd, or whoever else has set `NOTIFY_SOCKET`; nobody, where that is not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        self._period = environ.get("WATCHDOG_USEC", "")

    @property
    def feeding(self) -> float | None:
        """Seconds from one sign of life to the next: a third of what the watchdog waits; None where there is none.

        `WATCHDOG_PID` is not asked: inside a terminal emulator (cage, foot) it is that of the unit's first process,
        and systemd takes signs of life from whom the unit allows (`NotifyAccess=`).
        """
        if not self._address or not self._period.isascii() or not self._period.isdigit():
            return None
        return int(self._period[:15]) / 3e6 or None

    def ready(self) -> None:
        """Tell that people can use it now."""
        self._send("READY=1", PATIENCE)

    def feed(self) -> None:
        """Give a sign of life."""
        if self._period:
            self._send("WATCHDOG=1")

    def status(self, line: str) -> bool:
        """Tell in words what it is doing. False where nobody takes it in just now, and it is worth another try."""
        return self._send(f"STATUS={line}")

    def stopping(self) -> None:
        """Tell that the end has begun."""
        self._send("STOPPING=1")

    def _send(self, text: str, patience: float = 0.0) -> bool:
        if not self._address:
            return True
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        with suppress(OSError, ValueError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.settimeout(patience)
            try:
                sender.sendto(text.encode(), address)
            except (BlockingIOError, TimeoutError):
                return False
        return True


def feed_before_imports() -> None:
    """The first sign of life: on a weak box what is imported next takes its time."""
    Supervisor(os.environ).feed()
