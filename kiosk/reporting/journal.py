"""The log in systemd's journal, by its native protocol: one datagram an entry, over a socket of the machine's own.

Never stderr: the full-screen app is drawn there. See "Native Journal Protocol" of systemd's documentation; values of
ours have no line breaks, so that its simple form, `FIELD=value`, is enough.
"""

import socket
from contextlib import suppress
from pathlib import Path

from kiosk.reporting.records import Record
from kiosk.reporting.rendering import in_words

SOCKET = Path("/run/systemd/journal/socket")


class Journal:
    """Sends entries; what cannot be sent at once is dropped."""

    def __init__(self, path: Path = SOCKET) -> None:
        self._path = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)

    def write(self, entry: Record) -> None:
        """Send an entry. To the address each time: a journal that was restarted listens there again."""
        with suppress(OSError):
            self._socket.sendto(datagram(entry), self._path)

    def close(self) -> None:
        """Let the socket go."""
        self._socket.close()


def datagram(entry: Record) -> bytes:
    """An entry as the journal takes it."""
    values = {
        "MESSAGE": in_words(entry),
        "PRIORITY": str(int(entry.level)),
        "SYSLOG_IDENTIFIER": "kiosk",
        "KIOSK_EVENT": entry.event.value,
    }
    for name, value in entry.facts.items():
        values[f"KIOSK_{name.upper()}"] = " < ".join(value) if isinstance(value, tuple) else str(value)
    return "".join(f"{name}={value}\n" for name, value in values.items()).encode()
