"""/usr/lib/kiosk/site: kiosk and every wheel it needs, compiled."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from wheels import BuildError, Wheels

# The lock's own version of each: the sealed file of the keyring is AES-GCM of this library.
ALSO = ("cryptography",)


def fill(site: Path, root: Path, wheels: Wheels, scratch: Path, extras: Sequence[str]) -> list[str]:
    """Install kiosk and what it needs into an empty directory.

    Args:
        site: The directory.
        root: The repository.
        wheels: Where wheels come from.
        scratch: A directory for what is not to be kept.
        extras: Extras of `pyproject.toml` that are wanted besides.

    Returns:
        The names of what was installed besides kiosk.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *ALSO]
    for extra in extras:
        wanted += project["project"]["optional-dependencies"][extra]
    names = wheels.needed_for(wanted)
    wheels.install(names, site)
    wheels.install_file(_own_wheel(root, project["build-system"]["requires"], wheels, scratch), site)
    _tidy(site)
    return names


def _own_wheel(root: Path, requires: list[str], wheels: Wheels, scratch: Path) -> Path:
    """Build kiosk's wheel, with the build backend that the lock names."""
    backend = scratch / "backend"
    wheels.install(wheels.needed_for(requires), backend)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(scratch)]
    ran = subprocess.run(
        command, cwd=root, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(backend)}
    )
    if ran.returncode:
        raise BuildError(f"the wheel: {ran.stderr.strip()}")
    (wheel,) = scratch.glob("*.whl")
    return wheel


def _tidy(site: Path) -> None:
    """Take away what is of use to pip and compilers alone, and what differs from build to build."""
    shutil.rmtree(site / "bin", ignore_errors=True)
    for path in sorted(site.rglob("*"), reverse=True):
        part = path.parent.suffix == ".dist-info" and path.name in {
            "RECORD", "INSTALLER", "REQUESTED", "WHEEL", "direct_url.json", "uv_cache.json", "sboms",
        }  # fmt: skip
        if part or path.suffix in {".pyi", ".pyx", ".h", ".c"} or path.name in {"__pycache__", "py.typed"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def compile_all(tree: Path, site: Path) -> None:
    """Compile as installed under /: never checked against the source, since dpkg replaces both together."""
    # The seed and one process in one order: the same bytes from every build.
    command = [
        sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash",
        "-s", str(tree), "-p", "/", str(site),
    ]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": "0"})
    if ran.returncode:
        raise BuildError(f"compileall: {ran.stdout.strip()}")


def licences(site: Path) -> list[tuple[str, str]]:
    """Each distribution in the directory with the licence that it says it has."""
    found = []
    for metadata in sorted(site.glob("*.dist-info/METADATA")):
        head = metadata.read_text(encoding="utf-8").partition("\n\n")[0]
        name = re.search(r"^Name: (.+)$", head, re.MULTILINE)
        words = (
            re.search(r"^License-Expression: (.+)$", head, re.MULTILINE)
            or re.search(r"^Classifier: License :: OSI Approved :: (.+)$", head, re.MULTILINE)
            or re.search(r"^License: (.+)$", head, re.MULTILINE)
        )
        if name is None or words is None:
            raise BuildError(f"{metadata.parent.name} does not say its name or licence")
        found.append((name[1], words[1]))
    return found
