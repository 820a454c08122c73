"""The other ways onto a machine: the wheel, cage and foot, the container's files."""

import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.real.debianroot import environment, require, unit
from tests.terminal import Terminal

ROOT = Path(__file__).parent.parent.parent
PACKAGING = ROOT / "packaging"


def test_the_wheel_in_a_fresh_environment_shows_the_first_screen(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="the build backend is installed by CI and the README's test command")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=100)
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    lock = (PACKAGING / "requirements.lock").read_text(encoding="utf-8")
    pins = tmp_path / "pins.txt"
    pins.write_text("\n".join(re.findall(r"^\w\S+==[^\\\n]+", lock, re.MULTILINE)), encoding="utf-8")
    install = [tmp_path / "venv/bin/pip", "install", "--quiet", "--no-compile", "-c", pins, wheel]
    subprocess.run(list(map(str, install)), check=True, capture_output=True, timeout=300)
    kiosk = str(tmp_path / "venv/bin/kiosk")
    version = subprocess.run([kiosk, "--version"], capture_output=True, text=True, check=True, timeout=60)
    assert re.fullmatch(r"kiosk \d\S+\n", version.stdout)
    with Terminal(["--api-key", "some-site"], tmp_path, argv=[kiosk]) as it:
        it.see("Type your email or username", limit=60)
    no_service = subprocess.run([kiosk, "serve"], capture_output=True, text=True, timeout=60)
    assert no_service.returncode != 0  # the service is an extra


def test_foot_takes_its_settings_and_keeps_no_shortcut() -> None:
    require("foot")
    command = ["foot", "--check-config", "--config", str(PACKAGING / "cage/foot.ini")]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (checked.returncode, re.findall(r"(?:err|warn):.*", checked.stderr)) == (0, [])
    sections = (PACKAGING / "cage/foot.ini").read_text(encoding="utf-8").split("\n[")
    bindings = next(section for section in sections if section.startswith("key-bindings]"))
    assert set(re.findall(r"^[\w-]+=(.*)$", bindings, re.MULTILINE)) == {"none"}


def test_the_unit_of_cage_verifies(tmp_path: Path) -> None:
    require("systemd-analyze")
    units = tmp_path / "usr/lib/systemd/system"
    units.mkdir(parents=True)
    for program in ("cage", "chvt"):
        path = tmp_path / "usr/bin" / program
        path.parent.mkdir(exist_ok=True)
        path.write_text("", encoding="utf-8")
        path.chmod(0o755)
    text = (PACKAGING / "cage/kiosk-cage.service").read_text(encoding="utf-8")
    (units / "kiosk-cage.service").write_text(text, encoding="utf-8")
    for target in ("sysinit", "basic", "shutdown", "getty"):
        (units / f"{target}.target").write_text(f"[Unit]\nDescription={target}\n", encoding="utf-8")
    command = ["systemd-analyze", f"--root={tmp_path}", "--man=no", "--recursive-errors=no", "verify"]
    verified = subprocess.run(
        [*command, "/usr/lib/systemd/system/kiosk-cage.service"], capture_output=True, text=True, timeout=60
    )
    assert (verified.returncode, verified.stderr) == (0, "")


def test_both_units_keep_things_in_the_same_places() -> None:
    console, cage = (
        unit((PACKAGING / name).read_text(encoding="utf-8"))
        for name in ("systemd/kiosk.service", "cage/kiosk-cage.service")
    )
    for name in ("StateDirectory", "CacheDirectory", "LogsDirectory", "LoadCredentialEncrypted", "User", "WatchdogSec"):
        assert console[name] == cage[name], name
    one, other = environment(console["Environment"]), environment(cage["Environment"])
    assert one.pop("TERM") == "linux"
    assert one.items() <= other.items()


def test_the_container_files_name_what_there_is() -> None:
    lines = (PACKAGING / "container/Containerfile").read_text(encoding="utf-8").splitlines()
    (built,) = re.findall(r"/src/(packaging/\S+)", "\n".join(lines))
    assert (ROOT / built).is_file()
    known = {"FROM", "RUN", "COPY", "USER", "ENV", "VOLUME", "ENTRYPOINT", "CMD"}
    logical = "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", " ").splitlines()
    assert {line.split()[0] for line in logical if line.strip()} == known
    quadlet = unit((PACKAGING / "container/kiosk.container").read_text(encoding="utf-8"))
    volume = quadlet["Volume"][0].partition(":")[0]
    assert (PACKAGING / "container" / volume).is_file()
    assert environment(quadlet["Environment"])["TERM"] == "linux"
