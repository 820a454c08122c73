"""Which keyring is used: what the settings say, and never what happens to be installed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.folders import state_directory
from kiosk.vault.keyrings import Choice, choose, opener
from kiosk.vault.problems import VaultError, VaultProblem
from kiosk.vault.sealed.keys import KeyKind, KeySource
from kiosk.vault.vault import Vault
from tests.terminal import Terminal

STATE = Path("/state")


def with_credential(folder: Path) -> dict[str, str]:
    (folder / "kiosk.key").write_bytes(b"a key from systemd, long enough")
    return {"CREDENTIALS_DIRECTORY": str(folder)}


def test_the_sealed_file_is_used_by_itself_where_systemd_hands_its_key(tmp_path: Path) -> None:
    environ = with_credential(tmp_path)
    sealed = Choice("sealed-file", STATE / "keyring", KeySource(KeyKind.CREDENTIAL, tmp_path / "kiosk.key"))
    assert choose("auto", "", STATE, environ) == sealed
    assert choose("sealed-file", "", STATE, environ) == sealed
    assert choose("secret-service", "", STATE, environ) == Choice("secret-service")


@pytest.mark.parametrize("environ", [{}, {"CREDENTIALS_DIRECTORY": ""}, {"CREDENTIALS_DIRECTORY": "/nowhere"}])
def test_without_that_key_it_is_the_secret_service(environ: dict[str, str]) -> None:
    assert choose("auto", "", STATE, environ) == Choice("secret-service")


def test_a_credential_that_cannot_be_read_is_no_reason_to_take_another_keyring(tmp_path: Path) -> None:
    (tmp_path / "kiosk.key").symlink_to(tmp_path / "gone")
    choice = choose("auto", "", tmp_path, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert choice.name == "sealed-file"


def test_a_key_file_is_used_only_where_it_is_named_for_the_sealed_file(tmp_path: Path) -> None:
    choice = choose("sealed-file", "/etc/kiosk/key", STATE, with_credential(tmp_path))
    assert choice.key == KeySource(KeyKind.FILE, Path("/etc/kiosk/key"))
    assert choose("sealed-file", "", STATE, {}).key is None
    for name in ("auto", "secret-service", "some.Class"):
        with pytest.raises(ValueError, match="sealed-file alone"):
            choose(name, "/etc/kiosk/key", STATE, {})


def test_where_the_file_lies() -> None:
    assert state_directory({"STATE_DIRECTORY": "/var/lib/kiosk:/var/lib/other", "HOME": "/h"}) == Path("/var/lib/kiosk")
    assert state_directory({"XDG_STATE_HOME": "/s", "HOME": "/h"}) == Path("/s/kiosk")
    assert state_directory({}) is None


BACKENDS = """
import sys
class NotABackend: pass
def ends(): sys.exit(3)
def breaks(): raise ZeroDivisionError("secret")
value = 7
"""


@pytest.mark.parametrize(
    "path",
    ["no.such.module.Keyring", "json.NoSuchClass", "badbackends.NotABackend", "badbackends.ends", "badbackends.breaks",
     "badbackends.value", "badsyntax.Keyring", "badexit.Keyring"],
)  # fmt: skip
async def test_a_class_that_is_no_keyring_is_told(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "badbackends.py").write_text(BACKENDS)
    (tmp_path / "badsyntax.py").write_text("def (:")
    (tmp_path / "badexit.py").write_text("raise SystemExit(4)")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(VaultError) as caught:
        await Vault("site", opener(Choice(path))).load()
    assert caught.value.problem is VaultProblem.UNUSABLE


@pytest.mark.parametrize(
    ("path", "problem"),
    [("keyring.backends.fail.Keyring", VaultProblem.MISSING), ("keyring.backends.null.Keyring", None)],
)
async def test_the_keyrings_that_are_none(path: str, problem: VaultProblem | None) -> None:
    it = Vault("site", opener(Choice(path)))
    if problem is None:
        assert await it.load() is None
        return
    with pytest.raises(VaultError) as caught:
        await it.load()
    assert caught.value.problem is problem


PROMPTING = """
import os
open(os.environ["TOUCHED"], "a").write("imported ")
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 100
    def _ask(self, *_):
        open(os.environ["TOUCHED"], "a").write("asked ")
        return input("Password for the keyring: ")
    get_password = set_password = delete_password = _ask
