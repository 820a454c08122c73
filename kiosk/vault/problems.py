"""Why the keyring did not do what was asked."""

import errno
from enum import StrEnum


class VaultProblem(StrEnum):
    """Why the keyring did not do what was asked."""

    MISSING = "missing"
    """There is no keyring on this box, or none was chosen."""
    UNUSABLE = "unusable"
    """The keyring that was chosen cannot be loaded: no such class, or a part of it is not installed."""
    LOCKED = "locked"
    HANGING = "hanging"
    """It did not answer within the limit."""
    FAILING = "failing"
    """It answered with an error."""
    FORGETFUL = "forgetful"
    """It took the entry, and does not have it."""
    TOO_LARGE = "too_large"
    """The entry is larger than any session."""
    UNREADABLE = "unreadable"
    """The entry is not one of ours, or damaged."""
    READ_ONLY = "read_only"
    FULL = "full"
    FORBIDDEN = "forbidden"
    """Its files belong to somebody else."""
    NO_KEY = "no_key"
    """The sealed file's key is not there, or cannot be read."""
    SHORT_KEY = "short_key"
    OTHER_KEY = "other_key"
    """The sealed file was sealed with another key than this box has now."""
    DAMAGED = "damaged"
    """The sealed file was torn or tampered with; it has been put aside."""
    NEWER = "newer"
    """The sealed file was written by another version of ours."""


class VaultError(Exception):
    """The keyring did not do what was asked."""

    def __init__(self, problem: VaultProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


_BY_ERRNO = {
    errno.EROFS: VaultProblem.READ_ONLY,
    errno.ENOSPC: VaultProblem.FULL,
    errno.EDQUOT: VaultProblem.FULL,
    errno.EACCES: VaultProblem.FORBIDDEN,
    errno.EPERM: VaultProblem.FORBIDDEN,
}


def problem_of(error: BaseException) -> VaultProblem:
    """What it means that a keyring backend raised this."""
    if isinstance(error, VaultError):
        return error.problem
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0, VaultProblem.FAILING)
    if isinstance(error, ImportError):
        return VaultProblem.UNUSABLE
    if isinstance(error, UnicodeDecodeError):
        return VaultProblem.UNREADABLE
    # Last, since it loads all of `keyring`: of what is left, its own errors are the ones that say more.
    from keyring.errors import KeyringLocked, NoKeyringError

    if isinstance(error, KeyringLocked):
        return VaultProblem.LOCKED
    return VaultProblem.MISSING if isinstance(error, NoKeyringError) else VaultProblem.FAILING
