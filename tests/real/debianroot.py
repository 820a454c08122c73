"""A bare Debian system in a directory, and the commands that a test gives it."""

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

WHERE_IT_IS_NORMAL = ("/var/lib/dpkg", "/var/log", "/var/cache/ldconfig", "/proc", "/sys", "/dev", "/run")
"""What dpkg and the system change by themselves."""
BACKUPS = {"/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-", "/etc/.pwd.lock"}


def require(*programs: str) -> None:
    """Skip unless we are root and all of these are installed."""
    if os.geteuid() != 0:
        pytest.skip("a Debian root needs root")
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def _mirror() -> tuple[str, str]:
    """This machine's Debian mirror and release, as apt is configured."""
    release = platform.freedesktop_os_release()
    codename = release.get("VERSION_CODENAME", "")
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Origin: Debian",
         f"Codename: {codename}", "Component: main"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    if release.get("ID") != "debian" or not listed.stdout.split():
        pytest.skip("apt knows no mirror of this machine's Debian (apt-get update?)")
    return listed.stdout.split()[0], codename


class DebianRoot:
    """The system; `python3` and what the package depends on are there, and nothing runs."""

    def __init__(self, path: Path) -> None:
        mirror, codename = _mirror()
        self.path = path
        include = "--include=python3,ca-certificates,systemd-standalone-sysusers,kbd,console-setup-linux"
        quiet = ['--aptopt=Acquire::Languages "none"', "--dpkgopt=force-unsafe-io", "--quiet"]
        command = ["mmdebstrap", "--variant=essential", "--mode=root", include, *quiet, codename, str(path), mirror]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=400)
        assert ran.returncode == 0, ran.stderr[-3000:]

    def dpkg(self, *arguments: str) -> str:
        """Run dpkg on this system, with nobody to answer questions."""
        ran = subprocess.run(
            ["dpkg", f"--root={self.path}", "--force-unsafe-io", *arguments],
            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def inside(self, environ: Mapping[str, str], user: str = "root") -> list[str]:
        """The beginning of a command line that runs in this system with this environment and no other."""
        variables = [f"{name}={value}" for name, value in {"PATH": "/usr/bin:/usr/sbin", **environ}.items()]
        return ["chroot", f"--userspec={user}", str(self.path), "/usr/bin/env", "-i", *variables]

    def run(self, *command: str, user: str = "root", **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in this system."""
        return subprocess.run(
            [*self.inside(environ, user), *command],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )

    def state(self) -> dict[str, str]:
        """Every file with what it is; of the lists of users, what is in them."""
        found = {}
        for folder, folders, files in os.walk(self.path):
            here = "/" + str(Path(folder).relative_to(self.path)).removeprefix(".")
            if here.startswith(WHERE_IT_IS_NORMAL):
                folders.clear()
                continue
            for name in [*folders, *files]:
                path = Path(folder, name)
                inside = f"{here.rstrip('/')}/{name}"
                if inside in BACKUPS or inside.startswith(WHERE_IT_IS_NORMAL):
                    continue
                kind = str(path.readlink()) if path.is_symlink() else oct(path.stat().st_mode)
                found[inside] = kind
        for users in ("passwd", "group", "shadow", "gshadow"):
            found[users] = (self.path / "etc" / users).read_text(encoding="utf-8")
        return found


def unit(text: str) -> dict[str, list[str]]:
    """The lines of a unit by their name, in order."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def environment(lines: list[str]) -> dict[str, str]:
    """What `Environment=` lines set."""
    words = " ".join(lines).replace('"', "\x00").split("\x00")
    pairs = [pair for number, part in enumerate(words) for pair in ([part] if number % 2 else part.split())]
    return dict(pair.split("=", 1) for pair in pairs)