"""


@pytest.fixture
def prompting(tmp_path: Path) -> dict[str, str]:
    """An environment in which `keyring`'s own detection finds a backend that asks on the terminal, in three ways."""
    (tmp_path / "promptingkeyring.py").write_text(PROMPTING)
    known = tmp_path / "promptingkeyring-1.dist-info"
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: promptingkeyring\nVersion: 1\n")
    (known / "entry_points.txt").write_text("[keyring.backends]\nprompting = promptingkeyring\n")
    configuration = tmp_path / ".config" / "python_keyring"
    configuration.mkdir(parents=True)
    (configuration / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=promptingkeyring.Keyring\n")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
        "PYTHON_KEYRING_BACKEND": "promptingkeyring.Keyring",
        "TOUCHED": str(tmp_path / "touched"),
        "DBUS_SESSION_BUS_ADDRESS": "",
        "KIOSK_API_KEY": "k",
        "KIOSK_API_URL": "http://127.0.0.1:9",
    }


def test_a_keyring_that_asks_on_our_terminal_would_be_found(prompting: dict[str, str]) -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import keyring; print(keyring.get_password('a', 'b'))"],
        env=prompting, input="answer\n", capture_output=True, text=True,
    )  # fmt: skip
    assert "Password for the keyring" in found.stdout, found.stderr


@pytest.mark.parametrize("keyring", ["auto", "secret-service", "sealed-file", "off"])
def test_a_keyring_that_asks_on_our_terminal_is_never_touched(
    prompting: dict[str, str], keyring: str, tmp_path: Path
) -> None:
    environ = {**prompting, "KIOSK_KEYRING": keyring}
    for command in ("status", "token", "logout"):
        said = subprocess.run(
            [sys.executable, "-m", "kiosk", command], env=environ, input="answer\n", capture_output=True, text=True
        )
        assert said.returncode == 1
        assert "Password" not in said.stdout + said.stderr
    with Terminal(["run"], tmp_path, environ=environ) as it:
        it.see("Email or username")
        assert "Password" not in it.text
    assert not (tmp_path / "touched").exists()


def run(environ: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "kiosk", *arguments], env=environ, capture_output=True, text=True)


def test_status_says_where_the_key_comes_from_and_what_that_is_good_for(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "STATE_DIRECTORY": str(tmp_path / "state")}
    key = str(tmp_path / "key")
    by_file = run(environ, "status", "--keyring", "sealed-file", "--keyring-key-file", key)
    assert f"keyring: sealed file {tmp_path}/state/keyring/sealed\n" in by_file.stdout
    assert f"its key: key file {key}\n" in by_file.stdout
    assert "the key is on it.\n" in by_file.stdout
    assert not Path(key).exists()

    by_systemd = json.loads(run({**environ, **with_credential(tmp_path)}, "status", "--json").stdout)
    assert by_systemd["keyring_key"] == "systemd credential kiosk.key"
    assert "TPM" in by_systemd["keyring_protection"]
    assert by_systemd["keyring_problem"] is None

    other = json.loads(run(environ, "status", "--json", "--keyring", "off").stdout)
    assert not {"keyring_key", "keyring_protection", "keyring_set_aside"} & other.keys()


def test_settings_of_the_key_file_that_contradict_each_other_are_one_line(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    for arguments in (["--keyring-key-file", "/k"], ["--keyring", "sealed-file", "--keyring-key-file", "relative"]):
        said = run(environ, "status", *arguments)
        assert said.returncode == 78
        assert said.stderr.startswith("kiosk: keyring_key_file (--keyring-key-file) ")
        assert said.stderr.count("\n") == 1
