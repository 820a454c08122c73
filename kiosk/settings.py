"""Settings: flags, then `KIOSK_*` variables, then the TOML file, then defaults. Each value knows its source."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from kiosk.entry.layouts import LAYOUTS
from kiosk.keyrings import SECRET_SERVICE, check_keyring_name
from kiosk.language import check_language
from kiosk.smartlogin.address import check_api_url
from kiosk.tty.colours import check_colour

LOGINRADIUS = "https://api.loginradius.com"
LONGEST_LOGO = 24
SYSTEM_FILE = Path("/etc/kiosk/kiosk.toml")

Value = str | int


class SettingsError(Exception):
    """The settings cannot be used: one line, with the key and where it stands."""


def _text(value: object) -> str:
    if not isinstance(value, str) or any(ord(character) < 32 for character in value):
        raise ValueError("must be a line of text")
    return value.strip()


def _whole(least: int, most: int, unit: str) -> Callable[[object], int]:
    def check(value: object) -> int:
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value.strip().lstrip("0")[:7] or 0)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"must be a whole number of {unit}, {least} to {most}")
        return value

    return check


def _one_of(*names: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if _text(value) not in names:
            raise ValueError(f"must be one of: {', '.join(names)}")
        return _text(value)

    return check


def _page(value: object) -> str:
    url = _text(value)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if url and not (usable and url.isascii() and len(url) <= 120):
        raise ValueError("must be a web address of at most 120 plain characters")
    return url


def _colour(value: object) -> str:
    text = _text(value)
    return check_colour(text) if text else ""


def _logo(value: object) -> str:
    logo = _text(value)
    if len(logo) > LONGEST_LOGO:
        raise ValueError(f"must be at most {LONGEST_LOGO} characters")
    return logo


def _domains(value: object) -> str:
    """Names of mail domains, as a list of TOML or with commas or blanks between them."""
    text = ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)
    names = text.lower().replace(",", " ").replace("@", " ").split()
    if any("." not in name or not name.replace("-", "").replace(".", "").isalnum() for name in names):
        raise ValueError("must be mail domains, such as example.org, example.com")
    return ", ".join(names)


LAYOUT_NAMES = tuple(LAYOUTS)

# The names stand here as well as in themes.py, which imports Textual; a test holds the two together.
THEME_NAMES = ("auto", "dark", "light", "high-contrast", "console")


class Setting(NamedTuple):
    """One thing that can be set."""

    name: str
    default: Value
    check: Callable[[object], Value]
    """Gives the value to use; raises ValueError with what it must be."""
    help: str

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return f"KIOSK_{self.name.upper()}"

    @property
    def flag(self) -> str:
        """Its name on the command line."""
        return f"--{self.name.replace('_', '-')}"


SETTINGS = (
    Setting(
        "api_url", LOGINRADIUS, lambda value: check_api_url(_text(value)), "base address of the Smart Login service"
    ),
    Setting("api_key", "", _text, "API key of the site; no secret"),
    Setting("site_name", "", _text, "what one signs in to, as people call it"),
    Setting("device_name", "", _text, "name of this screen, such as Lobby TV"),
    Setting("wait_minutes", 15, _whole(1, 1440, "minutes"), "minutes that the screen waits for the link to be opened"),
    Setting("profile", "home", _one_of("home", "shared"), "home keeps the session; shared signs out by itself"),
    Setting(
        "sign_out_seconds", 60, _whole(30, 3600, "seconds"), "seconds without a key until a shared screen signs out"
    ),
    Setting("idle_minutes", 5, _whole(0, 1440, "minutes"), "minutes without a key until the entry rests; 0: never"),
    Setting("help_url", "", _page, "page of help or web mail, shown as a QR code while waiting"),
    Setting("layout", "abc", _one_of(*LAYOUT_NAMES), f"the keyboard to begin with: {', '.join(LAYOUT_NAMES)}"),
    Setting("domains", "", _domains, "what addresses are completed with first, such as example.org, example.com"),
    Setting("email_template", "", _text, "e-mail template of the login mail, as named at the service"),
    Setting("welcome_email_template", "", _text, "e-mail template of the welcome mail"),
    Setting("redirect_url", "", _text, "where the hosted page sends people who have opened the link"),
    Setting(
        "keyring",
        SECRET_SERVICE,
        lambda value: check_keyring_name(_text(value)),
        "where the session is kept: secret-service, off, or the class of a keyring backend",
    ),
    Setting("lang", "", lambda value: check_language(_text(value)), "language, such as de; the locale's unless set"),
    Setting("theme", "auto", _one_of(*THEME_NAMES), f"colours: {', '.join(THEME_NAMES)}"),
    Setting("brand_logo", "", _logo, "the operator's word mark, in front of every title"),
    Setting("brand_color", "", _colour, "the operator's colour for titles and frames, such as #0b559f"),
    Setting("brand_accent", "", _colour, "the operator's second colour, for the word mark and the bar"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force."""

    values: Mapping[str, Value]
    sources: Mapping[str, str]
    """Where each value comes from, in words: a flag, a variable, a file, or `default`."""

    def text(self, name: str) -> str:
        """A setting that is text."""
        return str(self.values[name])

    def number(self, name: str) -> int:
        """A setting that is a number."""
        return int(self.values[name])


def settings_file(environ: Mapping[str, str], named: Path | None = None) -> Path | None:
    """The file to read: the named one, else the first that exists of the user's and the system's."""
    if named is not None:
        return named
    if environ.get("KIOSK_CONFIG"):
        return Path(environ["KIOSK_CONFIG"])
    candidates = [SYSTEM_FILE]
    if home := base_directory(environ, "XDG_CONFIG_HOME", ".config"):
        candidates.insert(0, home / "kiosk" / "kiosk.toml")
    return next((path for path in candidates if _exists(path)), None)


def base_directory(environ: Mapping[str, str], variable: str, default: str) -> Path | None:
    """A directory of the XDG base directory specification; a relative one is invalid and ignored, as it says."""
    if (named := Path(environ.get(variable, ""))).is_absolute():
        return named
    home = Path(environ.get("HOME", ""))
    return home / default if home.is_absolute() else None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a directory that may not be entered: reading it will say so
        return True


def load_settings(flags: Mapping[str, str], environ: Mapping[str, str], file: Path | None) -> Settings:
    """The values in force.

    Args:
        flags: From the command line, by setting name; only those that were given.
        environ: The environment; an empty variable counts as absent.
        file: The TOML file, if any.

    Raises:
        SettingsError: a file that cannot be read, an unknown key, a value that cannot be used.
    """
    written = {} if file is None else _read(file)
    values: dict[str, Value] = {}
    sources: dict[str, str] = {}
    for setting in SETTINGS:
        raw: object
        if setting.name in flags:
            raw, source = flags[setting.name], setting.flag
        elif environ.get(setting.variable):
            raw, source = environ[setting.variable], setting.variable
        elif setting.name in written:
            raw, source = written[setting.name], str(file)
        else:
            raw, source = setting.default, "default"
        try:
            values[setting.name] = setting.check(raw)
        except ValueError as wrong:
            raise SettingsError(f"{setting.name} ({source}) {wrong}") from None
        sources[setting.name] = source
    return Settings(values, sources)


def _read(file: Path) -> dict[str, object]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file}: is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: is not TOML: {error}") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets without end
        raise SettingsError(f"{file}: is not TOML that can be read") from None
    names = {setting.name for setting in SETTINGS}
    if unknown := sorted(set(table) - names):
        raise SettingsError(f"{file}: unknown setting {unknown[0]!r} (known: {', '.join(sorted(names))})")
    return table
