"""A Debian package out of a tree: its papers, its control files, and the archive."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from wheels import PYTHON

NAME = "smartlogin-kiosk"
# Who builds it may say who answers for it, in the variables that Debian's own tools read.
MAINTAINER = (
    f"{os.environ.get('DEBFULLNAME', 'The kiosk developers')} <{os.environ.get('DEBEMAIL', 'kiosk@packages.invalid')}>"
)
CONFFILES = ("/etc/kiosk/kiosk.toml",)


def output(*command: str) -> str:
    """What a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def epoch(root: Path) -> int:
    """The time that every build of these sources carries: SOURCE_DATE_EPOCH, else the last commit's."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    try:
        return int(output("git", "-C", str(root), "log", "-1", "--format=%ct"))
    except (FileNotFoundError, subprocess.CalledProcessError):  # an unpacked source archive
        return int((root / "pyproject.toml").stat().st_mtime)


def version(root: Path) -> str:
    """The version of kiosk, with its signs of a version before the release as Debian sorts them."""
    found = re.search(r'^__version__ = "([^"]+)"', (root / "kiosk/__init__.py").read_text(encoding="utf-8"), re.M)
    if found is None:
        raise ValueError("kiosk/__init__.py does not say its version")
    return re.sub(r"\.?(a|b|rc|dev)(?=\d)", r"~\1", found[1])


def write_papers(tree: Path, root: Path, full_version: str, licences: list[tuple[str, str]]) -> None:
    """The changelog, and the copyright with the licence of every wheel inside."""
    doc = tree / "usr/share/doc" / NAME
    doc.mkdir(parents=True, exist_ok=True)
    date = datetime.fromtimestamp(epoch(root), UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    head = f"{NAME} ({full_version}) stable; urgency=medium"
    changes = f"{head}\n\n  * Built from its sources as they were at this time.\n\n -- {MAINTAINER}  {date}\n"
    write_gzip(doc / "changelog.Debian.gz", changes.encode())
    licence = (root / "LICENSE").read_text(encoding="utf-8")
    text = "\n".join(f" {line}".rstrip() or " ." for line in licence.split("\n\n", 2)[2].strip().splitlines())
    holders = re.findall(r"^Copyright \(c\) (.+)$", licence, re.MULTILINE)
    lines = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
        f"Upstream-Name: {NAME}",
        "Comment: The wheels of other projects lie below /usr/lib/kiosk/site; each has its licence's text beside it",
        " in its .dist-info. What each says of itself:",
        *(f" {name} - {words}" for name, words in licences if name != NAME),
        "",
        "Files: *",
        f"Copyright: {'; '.join(holders)}",
        "License: Expat",
        text,
    ]
    (doc / "copyright").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_gzip(path: Path, data: bytes) -> None:
    """Compressed, with neither name nor time inside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data, 9, mtime=0))


def write_control(tree: Path, here: Path, full_version: str, architecture: str) -> None:
    """DEBIAN/: control, conffiles, checksums and the maintainer's scripts."""
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    sizes = sum(-(-path.stat().st_size // 1024) for path in files)  # rounded up, whatever this file system does
    major, minor = PYTHON.split(".")
    fields = (here / "control.in").read_text(encoding="utf-8").format(
        name=NAME, version=full_version, architecture=architecture, maintainer=MAINTAINER, size=sizes,
        python=PYTHON, next_python=f"{major}.{int(minor) + 1}",
    )  # fmt: skip
    control = tree / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(fields, encoding="utf-8")
    (control / "conffiles").write_text("\n".join(CONFFILES) + "\n", encoding="utf-8")
    sums = [f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(tree)}" for path in files]  # noqa: S324 - dpkg's own
    (control / "md5sums").write_text("\n".join(sums) + "\n", encoding="utf-8")
    for script in ("postinst", "prerm", "postrm"):
        shutil.copy(here / script, control / script)
        (control / script).chmod(0o755)


def pack(tree: Path, directory: Path, full_version: str, architecture: str) -> Path:
    """Pack the tree; times later than SOURCE_DATE_EPOCH become that, and root owns all."""
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            program = path.stat().st_mode & 0o100 and "site" not in path.parts  # in wheels nothing is run by itself
            path.chmod(0o755 if path.is_dir() or program else 0o644)
            os.utime(path, (epoch(tree), epoch(tree)))
    built = directory / f"{NAME}_{full_version}_{architecture}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, built], check=True, capture_output=True)
    return built
