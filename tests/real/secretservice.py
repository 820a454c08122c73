"""A real Secret Service without a desktop: a private D-Bus and gnome-keyring, in each of its states."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = b"a password of the tests"


def needed() -> None:
    """Skip, with the reason, where the daemons are not installed."""
    for program in ("dbus-daemon", "gnome-keyring-daemon"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (CI installs it)")


@contextmanager
def session_bus(home: Path) -> Iterator[dict[str, str]]:
    """A private session bus; yields the environment that leads to it."""
    needed()
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "XDG_DATA_HOME": str(home / "data"),
        "LANG": "C.UTF-8",
    }
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environ,
    )
    assert bus.stdout is not None
    try:
        yield {**environ, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}
    finally:
        bus.terminate()
        bus.wait()
        bus.stdout.close()


@contextmanager
def gnome_keyring(environ: dict[str, str], password: bytes | None = PASSWORD) -> Iterator[subprocess.Popen[bytes]]:
    """gnome-keyring's daemon on that bus: unlocked with a password, or as it comes."""
    unlock = [] if password is None else ["--unlock"]
    daemon = subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--components=secrets", *unlock],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environ,
    )
    assert daemon.stdin is not None
    daemon.stdin.write(password or b"")
    daemon.stdin.close()
    _await_name(environ)
    if password is not None:
        _await_unlocked(environ)
    try:
        yield daemon
    finally:
        daemon.kill()
        daemon.wait()


def _await_name(environ: dict[str, str]) -> None:
    """Return once the daemon owns its name.

    The bus is asked, not the name's owner: for a name without one the bus would start another daemon, a locked one.
    """
    ask = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]
    wanted = ["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]
    for _ in range(400):
        if b"boolean true" in subprocess.run([*ask, *wanted], env=environ, capture_output=True).stdout:
            return
        time.sleep(0.02)
    raise AssertionError("gnome-keyring never came")


def _await_unlocked(environ: dict[str, str]) -> None:
    """Return once the password was looked at: the daemon owns its name before. A wrong one is given up soon."""
    collection = ["--dest=org.freedesktop.secrets", "/org/freedesktop/secrets/aliases/default"]
    ask = ["dbus-send", "--session", "--print-reply", *collection, "org.freedesktop.DBus.Properties.Get"]
    wanted = ["string:org.freedesktop.Secret.Collection", "string:Locked"]
    end = time.monotonic() + 2
    while time.monotonic() < end:
        if b"boolean false" in subprocess.run([*ask, *wanted], env=environ, capture_output=True).stdout:
            return
        time.sleep(0.02)
