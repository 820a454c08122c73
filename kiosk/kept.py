"""`kiosk token`, `kiosk status`, `kiosk logout`: what the keyring holds, for scripts and people.

Scripts call these again and again, so each part is imported where something is to be done with it: where nobody is
signed in, nothing is read, and where no words are said, none are looked up.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from kiosk.exits import DONE, NOBODY
from kiosk.folders import runtime_folder
from kiosk.language import gettext as _
from kiosk.settings.loading import Settings
from kiosk.tty.terminal import complain
from kiosk.vault.keyrings import SEALED_FILE, Choice, loader, opener
from kiosk.vault.limits import pending_entry, read_entry
from kiosk.vault.once import ask_once
from kiosk.vault.problems import VaultError, VaultProblem
from kiosk.wiring import client_for, entry_name, keyring_for, vault_for

if TYPE_CHECKING:
    from kiosk.vault.entries import Kept
    from kiosk.vault.keyring import Keyring

T = TypeVar("T")

LONGEST_VALUE = 400
"""Characters of a line of `kiosk status`: a path or a sentence of ours, not a name on a screen."""


def token(settings: Settings, *, as_json: bool) -> int:
    """Print the kept access token."""
    try:
        kept = _kept(settings)
    except VaultError as error:
        return _nobody(_vault_words(error.problem))
    if kept is None:
        return _nobody(_("nobody is signed in"))
    if _expired(kept):
        # Said, not enforced: it is this box's clock that may be wrong.
        complain(_("by this box's clock the token has expired; start kiosk to renew it"))
    access_token = kept.session.token.access_token
    print(_in_json({"access_token": access_token, "expires_at": _expiry(kept)}) if as_json else access_token)
    return DONE


def status(settings: Settings, *, as_json: bool) -> int:
    """Say whether somebody is signed in, where that is kept, and what the running app does. No address, no token."""
    from kiosk.clock import SystemClock
    from kiosk.reporting.running import running

    report = _report(settings)
    app = running(runtime_folder(os.environ), entry_name(settings), SystemClock())
    if as_json:
        print(_in_json({**report, "app": app}))
    else:
        for name, value in {**report, **app}.items():
            print(f"{_label(name)}: {_in_words(value)}")
    return DONE if report["signed_in"] else NOBODY


def logout(settings: Settings, *, as_json: bool) -> int:
    """Remove the session from the keyring, and end its token at the service."""
    try:
        from kiosk.loop import run

        kept, told = run(_log_out(settings))
    except VaultError as error:
        return _nobody(_vault_words(error.problem))
    if kept is None:
        return _nobody(_("nobody is signed in"))
    if as_json:
        print(_in_json({"signed_out": True, "service_told": told}))
    elif told:
        print(_("signed out"))
    else:
        print(_("signed out on this box; the service could not be told, and its token lives until it expires"))
    return DONE


def _in_json(answer: dict[str, object]) -> str:
    import json

    return json.dumps(answer)


def _kept(settings: Settings) -> "Kept | None":
    site = entry_name(settings)
    text = _ask(settings, lambda keyring: read_entry(keyring, site))
    if text is None:
        return None
    from kiosk.vault.entries import read_kept

    return read_kept(text)


def _vault_words(problem: VaultProblem) -> str:
    from kiosk.vaultwords import vault_words  # the words of the whole flow, which costs more than all the rest

    return str(vault_words(problem))


def _nobody(line: str) -> int:
    complain(line)
    return NOBODY


def _ask(settings: Settings, question: "Callable[[Keyring], T]") -> T:
    choice = keyring_for(settings, os.environ)
    return ask_once(opener(choice), question, load=loader(choice))


def _report(settings: Settings) -> dict[str, str | bool | None]:
    site = entry_name(settings)
    kept, backend, problem, pending = None, None, None, False
    try:
        backend = _ask(settings, lambda keyring: str(keyring.name))
        kept = _kept(settings)
    except VaultError as error:
        problem = error.problem
    else:
        with suppress(VaultError):  # it is the session that a problem is told of
            pending = _ask(settings, lambda keyring: read_entry(keyring, pending_entry(site))) is not None
    return {
        "signed_in": kept is not None,
        "site": site,
        "link_sent": pending,
        "service": kept.api_url if kept else settings.text("api_url"),
        "expires_at": _expiry(kept) if kept else None,
        "expired": _expired(kept) if kept else None,
        "keyring": backend,
        **sealing(keyring_for(settings, os.environ)),
        "keyring_problem": _vault_words(problem) if problem else None,
    }


def sealing(choice: Choice) -> dict[str, str]:
    """What there is to say of a sealed file: its key, what that protects against, and what was put aside."""
    if choice.name != SEALED_FILE:
        return {}
    from kiosk.vault.sealed.place import Place
    from kiosk.vaultwords import key_words

    key = key_words(choice.key) if choice.key else None
    report = {"keyring_key": key.headline, "keyring_protection": key.advice} if key else {}
    if choice.folder and os.path.lexists(aside := Place(choice.folder).aside):
        report["keyring_set_aside"] = str(aside)
    return report


async def _log_out(settings: Settings) -> "tuple[Kept | None, bool]":
    vault = vault_for(settings)
    try:
        kept = await vault.load()
    except VaultError as error:
        if error.problem is VaultProblem.UNREADABLE:
            await vault.forget()  # whatever it was: whoever signs out wants nothing left
            await vault.forget_pending()
        raise
    await vault.forget_pending()
    if kept is None:
        return None, False
    await vault.forget()
    from kiosk.signin.stage import ended_at_service

    try:
        # Where the session came from, not where the settings point now: the demo's port is another each time.
        client = client_for(settings, kept.api_url or None)
    except (ValueError, OSError, ImportError):
        return kept, False
    async with client:
        return kept, await ended_at_service(client, kept.session.token)


def _expiry(kept: "Kept") -> str | None:
    expires_at = kept.session.token.expires_at
    return expires_at.isoformat() if expires_at else None


def _expired(kept: "Kept") -> bool:
    from datetime import UTC, datetime

    expires_at = kept.session.token.expires_at
    return expires_at is not None and expires_at <= datetime.now(UTC)


def _label(name: str) -> str:
    return {
        "signed_in": _("signed in"),
        "site": _("site"),
        "link_sent": _("a link waits to be opened"),
        "service": _("service"),
        "expires_at": _("expires at"),
        "expired": _("expired"),
        "keyring": _("keyring"),
        "keyring_key": _("its key"),
        "keyring_protection": _("its protection"),
        "keyring_set_aside": _("put aside"),
        "keyring_problem": _("keyring problem"),
        "running": _("app runs"),
        "killed": _("it was killed"),
        "responding": _("it responds"),
        "pid": _("process"),
        "version": _("version"),
        "state": _("state"),
        "since": _("in it since"),
        "started": _("started"),
        "attempts": _("attempts"),
        "mails": _("mails"),
        "sign_ins": _("sign-ins"),
        "restored": _("sessions found again"),
        "sign_outs": _("sign-outs"),
        "failures": _("failures"),
        "keyring_problems": _("problems of the keyring"),
        "pings": _("pings"),
        "ping_seconds_median": _("seconds of a ping"),
        "ping_seconds_p95": _("seconds of the slowest pings"),
    }.get(name, name)


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return "-"
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or _("none")
    from kiosk.text import clean

    return clean(str(value), LONGEST_VALUE)
