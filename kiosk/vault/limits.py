"""Names and limits of what stands in the keyring."""

from typing import TYPE_CHECKING

from kiosk.vault.problems import VaultError, VaultProblem

if TYPE_CHECKING:
    from kiosk.vault.keyring import Keyring

SERVICE = "smartlogin-kiosk"
"""Under which service name the entries stand in the keyring; a session and a pending attempt per site."""

LIMIT = 3.0
"""Seconds that one keyring call may take."""

LARGEST = 128 * 1024
"""Characters of an entry. A token ten times as long would pass no server; more than this is none of ours."""


def pending_entry(site: str) -> str:
    """The name of the pending attempt's entry, beside the session's."""
    return f"{site}#pending"


def read_entry(backend: "Keyring", name: str) -> str | None:
    """What an entry says; None where there is none.

    Raises:
        VaultError: it is larger than any of ours.
    """
    text = backend.get_password(SERVICE, name)
    if text is not None and len(text) > LARGEST:
        raise VaultError(VaultProblem.UNREADABLE)
    return text
