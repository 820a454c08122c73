"""What the load goes to: the service as operators run it, and the floor, each in processes of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.service.redisserver import available, redis_server

KEY, SECRET = "load-key", "load-secret"
PEOPLE = 200
_SITE = f"""name = "Load"
api_key = "{KEY}"
api_secret = "{SECRET}"
requests_per_second = 0
[mail_limit]
mails = 1000000
""" + "".join(f'[[accounts]]\nemail = "u{number}@example.com"\n' for number in range(PEOPLE))


@dataclass
class Target:
    """Something that answers pings."""

    name: str
    port: int
    group: int
    signs_in: bool

    def memory(self) -> float:
        """Proportional memory of all its processes in MB."""
        return sum(_pss(pid) for pid in _members(self.group)) / 1024


@contextmanager
def target(name: str) -> Iterator[Target]:
    """Run `bare-N`, `sqlite-N` or `redis-N` with N processes."""
    kind, _, workers = name.partition("-")
    folder = Path(tempfile.mkdtemp(prefix="kiosk-load-"))
    try:
        if kind == "bare":
            with _running([sys.executable, "-m", "tests.benchmarks.bare", workers]) as (port, group):
                yield Target(name, port, group, signs_in=False)
        elif kind == "redis":
            with redis_server(folder) as url, _serving(folder, url, workers) as (port, group):
                yield Target(name, port, group, signs_in=True)
        else:
            with _serving(folder, f"sqlite:///{folder}/store.db", workers) as (port, group):
                yield Target(name, port, group, signs_in=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def names() -> list[str]:
    """All targets that this machine can run."""
    kinds = ["bare", "sqlite", *(["redis"] if available() else [])]
    return [f"{kind}-{workers}" for workers in (1, 2) for kind in kinds]


@contextmanager
def _serving(folder: Path, store: str, workers: str) -> Iterator[tuple[int, int]]:
    site = folder / "site.toml"
    site.write_text(_SITE)
    command = [sys.executable, "-m", "kiosk", "serve", "--port", "0", "--store", store, "--site", str(site)]
    with _running([*command, "--workers", workers]) as started:
        yield started


@contextmanager
def _running(command: list[str]) -> Iterator[tuple[int, int]]:
    # The access log is written as in real life; nobody reads it.
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, text=True
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            yield int(line.rstrip().rpartition(":")[2]), process.pid
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _members(group: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == group:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return found


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
