"""The sealed file on the disk: written whole or not at all, by one process at a time."""

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk.vault.problems import VaultError, VaultProblem
from kiosk.vault.sealed.keys import sync_folder

LARGEST = 1 << 20
"""Bytes that a file of ours has at most; more is none of ours, and is not read."""

PATIENCE = 2.0
"""Seconds to wait for another process that is at the file; less than what a keyring call may take."""


class Place:
    """A folder of ours with one file in it, and beside it what keeps that file whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "sealed"
        self.aside = folder / "set-aside"
        """The one place for a file that could not be opened; a later one takes it."""
        self._fresh = folder / "sealed.new"
        self._lock = folder / "lock"

    def read(self) -> bytes | None:
        """The file's bytes; None when there is no file.

        Raises:
            VaultError: something else stands in its place, or it is larger than any of ours.
            OSError: it cannot be read.
        """
        try:
            # Without waiting and without following: whatever was put there must not hold anybody up.
            descriptor = os.open(self.file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            if self.file.is_symlink():
                raise VaultError(VaultProblem.DAMAGED) from None
            raise
        with contextlib.ExitStack() as stack:
            stack.callback(os.close, descriptor)
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise VaultError(VaultProblem.DAMAGED)
            data = b""
            while chunk := os.read(descriptor, LARGEST + 1 - len(data)):
                data += chunk
        if len(data) > LARGEST:
            raise VaultError(VaultProblem.DAMAGED)
        return data

    def write(self, data: bytes) -> None:
        """Put these bytes in the file's place. Call it under the lock.

        Raises:
            OSError: they could not be written; the file is as it was.
        """
        self._fresh.unlink(missing_ok=True)  # of somebody whom a power cut stopped
        try:
            descriptor = os.open(self._fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            self._fresh.replace(self.file)
        except OSError:
            with contextlib.suppress(OSError):
                self._fresh.unlink(missing_ok=True)
            raise
        sync_folder(self.folder)

    def remove(self) -> None:
        """Remove the file. Call it under the lock."""
        self.file.unlink(missing_ok=True)
        sync_folder(self.folder)

    def put_aside(self) -> None:
        """Move the file out of the way, in place of what was put aside before. Call it under the lock."""
        self.file.replace(self.aside)
        sync_folder(self.folder)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Alone at the file, among all processes and threads.

        Raises:
            VaultError: somebody else is at it, and stays.
            OSError: the folder cannot be made or written.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if stat.S_IMODE(self.folder.stat().st_mode) & 0o077:
            self.folder.chmod(0o700)
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            _lock_within(descriptor, PATIENCE)
            yield
        finally:
            os.close(descriptor)


def _lock_within(descriptor: int, seconds: float) -> None:
    # Asked again and again, since a wait for a lock has no limit: a thread that hangs there could not be ended.
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                raise VaultError(VaultProblem.HANGING) from None
            time.sleep(0.02)
        else:
            return
