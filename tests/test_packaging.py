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
