"""What ships: the styles inside the wheel, and nothing that a device does not need."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kiosk.paths import STYLES

ROOT = Path(__file__).parent.parent


def test_the_styles_are_found() -> None:
    assert {path.name for path in STYLES.glob("*.tcss")} >= {"app.tcss", "entry.tcss", "waiting.tcss", "welcome.tcss"}


def test_the_wheel_carries_the_styles_and_neither_tests_nor_packaging(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="the build backend is installed by CI and the README's test command")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"kiosk/styles/{path.name}" for path in (ROOT / "styles").glob("*.tcss")} <= names
    assert "kiosk/py.typed" in names
    assert not any(name.startswith(("tests/", "packaging/", "styles/")) for name in names)
    metadata = zipfile.ZipFile(wheel).read(next(name for name in names if name.endswith("/METADATA"))).decode()
    assert "Name: smartlogin-kiosk" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_nothing_that_systemd_starts_after_a_restart_takes_the_console_away() -> None:
    lines = (ROOT / "packaging/systemd/kiosk.service").read_text().splitlines()
    # Seen in a guest: systemd 252 counts the stop before its own restart as a success, and started the log-in prompt.
    assert not [line for line in lines if line.startswith("OnSuccess=")]
    # And what ends it by a signal that it handles is no failure, after which the resting screen would start it again.
    (meant,) = [line.split("=")[1].split() for line in lines if line.startswith("SuccessExitStatus=")]
    assert {"143", "129"} <= set(meant)


@pytest.mark.parametrize(
    ("status", "jobs", "comes"),
    [
        ("80", "", True),  # the maintenance exit
        ("143", "12 kiosk.service stop running", True),
        ("143", "12 kiosk.service restart running", False),
        ("KILL", "", False),
    ],
)
def test_the_log_in_prompt_comes_back_once_the_sign_in_has_ended_for_good(
    tmp_path: Path, status: str, jobs: str, comes: bool
) -> None:
    fake = tmp_path / "systemctl"
    fake.write_text(f'#!/bin/sh\n[ "$1" = list-jobs ] && echo "{jobs}" || echo "$@" >> {tmp_path}/done\n')
    fake.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "EXIT_STATUS": status}
    subprocess.run([ROOT / "packaging/systemd/console-back", "80"], check=True, env=environ)
    done = tmp_path / "done"
    assert (done.exists() and "start getty@tty1.service" in done.read_text()) == comes
