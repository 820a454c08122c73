"""Why the keyring did not do what was asked."""

from enum import StrEnum


class VaultProblem(StrEnum):
    """Why the keyring did not do what was asked."""

    MISSING = "missing"
    """There is no keyring on this box, or none was chosen."""
    LOCKED = "locked"
    HANGING = "hanging"
    """It did not answer within the limit."""
    FAILING = "failing"
    """It answered with an error."""
    UNREADABLE = "unreadable"
    """The entry is not one of ours, or damaged."""


class VaultError(Exception):
    """The keyring did not do what was asked."""

    def __init__(self, problem: VaultProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def problem_of(error: Exception) -> VaultProblem:
    """What it means that a keyring backend raised this."""
    from keyring.errors import KeyringLocked, NoKeyringError

    if isinstance(error, KeyringLocked):
        return VaultProblem.LOCKED
    return VaultProblem.MISSING if isinstance(error, NoKeyringError | ImportError) else VaultProblem.FAILING
