"""Where the sealed file's key comes from."""

import contextlib
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from kiosk.values import Value
from kiosk.vault.problems import VaultError, VaultProblem

CREDENTIAL = "kiosk.key"
"""Name of the systemd credential."""

SHORTEST = 16
"""Bytes that a key has at least."""

LONGEST = 1 << 20
"""Bytes of a key that are read: what systemd allows for all credentials of a unit."""

_MADE = 32
"""Bytes of a key that is made here."""


class KeyKind(StrEnum):
    """Who looks after the key."""

    CREDENTIAL = "systemd-credential"
    """systemd, which unseals it for this service alone."""
    FILE = "key-file"
    """Nobody: it lies on the same disk."""


class KeySource(Value):
    """Which key, and where it is."""

    kind: KeyKind
    path: Path


def credential(environ: Mapping[str, str]) -> KeySource | None:
    """The key that systemd hands to this service; None when it hands none."""
    folder = Path(environ.get("CREDENTIALS_DIRECTORY", ""))
    path = folder / CREDENTIAL
    # One that is there and cannot be read is still the chosen one: reading it will say what is wrong.
    return KeySource(KeyKind.CREDENTIAL, path) if folder.is_absolute() and os.path.lexists(path) else None


def read_key(source: KeySource) -> bytes:
    """The key, as it is: a line's end belongs to it.

    Raises:
        VaultError: it is not there, cannot be read, or is too short to be one.
    """
    try:
        # Without waiting: a pipe in its place must not hold anybody up.
        descriptor = os.open(source.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            key = file.read(LONGEST) or b""
    except OSError:
        raise VaultError(VaultProblem.NO_KEY) from None
    if len(key) < SHORTEST:
        raise VaultError(VaultProblem.SHORT_KEY)
    return key


def is_to_be_made(source: KeySource) -> bool:
    """Whether it is a key file, and not there yet."""
    return source.kind is KeyKind.FILE and not os.path.lexists(source.path)


def read_or_make_key(source: KeySource) -> bytes:
    """The key; a key file that is not there is made. Call it under the lock of the sealed file.

    Raises:
        VaultError: as `read_key`.
        OSError: it cannot be made.
    """
    if is_to_be_made(source):
        _make(source.path)
    return read_key(source)


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(_MADE))
            file.flush()
            os.fsync(descriptor)
        # A link, not a renaming: a key that somebody else has made meanwhile stays.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the disk know which names a folder holds."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
