"""Keyrings for tests: one that works, and the ways of not working."""

import threading

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Keeps entries for as long as it lives."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}

    @property
    def name(self) -> str:
        return "test memory"

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.entries:
            raise PasswordDeleteError("not there")
        del self.entries[service, username]


class LockedKeyring(MemoryKeyring):
    """Locked, and nobody unlocks it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"cannot store {password}")


class HangingKeyring(MemoryKeyring):
    """Waits for a prompt that nobody answers, until the test lets it go."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.answered.wait(30)
        return super().get_password(service, username)


class StubbornKeyring(MemoryKeyring):
    """Says that it deleted, and did not."""

    def delete_password(self, service: str, username: str) -> None:
        pass


class BrokenKeyring(MemoryKeyring):
    """Raises what no documentation names, with the secret in it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise ZeroDivisionError("token-of-jane")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise ZeroDivisionError(password)
