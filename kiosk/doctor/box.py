"""The box around the app: its settings file, its bytecode, the program that gets the terminal."""

import importlib.util
import os
import shlex
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from kiosk.doctor.findings import Finding, ok, problem, warning
from kiosk.language import gettext as _
from kiosk.settings.loading import Settings

_WEIGHTY = ("textual.app", "kiosk.app")
"""Without their bytecode on disk every start takes three to four times as long."""


def look_at_box(settings: Settings, file: Path | None, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Findings on what is installed and configured."""
    yield _file(file)
    yield _bytecode()
    if command := settings.text("command"):
        yield _program(shlex.split(command)[0], environ)


def _file(file: Path | None) -> Finding:
    if file is None:
        return warning("settings", _("no settings file"), _("/etc/kiosk/kiosk.toml is where they belong."))
    try:
        mode = file.stat().st_mode
    except OSError:  # its drop-ins are enough
        return ok("settings", str(file.with_suffix(".d")))
    if mode & stat.S_IWOTH:
        return problem("settings", _("{file} can be written by everybody").format(file=file), f"chmod o-w {file}")
    return ok("settings", str(file))


def _bytecode() -> Finding:
    missing = [name for name in _WEIGHTY if not _compiled(name)]
    if not missing:
        return ok("bytecode", _("compiled"))
    mend = _("Compile it once (python3 -m compileall): every start takes three times as long without.")
    return warning("bytecode", _("not on disk"), mend)


def _compiled(module: str) -> bool:
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.cached is not None and os.path.exists(spec.cached)  # noqa: PTH110 - a plain string


def _program(name: str, environ: Mapping[str, str]) -> Finding:
    if found := shutil.which(name, path=environ.get("PATH")):
        return ok("program", found)
    return problem("program", _("{name} is not there, or cannot be run").format(name=name), _("Check `command`."))
