"""What is wrong with the keyring, and what its key protects against, in words for people."""

from kiosk.language import gettext as _
from kiosk.vault.problems import VaultProblem
from kiosk.vault.sealed.keys import KeyKind, KeySource
from kiosk.wording import Words


def vault_words(problem: VaultProblem) -> Words:
    """What is wrong with the keyring."""
    return {
        VaultProblem.MISSING: Words(_("There is no keyring on this box.")),
        VaultProblem.UNUSABLE: Words(_("The keyring that is set cannot be loaded.")),
        VaultProblem.LOCKED: Words(_("The keyring is locked.")),
        VaultProblem.HANGING: Words(_("The keyring does not answer.")),
        VaultProblem.FAILING: Words(_("The keyring cannot be used.")),
        VaultProblem.FORGETFUL: Words(_("The keyring does not keep what it is given.")),
        VaultProblem.TOO_LARGE: Words(_("The sign-in is too large for the keyring.")),
        VaultProblem.UNREADABLE: Words(_("The keyring holds something that cannot be read.")),
        VaultProblem.READ_ONLY: Words(_("The keyring is on a disk that cannot be written.")),
        VaultProblem.FULL: Words(_("The disk of the keyring is full.")),
        VaultProblem.FORBIDDEN: Words(_("The keyring belongs to somebody else.")),
        VaultProblem.NO_KEY: Words(_("The key of the keyring cannot be read.")),
        VaultProblem.SHORT_KEY: Words(_("The key of the keyring is too short.")),
        VaultProblem.OTHER_KEY: Words(_("The keyring was sealed with another key.")),
        VaultProblem.DAMAGED: Words(_("The keyring was damaged and has been put aside.")),
        VaultProblem.NEWER: Words(_("The keyring was written by another version.")),
    }[problem]


def key_words(source: KeySource) -> Words:
    """Where the sealed file's key comes from, and what it protects against."""
    if source.kind is KeyKind.CREDENTIAL:
        return Words(
            _("systemd credential {name}").format(name=source.path.name),
            _(
                "Protects against a copy of the file, and against tampering. Sealed to the TPM, it also protects "
                "against somebody who has the whole disk; sealed with the host key alone, it does not."
            ),
        )
    return Words(
        _("key file {path}").format(path=source.path),
        _(
            "Protects against a copy of the sealed file alone, and against tampering. Does not protect against "
            "somebody who has the whole disk: the key is on it."
        ),
    )
