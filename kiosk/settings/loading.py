"""Settings: flags, then `KIOSK_*` variables, then the TOML files, then defaults. Each value knows its source.

Beside a settings file `kiosk.toml` the files in `kiosk.d/` are read, in the order of their names: a fleet's tools put
files there, and never edit one that somebody else has written. The later file wins.
"""

from collections.abc import Mapping
from pathlib import Path

from kiosk.folders import base_directory
from kiosk.settings.table import SETTINGS, Plain
from kiosk.values import Value

SYSTEM_FILE = Path("/etc/kiosk/kiosk.toml")


class SettingsError(Exception):
    """The settings cannot be used: one line, with the key and where it stands."""


class Settings(Value):
    """The values in force."""

    values: Mapping[str, Plain]
    sources: Mapping[str, str]
    """Where each value comes from, in words: a flag, a variable, a file, or `default`."""

    def text(self, name: str) -> str:
        """A setting that is text."""
        return str(self.values[name])

    def number(self, name: str) -> int:
        """A setting that is a number."""
        return int(self.values[name])

    def on(self, name: str) -> bool:
        """A setting that is a switch."""
        return bool(self.values[name])


def settings_file(environ: Mapping[str, str], named: Path | None = None) -> Path | None:
    """The file to read: the named one, else the first that exists of the user's and the system's."""
    if named is not None:
        return named
    if environ.get("KIOSK_CONFIG"):
        return Path(environ["KIOSK_CONFIG"])
    candidates = [SYSTEM_FILE]
    if home := base_directory(environ, "XDG_CONFIG_HOME", ".config"):
        candidates.insert(0, home / "kiosk" / "kiosk.toml")
    return next((path for path in candidates if _exists(path) or drop_ins(path)), None)


def drop_ins(file: Path) -> list[Path]:
    """The files beside a settings file that are read after it: `kiosk.d/*.toml` beside `kiosk.toml`.

    Raises:
        SettingsError: they cannot be listed; one of them may say that the screen is locked.
    """
    folder = file.with_suffix(".d")
    try:
        found = sorted(folder.iterdir())  # not `glob`, which finds nothing where it may not look
    except OSError as error:
        if isinstance(error, FileNotFoundError | NotADirectoryError) and not _exists(folder):
            return []
        raise SettingsError(f"{folder}: cannot be read: {error.strerror}") from None
    # What begins with a dot is an editor's, or half written.
    return [path for path in found if path.suffix == ".toml" and not path.name.startswith(".")]


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
        file: The TOML file, if any; its drop-ins are read after it.

    Raises:
        SettingsError: a file that cannot be read, an unknown key, a value that cannot be used.
    """
    written = {} if file is None else _read_all(file)
    values: dict[str, Plain] = {}
    sources: dict[str, str] = {}
    for setting in SETTINGS:
        raw: object
        if setting.name in flags:
            raw, source = flags[setting.name], setting.flag
        elif environ.get(setting.variable):
            raw, source = environ[setting.variable], setting.variable
        elif setting.name in written:
            raw, source = written[setting.name]
        else:
            values[setting.name], sources[setting.name] = setting.default, "default"
            continue
        try:
            values[setting.name] = setting.check(raw)
        except ValueError as wrong:
            raise SettingsError(f"{setting.name} ({source}) {wrong}") from None
        sources[setting.name] = source
    return Settings(values, sources)


def _read_all(file: Path) -> dict[str, tuple[object, str]]:
    """What the files say, with the file that says it."""
    more = drop_ins(file)
    files = more if more and not _exists(file) else [file, *more]
    return {name: (value, str(path)) for path in files for name, value in _read(path).items()}


def _read(file: Path) -> dict[str, object]:
    import tomllib  # here: where nothing is written, nothing has to be read

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
