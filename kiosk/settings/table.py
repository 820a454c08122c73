"""Everything that can be set, each with its default, its check and its words."""

from collections.abc import Callable

from kiosk.settings.checks import (
    api_url,
    colour,
    command,
    domains,
    file_path,
    key_sequence,
    key_table,
    keyring_name,
    language,
    log_target,
    logo,
    metrics_file,
    one_of,
    page,
    pin_hash,
    switch,
    text,
    whole,
)
from kiosk.values import Value

LOGINRADIUS = "https://api.loginradius.com"

Plain = str | int
"""What a setting may be."""

# Names alone: what they name costs more than all the settings, which can do without it. Tests hold the two together.
LAYOUT_NAMES = ("abc", "qwerty", "azerty", "qwertz", "phone")
THEME_NAMES = ("auto", "dark", "light", "high-contrast", "console")
TOKEN_WAYS = ("fd", "environment", "file", "none")

MAINTENANCE_KEYS = "left left right right left left right right up up down down up down"
"""Arrows alone: on no screen do they more than move about."""


class Setting(Value):
    """One thing that can be set."""

    name: str
    default: Plain
    """What its check would make of it, too; it is not asked."""
    check: Callable[[object], Plain]
    """Gives the value to use; raises ValueError with what it must be."""
    help: str
    own_flag: str = ""
    """Its name on the command line, where a command has another use for the usual one."""

    @property
    def switch(self) -> bool:
        """It is on or off. On the command line it can only be put on: a flag is never weaker than the file."""
        return isinstance(self.default, bool)

    @property
    def secret(self) -> bool:
        """It is neither shown nor taken from the command line, which every user of the machine can read."""
        return self.name in _SECRETS

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"KIOSK_{self.name.upper()}"

    @property
    def flag(self) -> str:
        """Its name on the command line."""
        return self.own_flag or f"--{self.name.replace('_', '-')}"


_OFF = False

_SECRETS = frozenset({"maintenance_pin"})

SETTINGS = (
    Setting("api_url", LOGINRADIUS, api_url, "base address of the Smart Login service"),
    Setting("api_key", "", text, "API key of the site; no secret"),
    Setting("site_name", "", text, "what one signs in to, as people call it"),
    Setting("device_name", "", text, "name of this screen, such as Lobby TV"),
    Setting("wait_minutes", 15, whole(1, 1440, "minutes"), "minutes that the screen waits for the link to be opened"),
    Setting("profile", "home", one_of("home", "shared"), "home keeps the session; shared signs out by itself"),
    Setting(
        "sign_out_seconds", 60, whole(30, 3600, "seconds"), "seconds without a key until a shared screen signs out"
    ),
    Setting("idle_minutes", 5, whole(0, 1440, "minutes"), "minutes without a key until the entry rests; 0: never"),
    Setting("locked", _OFF, switch, "no key, signal of the terminal or paste leaves the app"),
    Setting("maintenance_keys", MAINTENANCE_KEYS, key_sequence, "keys that ask for the PIN"),
    Setting("maintenance_pin", "", pin_hash, "what `kiosk pin` prints; ends a locked app"),
    Setting("help_url", "", page, "page of help or web mail, shown as a QR code while waiting"),
    Setting("layout", "abc", one_of(*LAYOUT_NAMES), f"the keyboard to begin with: {', '.join(LAYOUT_NAMES)}"),
    Setting("domains", "", domains, "what addresses are completed with first, such as example.org, example.com"),
    Setting("email_template", "", text, "e-mail template of the login mail, as named at the service"),
    Setting("welcome_email_template", "", text, "e-mail template of the welcome mail"),
    Setting("redirect_url", "", text, "where the hosted page sends people who have opened the link"),
    Setting(
        "keyring",
        "auto",
        keyring_name,
        "where the session is kept: auto, secret-service, sealed-file, off, or the class of a keyring backend",
    ),
    Setting("keyring_key_file", "", file_path, "key of the sealed file, where systemd hands none; made when missing"),
    Setting("remote", _OFF, switch, "read keys of remotes that no console delivers from /dev/input"),
    Setting("keys", "", key_table, "keys that arrive under other names, such as back=f9, red=f5", "--key-map"),
    Setting("command", "", command, "program to start once somebody is signed in; on the command line behind --"),
    Setting("start_seconds", 3, whole(0, 3600, "seconds"), "seconds until it starts by itself; 0: only on Continue"),
    Setting("token_by", "fd", one_of(*TOKEN_WAYS), f"how the program gets the access token: {', '.join(TOKEN_WAYS)}"),
    Setting("lang", "", language, "language, such as de; the locale's unless set"),
    Setting("theme", "auto", one_of(*THEME_NAMES), f"colours: {', '.join(THEME_NAMES)}"),
    Setting("brand_logo", "", logo, "the operator's word mark, in front of every title"),
    Setting("brand_color", "", colour, "the operator's colour for titles and frames, such as #0b559f"),
    Setting("brand_accent", "", colour, "the operator's second colour, for the word mark and the bar"),
    Setting("log", "auto", log_target, "where the log goes: auto (the journal, as a service), journal, off, or a file"),
    Setting("log_level", "info", one_of("error", "warning", "info", "debug"), "what is worth a line of the log"),
    Setting("log_kilobytes", 256, whole(16, 65536, "kilobytes"), "size of the log file; the one before it is kept too"),
    Setting(
        "metrics_file", "", metrics_file, "figures for node_exporter's textfile collector, a path that ends in .prom"
    ),
)
