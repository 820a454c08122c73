"""The keyring: can a session be kept, read and removed."""

from collections.abc import Iterator, Mapping

from kiosk.doctor.findings import Finding, ok, problem, warning
from kiosk.kept import sealing
from kiosk.language import gettext as _
from kiosk.settings.loading import Settings
from kiosk.smartlogin.models import Profile, Session, Token
from kiosk.vault.entries import Kept
from kiosk.vault.keyrings import OFF, Choice, loader, opener
from kiosk.vault.problems import VaultError
from kiosk.vault.sealed.keys import KeyKind
from kiosk.vault.vault import Vault
from kiosk.vaultwords import vault_words
from kiosk.wiring import keyring_for

ENTRY = "doctor"
"""An entry of its own: what somebody has there is not touched."""


async def look_at_keyring(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Write, read and remove an entry that means nothing."""
    choice = keyring_for(settings, environ)
    if choice.name == OFF:
        return [warning("keyring", _("off"), _("Sessions end with the app; set `keyring` to keep them."))]
    vault = Vault(ENTRY, opener(choice), load=loader(choice))
    kept = Kept(Session(Token("doctor"), Profile()), "doctor")
    try:
        name = await vault.backend_name()
        await vault.keep(kept)
        found = await vault.load()
        await vault.forget()
    except VaultError as error:
        mend = _('packaging/keyring tells how boxes keep sessions; `keyring = "off"` does without.')
        return [problem("keyring", str(vault_words(error.problem)), mend)]
    if found != kept:
        return [problem("keyring", _("{name} does not give back what it was given").format(name=name), "")]
    return [ok("keyring", _("{name}: written, read and removed").format(name=name)), *_sealing(choice)]


def _sealing(choice: Choice) -> Iterator[Finding]:
    for subject, says in sealing(choice).items():
        name = subject.replace("_", " ")
        if subject == "keyring_protection" and choice.key is not None and choice.key.kind is KeyKind.FILE:
            yield warning(name, says, _("Have systemd hand the key over as a credential (packaging/keyring)."))
        elif subject == "keyring_set_aside":
            yield warning(name, says, _("It could not be read; remove it once you know why."))
        else:
            yield ok(name, says)
