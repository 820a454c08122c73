"""What a keyring can do."""

from typing import Protocol


class Keyring(Protocol):
    """As much of a backend of `keyring` as is used here, in its words: all of its backends are such.

    Our own, the sealed file, is one without being made from theirs: to import `keyring` takes six times as long as to
    start Python, and nearly five megabytes.
    """

    @property
    def name(self) -> str:
        """Which it is, for people."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """The entry of this name; None when there is none."""

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Keep an entry, in place of an earlier one of this name."""

    def delete_password(self, service: str, username: str, /) -> None:
        """Remove an entry; raises PasswordDeleteError of `keyring` when there is none."""
