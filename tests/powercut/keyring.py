"""The sealed file, by a backend that dies where a test wants it to."""

import os
import signal
from pathlib import Path

from keyring.backend import KeyringBackend

from kiosk.vault.sealed.backend import SealedFileKeyring
from kiosk.vault.sealed.keys import KeyKind, KeySource

FOLDER = "POWERCUT_FOLDER"
ORDER = "order"
"""Name of the file that says where to die: `set|delete session|pending before|after`."""


class DyingKeyring(SealedFileKeyring, KeyringBackend):
    """Keeps entries as the real one does; the power goes just before a change, or just after it."""

    def __init__(self) -> None:
        self._home = Path(os.environ[FOLDER])
        super().__init__(self._home / "keyring", KeySource(KeyKind.FILE, self._home / "key"))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._perhaps("set", username, "before")
        super().set_password(service, username, password)
        self._perhaps("set", username, "after")

    def delete_password(self, service: str, username: str) -> None:
        self._perhaps("delete", username, "before")
        super().delete_password(service, username)
        self._perhaps("delete", username, "after")

    def _perhaps(self, change: str, entry: str, when: str) -> None:
        kind = "pending" if entry.endswith("#pending") else "session"
        order = self._home / ORDER
        try:
            wanted = order.read_text("utf-8")
        except FileNotFoundError:
            return
        if wanted == f"{change} {kind} {when}":
            order.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
