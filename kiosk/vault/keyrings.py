"""Which keyring is used: chosen by name, never detected.

`keyring`'s own detection takes whatever is installed, and some backends then ask for a password on our own terminal.
"""

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SECRET_SERVICE = "secret-service"  # noqa: S105 - the name of a keyring
OFF = "off"


def check_keyring_name(name: str) -> str:
    """`secret-service`, `off`, or the dotted path of a keyring backend's class.

    Raises:
        ValueError: it is none of these.
    """
    parts = name.split(".")
    if name in {SECRET_SERVICE, OFF} or (len(parts) > 1 and all(part.isidentifier() for part in parts)):
        return name
    raise ValueError(f"must be {SECRET_SERVICE}, {OFF}, or the dotted path of a keyring backend's class")


def opener(name: str) -> "Callable[[], KeyringBackend | None]":
    """How to open the keyring of that name. What is returned imports and connects; this does not."""

    def open_named() -> "KeyringBackend | None":
        if name == OFF:
            return None
        if name == SECRET_SERVICE:
            return _secret_service()
        module, _, class_name = name.rpartition(".")
        backend: KeyringBackend = getattr(importlib.import_module(module), class_name)()
        return backend

    return open_named


def _secret_service() -> "KeyringBackend | None":
    from keyring.backends import SecretService

    try:
        # Looks whether a daemon runs or can be started; without one, later calls would fail in words of D-Bus.
        _ = SecretService.Keyring.priority
    except RuntimeError:
        return None
    backend: KeyringBackend = SecretService.Keyring()  # type: ignore[no-untyped-call]
    return backend
