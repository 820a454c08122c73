"""Where everything goes in the package's tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from deb import NAME, write_gzip

_SHARE = "usr/share/kiosk"
_LIB = "usr/lib/kiosk"
_UNITS = "usr/lib/systemd/system"

# From packaging/ into the tree; what ends in / is a directory that takes the file under its own name.
_FILES = (
    ("debian/kiosk", "usr/bin/kiosk"),
    ("debian/kiosk-lockdown", "usr/sbin/kiosk-lockdown"),
    ("systemd/kiosk-resting.service", f"{_UNITS}/"),
    ("systemd/kiosk-key.service", f"{_UNITS}/"),
    ("systemd/sysusers.conf", "usr/lib/sysusers.d/kiosk.conf"),
    ("systemd/resting.txt", f"{_SHARE}/"),
    ("console/console-font", f"{_LIB}/"),
    ("systemd/seal-key", f"{_LIB}/"),
    ("systemd/console-back", f"{_LIB}/"),
    ("debian/lintian-overrides", f"usr/share/lintian/overrides/{NAME}"),
)
_TREES = (
    ("lockdown", f"{_SHARE}/lockdown"),
    ("cage", f"{_SHARE}/cage"),
    ("keyring", f"{_SHARE}/keyring"),
    ("remotes", f"{_SHARE}/remotes"),
    ("examples", f"usr/share/doc/{NAME}/examples"),
)


def lay(tree: Path, root: Path, generated: Path) -> None:
    """Put everything but the wheels into the tree."""
    packaging = root / "packaging"
    for source, target in _FILES:
        _copy(packaging / source, tree / (target + Path(source).name if target.endswith("/") else target))
    for source, target in _TREES:  # some of them come later than this file
        for path in sorted((packaging / source).rglob("*")):
            if path.is_file() and path.suffix not in {".md", ".pyc"}:
                _copy(path, tree / target / path.relative_to(packaging / source))
    unit = (packaging / "systemd/kiosk.service").read_text(encoding="utf-8")
    (tree / _UNITS / "kiosk.service").write_text(with_exit_codes(unit, root), encoding="utf-8")
    _generated(tree, root, generated)
    for page in sorted(packaging.glob("*.md")):
        write_gzip(tree / "usr/share/doc" / NAME / f"{page.name}.gz", page.read_bytes())


def with_exit_codes(unit: str, root: Path) -> str:
    """The unit with the exit codes that it names (`@RESTART@`) as the sources have them."""
    exits = (root / "kiosk/exits.py").read_text(encoding="utf-8")
    codes = dict(re.findall(r"^([A-Z_]+) = (\d+)$", exits, re.MULTILINE))
    return re.sub(r"@([A-Z_]+)@", lambda name: codes[name[1]], unit)


def _generated(tree: Path, root: Path, generated: Path) -> None:
    """Settings file, manual pages and completions, as of these sources."""
    command = [sys.executable, "-I", "-B", str(root / "packaging/generate"), str(generated)]
    subprocess.run(command, check=True, env={"SOURCE_DATE_EPOCH": os.environ["SOURCE_DATE_EPOCH"]})
    for name, target in {
        "kiosk.toml": "etc/kiosk/kiosk.toml",
        "kiosk.bash": "usr/share/bash-completion/completions/kiosk",
        "_kiosk": "usr/share/zsh/vendor-completions/_kiosk",
        "kiosk.fish": "usr/share/fish/vendor_completions.d/kiosk.fish",
    }.items():
        _copy(generated / name, tree / target)
    for section, name in (("1", "kiosk.1"), ("5", "kiosk.toml.5")):
        write_gzip(tree / f"usr/share/man/man{section}/{name}.gz", (generated / name).read_bytes())
    lockdown = root / "packaging/debian/kiosk-lockdown.8"
    write_gzip(tree / "usr/share/man/man8/kiosk-lockdown.8.gz", lockdown.read_bytes())


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    program = target.parent.name in {"bin", "sbin"} or (
        source.stat().st_mode & 0o100 and source.suffix in {"", ".sh", ".py"}
    )
    target.chmod(0o755 if program else 0o644)
