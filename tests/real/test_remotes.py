"""The key tables for the layers below the app, taken by the tools of those layers."""

import importlib.util
import shutil
import subprocess
import sys
import tomllib
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from kiosk.remote.table import BY_CODE, BY_NAME, CEC, UNSEEN

REMOTES = Path(__file__).parents[2] / "packaging" / "remotes"
SHIPPED = Path("/usr/lib/udev/rc_keymaps")


def needs(tool: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} ({package}) is not installed")


@pytest.fixture(scope="module")
def make() -> ModuleType:
    loader = SourceFileLoader("make_remotes", str(REMOTES / "make"))
    spec = importlib.util.spec_from_loader("make_remotes", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_the_files_are_those_of_the_table(make: ModuleType) -> None:
    for name, text in make.FILES.items():
        assert (REMOTES / name).read_text() == text, f"{name}: run packaging/remotes/make"


def test_the_cec_table_is_one_of_ir_keytable_s_kind() -> None:
    (protocol,) = tomllib.loads((REMOTES / "kiosk_cec.toml").read_text())["protocols"]
    codes = {int(code, 0): key for code, key in protocol["scancodes"].items()}
    assert codes == {code: BY_NAME[name].sends for code, name in CEC.items()}


@pytest.mark.skipif(not SHIPPED.is_dir(), reason="ir-keytable, which ships infra-red tables, is not installed")
def test_every_shipped_infra_red_table_becomes_one_whose_keys_arrive(make: ModuleType) -> None:
    changed = 0
    for path in sorted(SHIPPED.glob("*.toml")):
        text = path.read_text()
        keys = _keys(make.remapped(text))
        lost = {name: code for action in BY_NAME.values() for name, code in action.codes.items() if code >= UNSEEN}
        assert not keys & set(lost), path.name
        changed += make.remapped(text) != text
    assert changed > 100


def _keys(text: str) -> set[str]:
    return {key for protocol in tomllib.loads(text)["protocols"] for key in protocol.get("scancodes", {}).values()}


@needs("xkbcli", "libxkbcommon-tools")
def test_the_xkb_option_compiles_and_means_what_it_should() -> None:
    command = [
        "xkbcli", "compile-keymap", "--include", str(REMOTES / "xkb"), "--include-defaults", "--layout", "us",
        "--options", "kiosk:remote",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    keymap = "".join(done.stdout.split())
    for code, keysym in ((352, "Return"), (158, "Escape"), (398, "F1"), (355, "BackSpace"), (519, "7")):
        assert f"key<I{code + 8}>{{[{keysym}]}};" in keymap, BY_CODE[code]


@needs("systemd-hwdb", "udev")
def test_the_hwdb_finds_the_remote(make: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "etc/udev/hwdb.d"
    folder.mkdir(parents=True)
    (folder / "61-kiosk-remote.hwdb").write_text(make.hwdb(["0003:1d57:ad02", "0005:0171:0419"]))
    subprocess.run(["systemd-hwdb", "update", f"--root={tmp_path}", "--strict"], check=True)

    def found(modalias: str) -> str:
        query = ["systemd-hwdb", "query", f"--root={tmp_path}", modalias]
        return subprocess.run(query, capture_output=True, text=True, check=True).stdout

    for device in ("b0003v1D57pAD02e0110", "b0005v0171p0419e0001"):
        assert "KEYBOARD_KEY_c0041=enter\n" in found(f"evdev:input:{device}-e0,1,4")
    assert found("evdev:input:b0003v046DpC31Ce0110-e0,1,4") == ""  # somebody's keyboard


@needs("loadkeys", "kbd")
def test_the_console_takes_the_keymap() -> None:
    done = subprocess.run(["loadkeys", "--parse", str(REMOTES / "kiosk.map")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_device_that_is_none_is_refused() -> None:
    done = subprocess.run([sys.executable, REMOTES / "make", "hwdb", "mouse"], capture_output=True, text=True)
    assert done.returncode != 0
    assert "BUS:VENDOR:PRODUCT" in done.stderr
