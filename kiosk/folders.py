"""The folders that the environment names: the person's own, and those that systemd makes for a service."""

from collections.abc import Mapping
from pathlib import Path


def base_directory(environ: Mapping[str, str], variable: str, default: str) -> Path | None:
    """A directory of the XDG base directory specification; a relative one is invalid and ignored, as it says."""
    if (named := Path(environ.get(variable, ""))).is_absolute():
        return named
    home = Path(environ.get("HOME", ""))
    return home / default if home.is_absolute() else None


def state_directory(environ: Mapping[str, str]) -> Path | None:
    """Where this program keeps what must outlive it: what systemd names, else the person's own."""
    if (named := Path(environ.get("STATE_DIRECTORY", "").partition(":")[0])).is_absolute():
        return named
    home = base_directory(environ, "XDG_STATE_HOME", ".local/state")
    return home / "kiosk" if home else None


def runtime_folder(environ: Mapping[str, str]) -> Path | None:
    """Where files of this login or of this service live, gone with it: systemd's folder, else the desktop's."""
    for name in ("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"):
        folder = Path(environ.get(name, "").split(":")[0])
        if folder.is_absolute():
            return folder
    return None
