"""A real Redis server of the test's own, on a free port of loopback."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def available() -> bool:
    """Whether a server and its client are installed."""
    try:
        import redis  # noqa: F401
    except ModuleNotFoundError:
        return False
    return shutil.which("redis-server") is not None


@contextmanager
def redis_server(folder: Path, *options: str) -> Iterator[str]:
    """Run a server; its URL."""
    if not available():
        pytest.skip("redis-server or the redis package is not installed (apt install redis-server)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", "", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.kill()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(500):
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.01)
    raise AssertionError("redis-server did not start")
