"""From settings to parts: which vault, which client, which flow."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kiosk.folders import base_directory, state_directory
from kiosk.language import gettext as _
from kiosk.settings.loading import Settings, SettingsError
from kiosk.settings.table import SETTINGS, Setting
from kiosk.vault.keyrings import OFF, Choice, choose, loader, opener

if TYPE_CHECKING:
    from kiosk.handover.program import Program
    from kiosk.lockdown.maintenance import Maintenance
    from kiosk.signin.flow import SignIn
    from kiosk.smartlogin.client import SmartLoginClient
    from kiosk.smartlogin.observing import Onlooker
    from kiosk.vault.vault import Vault

DEMO_API_KEY = "demo-key"
"""The API key of the embedded service's sample site."""

DEMO_ENTRY = "demo"

BOOTING = 180.0
"""Seconds from the power's return in which a start of ours counts as one with the machine."""


def vault_for(settings: Settings) -> "Vault":
    """The vault of the site that the settings name; of the demo, where they name none."""
    from kiosk.vault.vault import Vault  # here, so that `kiosk token` does not pay for its threads

    choice = keyring_for(settings, os.environ)
    return Vault(entry_name(settings), opener(choice), load=loader(choice))


def keyring_for(settings: Settings, environ: Mapping[str, str]) -> Choice:
    """Which keyring the settings mean.

    Raises:
        SettingsError: they contradict each other.
    """
    key_file = settings.text("keyring_key_file")
    try:
        return choose(settings.text("keyring"), key_file, state_directory(environ), environ)
    except ValueError as wrong:
        raise SettingsError(f"keyring_key_file ({settings.sources['keyring_key_file']}) {wrong}") from None


def entry_name(settings: Settings) -> str:
    """The keyring entry's name: one per site, and one for the demo, whose port is another each time."""
    api_key = settings.text("api_key")
    if not api_key or settings.sources["api_key"] == DEMO_ENTRY:
        return DEMO_ENTRY
    return f"{urlsplit(settings.text('api_url')).netloc}/{api_key}"


def demo_settings(settings: Settings, api_url: str) -> Settings:
    """The same settings, pointed at the embedded service and its sample site."""
    ours = {"api_url": api_url, "api_key": DEMO_API_KEY}
    if not settings.text("device_name"):
        ours["device_name"] = _("the demo screen")
    return Settings({**settings.values, **ours}, {**settings.sources, **dict.fromkeys(ours, DEMO_ENTRY)})


def alone(settings: Settings) -> Settings:
    """The same settings for one of many visitors: keyring, programs and figures of this machine are not theirs."""
    ours = {"keyring": OFF, "command": "", "metrics_file": ""}
    return Settings({**settings.values, **ours}, {**settings.sources, **dict.fromkeys(ours, "browser")})


def demo_store(environ: Mapping[str, str]) -> str:
    """Where the demo's service keeps its store, so that a sign-in outlives a restart; else memory."""
    home = base_directory(environ, "XDG_STATE_HOME", ".local/state")
    if home is None:
        return "memory:"
    folder = home / "kiosk"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return "memory:"
    return f"sqlite:///{folder / 'demo.sqlite'}" if os.access(folder, os.W_OK) else "memory:"


def habits_file_for(settings: Settings, environ: Mapping[str, str]) -> Path | None:
    """Where the entry's habits are kept; nowhere, if the screen is shared."""
    home = base_directory(environ, "XDG_STATE_HOME", ".local/state")
    return None if home is None or settings.text("profile") == "shared" else home / "kiosk" / "entry.json"


def client_for(
    settings: Settings, api_url: str | None = None, *, onlooker: "Onlooker | None" = None
) -> "SmartLoginClient":
    """A client for the site; imports HTTP."""
    from kiosk.smartlogin.client import SmartLoginClient

    return SmartLoginClient(
        api_url or settings.text("api_url"),
        settings.text("api_key") or DEMO_API_KEY,
        options={
            "smartloginemailtemplate": settings.text("email_template"),
            "welcomeemailtemplate": settings.text("welcome_email_template"),
            "redirecturl": settings.text("redirect_url"),
        },
        onlooker=onlooker,
    )


def program_for(settings: Settings, environ: Mapping[str, str]) -> "Program | None":
    """The operator's program, if there is one.

    Raises:
        SettingsError: it cannot be given the token in the way that is set.
    """
    if not settings.text("command"):
        return None
    import shlex

    from kiosk.handover.passing import passing_by
    from kiosk.handover.program import Program

    way = settings.text("token_by")
    try:
        passing = passing_by(way, environ)
    except ValueError as wrong:
        raise SettingsError(f"token_by ({settings.sources['token_by']}) {way} {wrong}") from None
    # What was said on the command line holds for `kiosk token` and `kiosk logout` in the program as well.
    said = {each.variable: str(settings.values[each.name]) for each in SETTINGS if _was_said(each, settings)}
    return Program(shlex.split(settings.text("command")), {**environ, **said}, passing)


def _was_said(setting: Setting, settings: Settings) -> bool:
    return settings.sources[setting.name] == setting.flag and setting.name != "command"


def sign_in_for(settings: Settings, *, attended: bool = False, onlooker: "Onlooker | None" = None) -> "SignIn":
    """The flow for the site, whose calls the `onlooker` is told of.

    One that is `attended` never rests, and takes up nobody's pending attempt.
    """
    from kiosk.clock import SystemClock
    from kiosk.signin.flow import SignIn
    from kiosk.signin.stage import Parts

    clock = SystemClock()
    return SignIn(
        Parts(
            connect=partial(client_for, settings, onlooker=onlooker) if settings.text("api_key") else None,
            api_url=settings.text("api_url"),
            vault=vault_for(settings),
            clock=clock,
            window=settings.number("wait_minutes") * 60.0,
            idle=None if attended else settings.number("idle_minutes") * 60.0 or None,
            shared=settings.text("profile") == "shared",
            just_booted=clock.now() < BOOTING,  # its zero is the boot
            sign_out_after=float(settings.number("sign_out_seconds")),
            hands_over=bool(settings.text("command")) and not attended,
            start_after=settings.number("start_seconds") or None,
            locked=settings.on("locked") and not attended,
            resumes=not attended,
        )
    )


def maintenance_for(settings: Settings, environ: Mapping[str, str]) -> "Maintenance | None":
    """The operator's way out of a locked screen; None where no PIN is set."""
    home = base_directory(environ, "XDG_STATE_HOME", ".local/state")
    folder = None if home is None else home / "kiosk"
    keys, pin = settings.text("maintenance_keys"), settings.text("maintenance_pin")
    from kiosk.clock import SystemClock
    from kiosk.lockdown.maintenance import maintenance

    return maintenance(keys, pin, folder, SystemClock().now)
