"""The sealed file as a keyring."""

import contextlib
import errno
from pathlib import Path

from kiosk.vault.problems import VaultError, VaultProblem
from kiosk.vault.sealed.keys import KeySource, is_to_be_made, read_key, read_or_make_key
from kiosk.vault.sealed.place import LARGEST, Place
from kiosk.vault.sealed.seal import Entries, seal, unseal

_IN_THE_WAY = {VaultProblem.DAMAGED, VaultProblem.OTHER_KEY, VaultProblem.NEWER}
"""Why a file cannot be opened that is there and can be read."""


class SealedFileKeyring:
    """Several entries in one file, sealed with a key from elsewhere.

    A file that was torn or tampered with is put aside as soon as somebody looks. One of another key or version may yet
    be opened, by the right key or version: it stays until its place is needed for a new entry.
    """

    def __init__(self, folder: Path, key: KeySource | None) -> None:
        self._place = Place(folder)
        self._key = key
        self._lost: set[tuple[str, str]] | None = None
        """After a damaged file: the entries whose loss was told. Each is told to whoever asks for it first."""

    @property
    def name(self) -> str:
        """What it is, for people."""
        return f"sealed file {self._place.file}"

    def get_password(self, service: str, username: str) -> str | None:
        """The entry; None when there is none.

        Raises:
            VaultError: the file cannot be opened.
            OSError: the file cannot be read.
        """
        entry = service, username
        try:
            found = self._found()
        except VaultError as error:
            if error.problem is VaultProblem.DAMAGED:
                self._lost = {entry}
            raise
        if entry not in found and self._lost is not None and entry not in self._lost:
            self._lost.add(entry)
            raise VaultError(VaultProblem.DAMAGED)
        return found.get(entry)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep an entry, in place of an earlier one.

        Raises:
            VaultError: there is no key, or the file would be too large.
            OSError: the file cannot be written; it is as it was.
        """
        with self._place.locked():
            key = read_or_make_key(self._needed_key())
            entries = self._read_for_change()
            entries[service, username] = password
            data = seal(entries, key)
            if len(data) > LARGEST:
                raise VaultError(VaultProblem.TOO_LARGE)
            self._place.write(data)

    def delete_password(self, service: str, username: str) -> None:
        """Remove an entry, also where the disk is full.

        Raises:
            PasswordDeleteError: there is no such entry.
            VaultError: there is no key.
            OSError: the file cannot be written; it is as it was.
        """
        with self._place.locked():
            entries = self._read_for_change()
            if entries.pop((service, username), None) is None:
                from keyring.errors import PasswordDeleteError  # here: it brings all of `keyring` along

                raise PasswordDeleteError("no such entry")
            if entries:
                self._write_less(seal(entries, read_key(self._needed_key())))
            else:
                self._place.remove()

    def _needed_key(self) -> KeySource:
        if self._key is None:
            raise VaultError(VaultProblem.NO_KEY)
        return self._key

    def _read(self) -> Entries:
        data = self._place.read()
        if data is None and is_to_be_made(self._needed_key()):
            return {}
        key = read_key(self._needed_key())  # also where there is no file yet: what is wrong with it is told early
        return {} if data is None else unseal(data, key)

    def _found(self) -> Entries:
        try:
            return self._read()
        except VaultError as error:
            if error.problem is not VaultProblem.DAMAGED:
                raise
        return self._look_again()

    def _read_for_change(self) -> Entries:
        try:
            return self._read()
        except VaultError as error:
            if error.problem not in _IN_THE_WAY:
                raise
        self._place.put_aside()
        return {}

    def _look_again(self) -> Entries:
        """Put a damaged file aside, unless a whole one has taken its place meanwhile."""
        with contextlib.suppress(OSError), self._place.locked():
            try:
                return self._read()
            except VaultError as error:
                if error.problem is VaultProblem.DAMAGED:
                    self._place.put_aside()
                raise
        raise VaultError(VaultProblem.DAMAGED)  # on a disk that cannot be written

    def _write_less(self, data: bytes) -> None:
        try:
            self._place.write(data)
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            # Whoever signs out is gone before anything else is kept: the file makes room for what is left of it.
            self._place.remove()
            with contextlib.suppress(OSError):
                self._place.write(data)
