"""A name server that never answers, for real: in a network namespace of its own, out of which nothing can get."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

SILENCE = """
import socket, subprocess, sys
silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
silent.bind(("127.0.0.1", 53))
sys.exit(subprocess.run(sys.argv[1:]).returncode)
"""
RESOLVER = "nameserver 127.0.0.1\noptions timeout:30 attempts:2\n"
SET_UP = 'ip link set lo up && mount --bind "$0" /etc/resolv.conf && exec "$@"'

LIMIT = 20
"""Seconds: 5 until the name is given up, a start and an end on a busy machine; the resolver itself takes a minute."""


def apart(resolver: Path, *command: str) -> list[str]:
    """The command that runs `command` in a namespace with that resolver."""
    return ["unshare", "--net", "--mount", "sh", "-c", SET_UP, str(resolver), *command]


@pytest.fixture
def resolver(tmp_path: Path) -> Path:
    path = tmp_path / "resolv.conf"
    path.write_text(RESOLVER)
    if not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("unshare or ip (iproute2) is not installed (CI installs it)")
    if subprocess.run(apart(path, "true"), capture_output=True, check=False).returncode:
        pytest.skip("no network namespace can be made here (needs root)")
    return path


def test_a_sign_in_ends_long_before_the_resolver_does(resolver: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    ended = subprocess.run(
        apart(resolver, sys.executable, "-c", SILENCE, sys.executable, "-m", "kiosk", "login"),
        input="jane\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "KIOSK_API_URL": "https://service.example",
            "KIOSK_API_KEY": "key",
            "KIOSK_KEYRING": "off",
        },
    )
    assert "The sign-in service does not answer" in ended.stdout
    assert ended.stderr == ""
    assert ended.returncode == 130
    assert time.monotonic() - began < LIMIT
