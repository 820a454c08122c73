"""The wheels of the lock file: which of them a device needs, and how they get into a directory."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

_GLIBCS = ("2014", "_2_17", "_2_26", "_2_28", "_2_31", "_2_34", "_2_35", "_2_36")
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64", "armhf": "armv7l"}


class BuildError(Exception):
    """The package cannot be built: one line with the reason."""


def read_lock(lock: Path) -> dict[str, str]:
    """The entries of a lock file by normal name, each with its hashes."""
    text = re.sub(r"^\s*#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = re.split(r"\n(?=\S)", text.strip())
    return {normal(entry.partition("==")[0]): entry for entry in entries}


def normal(name: str) -> str:
    """A distribution's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


class Wheels:
    """Installs out of the lock, and out of nothing else."""

    def __init__(self, lock: Path, architecture: str) -> None:
        if architecture not in _MACHINES:
            raise BuildError(f"no wheels are known for {architecture}; there are: {', '.join(_MACHINES)}")
        self._lock = read_lock(lock)
        self._machine = _MACHINES[architecture]

    def needed_for(self, requirements: Iterable[str]) -> list[str]:
        """The normal names of all that these requirements need, as the lock's versions say."""
        with tempfile.TemporaryDirectory() as scratch:
            pins = Path(scratch, "pins.txt")
            pins.write_text("\n".join(re.sub(r"\s*\\\n.*", "", entry) for entry in self._lock.values()))
            report = Path(scratch, "report.json")
            self._pip(Path(scratch, "target"), "--dry-run", "--report", str(report), "-c", str(pins), *requirements)
            installed = json.loads(report.read_text(encoding="utf-8"))["install"]
        names = sorted(normal(item["metadata"]["name"]) for item in installed)
        if missing := [name for name in names if name not in self._lock]:
            raise BuildError(f"not in the lock file: {', '.join(missing)}; run packaging/lock")
        return names

    def install(self, names: Sequence[str], target: Path) -> None:
        """Install exactly these; pip refuses a file whose hash is not the lock's."""
        with tempfile.TemporaryDirectory() as scratch:
            exact = Path(scratch, "exact.txt")
            exact.write_text("\n".join(self._lock[name] for name in names), encoding="utf-8")
            self._pip(target, "--no-deps", "--require-hashes", "-r", str(exact))

    def install_file(self, wheel: Path, target: Path) -> None:
        """Install a wheel of our own."""
        self._pip(target, "--no-deps", "--no-index", str(wheel))

    def _pip(self, target: Path, *arguments: str) -> None:
        platforms = [f"--platform=manylinux{glibc}_{self._machine}" for glibc in _GLIBCS]
        command = [
            sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile",
            "--ignore-installed", "--only-binary=:all:", f"--python-version={PYTHON}", "--implementation=cp",
            *platforms, f"--target={target}", *arguments,
        ]  # fmt: skip
        ran = subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
        )
        if ran.returncode:
            raise BuildError(f"pip: {ran.stderr.strip()}")
