"""Which keyring is used: chosen by the settings, never detected.

`keyring`'s own detection takes whatever is installed, and some backends then ask for a password on our own terminal.
Here the settings say which, and where they say nothing, whether systemd hands this service the sealed file's key.
"""

import functools
import importlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.values import Value
from kiosk.vault.problems import VaultError, VaultProblem
from kiosk.vault.sealed.keys import KeyKind, KeySource, credential

if TYPE_CHECKING:
    from kiosk.vault.keyring import Keyring

AUTO = "auto"
SECRET_SERVICE = "secret-service"  # noqa: S105 - the name of a keyring
SEALED_FILE = "sealed-file"
OFF = "off"
_NAMES = (AUTO, SECRET_SERVICE, SEALED_FILE, OFF)


def check_keyring_name(name: str) -> str:
    """The name of a keyring that we know, or the dotted path of a keyring backend's class.

    Raises:
        ValueError: it is none of these.
    """
    parts = name.split(".")
    if name in _NAMES or (len(parts) > 1 and all(part.isidentifier() for part in parts)):
        return name
    raise ValueError(f"must be {', '.join(_NAMES)}, or the dotted path of a keyring backend's class")


class Choice(Value):
    """Which keyring, and what it needs."""

    name: str
    """One of our names but `auto`, or the dotted path of a class."""
    folder: Path | None = None
    """Where the sealed file lies; None where there is no place for it."""
    key: KeySource | None = None
    """The sealed file's key; None where none was named and systemd hands none."""


def choose(name: str, key_file: str, state: Path | None, environ: Mapping[str, str]) -> Choice:
    """The keyring that the settings mean.

    Args:
        name: What `check_keyring_name` let pass.
        key_file: Path of the sealed file's key, or nothing.
        state: The directory for what this program keeps.
        environ: The environment, for systemd's credential.

    Raises:
        ValueError: a key file is named, and the keyring has no use for it.
    """
    if key_file and name not in {SEALED_FILE, OFF}:
        raise ValueError(f"is for keyring = {SEALED_FILE} alone")
    if name not in {AUTO, SEALED_FILE}:
        return Choice(name)
    key = KeySource(KeyKind.FILE, Path(key_file)) if key_file else credential(environ)
    if name == AUTO and key is None:
        return Choice(SECRET_SERVICE)
    return Choice(SEALED_FILE, state / "keyring" if state else None, key)


def opener(choice: Choice) -> "Callable[[], Keyring | None]":
    """How to open a keyring. What is returned imports and connects; this does not."""
    # One for all calls: it knows what it has told already. It holds nothing open.
    sealed_file = functools.cache(functools.partial(_sealed_file, choice))

    def open_chosen() -> "Keyring | None":
        if choice.name == OFF:
            return None
        if choice.name == SECRET_SERVICE:
            return _secret_service()
        return sealed_file() if choice.name == SEALED_FILE else _of_class(choice.name)

    return open_chosen


def loader(choice: Choice) -> Callable[[], None]:
    """What imports the code of a keyring, and touches nothing else; somebody else's is left to the opening."""

    def load() -> None:
        if choice.name == SECRET_SERVICE and _has_bus():
            importlib.import_module("keyring.backends.SecretService")
        elif choice.name == SEALED_FILE:
            importlib.import_module("kiosk.vault.sealed.backend")

    return load


def _has_bus() -> bool:
    """Whether there is a bus to ask on. SecretStorage would say the same, after 12 MB and 100 ms of imports."""
    return bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))


def _secret_service() -> "Keyring | None":
    if not _has_bus():
        return None
    from keyring.backends import SecretService

    try:
        # Looks whether a daemon runs or can be started; without one, later calls would fail in words of D-Bus.
        _ = SecretService.Keyring.priority
    except RuntimeError:
        return None
    backend: Keyring = SecretService.Keyring()  # type: ignore[no-untyped-call]
    return backend


def _sealed_file(choice: Choice) -> "Keyring | None":
    from kiosk.vault.sealed.backend import SealedFileKeyring

    return None if choice.folder is None else SealedFileKeyring(choice.folder, choice.key)


def _of_class(path: str) -> "Keyring":
    from keyring.backend import KeyringBackend

    module, _, class_name = path.rpartition(".")
    try:
        backend = getattr(importlib.import_module(module), class_name)()
    except (Exception, SystemExit):  # noqa: BLE001 - foreign code: it may fail as it likes, and says so in its own words
        backend = None
    if not isinstance(backend, KeyringBackend):
        raise VaultError(VaultProblem.UNUSABLE)
    return backend
