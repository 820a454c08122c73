"""The set-ups of packaging/keyring.md, with the programs that they are made of."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.service.server import EmbeddedService, Options
from tests.mail import click, newest_mail
from tests.real.secretservice import needed
from tests.terminal import Terminal

SCRIPTS = Path(__file__).parents[2] / "packaging" / "keyring"
SEAL = SCRIPTS / "seal-keyring-password"
BESIDE = SCRIPTS / "with-gnome-keyring"


def programs(*names: str) -> None:
    """Skip, with the reason, where they are not installed."""
    for name in names:
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed (CI installs it)")


@pytest.mark.parametrize("script", sorted(path.name for path in SCRIPTS.iterdir() if not path.suffix))
def test_a_script_is_clean(script: str) -> None:
    programs("shellcheck")
    said = subprocess.run(["shellcheck", str(SCRIPTS / script)], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout
    assert os.access(SCRIPTS / script, os.X_OK)


class Installation:
    """What systemd has of one installed box: a host key, and a store of sealed credentials."""

    def __init__(self, home: Path) -> None:
        home.mkdir()
        self.store = home / "credstore"
        self.environ = {"PATH": os.environ["PATH"], "SYSTEMD_CREDENTIAL_SECRET": str(home / "secret")}

    def creds(self, *arguments: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(["systemd-creds", *arguments], env=self.environ, input=given, capture_output=True)

    def unsealed(self, name: str, folder: Path) -> Path:
        """As systemd hands it to the service."""
        folder.mkdir(exist_ok=True)
        clear = self.creds("decrypt", f"--name={name}", str(self.store / name), "-")
        assert clear.returncode == 0, clear.stderr
        (folder / name).write_bytes(clear.stdout)
        return folder


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    programs("systemd-creds")
    if os.geteuid() != 0:
        pytest.skip("systemd-creds reads the host key as root alone")
    return Installation(tmp_path / "box")


def test_a_sealed_credential_opens_the_sealed_file_on_its_own_box_alone(
    installation: Installation, tmp_path: Path
) -> None:
    installation.store.mkdir()
    sealed = installation.store / "kiosk.key"
    done = installation.creds("encrypt", "--name=kiosk.key", "--with-key=host", "-", str(sealed), given=os.urandom(32))
    assert done.returncode == 0, done.stderr
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "STATE_DIRECTORY": str(tmp_path / "state"),
        "CREDENTIALS_DIRECTORY": str(installation.unsealed("kiosk.key", tmp_path / "credentials")),
    }
    status = subprocess.run(
        [sys.executable, "-m", "kiosk", "status", "--json"], env=environ, capture_output=True, text=True
    )
    assert json.loads(status.stdout)["keyring_key"] == "systemd credential kiosk.key"
    assert json.loads(status.stdout)["keyring_problem"] is None

    elsewhere = Installation(tmp_path / "another box")
    elsewhere.creds("setup")
    assert elsewhere.creds("decrypt", "--name=kiosk.key", str(sealed), "-").returncode != 0


def test_each_box_makes_a_password_of_its_own_and_makes_it_once(installation: Installation, tmp_path: Path) -> None:
    def seal() -> bytes:
        subprocess.run([str(SEAL), str(installation.store), "host"], env=installation.environ, check=True)
        return (installation.store / "keyring.password").read_bytes()

    assert seal() == seal()
    first = (installation.unsealed("keyring.password", tmp_path / "one") / "keyring.password").read_text()
    assert len(first) == 44
    assert "\n" not in first
    (installation.store / "keyring.password").unlink()
    seal()
    assert (installation.unsealed("keyring.password", tmp_path / "two") / "keyring.password").read_text() != first
    assert [path.name for path in installation.store.iterdir()] == ["keyring.password"]


class Console:
    """A box whose unit runs the app beside a gnome-keyring of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        for name in ("credentials", "state", "runtime"):
            (home / name).mkdir(mode=0o700)
        self.password = home / "credentials" / "keyring.password"
        self.password.write_text("a password of this box")
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "CREDENTIALS_DIRECTORY": str(home / "credentials"),
            "STATE_DIRECTORY": str(home / "state"),
            "RUNTIME_DIRECTORY": str(home / "runtime"),
            "KIOSK_KEYRING": "secret-service",
        }

    def run(self, *command: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(BESIDE), *command],
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            timeout=60,
            start_new_session=True,  # no terminal, as in a unit with its stderr in the journal
        )

    def kiosk(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return self.run(sys.executable, "-m", "kiosk", *arguments, **environ)


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    needed()
    programs("dbus-run-session")
    yield Console(tmp_path)
    # systemd would end the whole unit; here the daemon that outlives its bus is found by its runtime directory.
    for process in Path("/proc").glob("[0-9]*"):
        try:
            daemon = process.joinpath("comm").read_text().startswith("gnome-keyring")
            ours = daemon and str(tmp_path).encode() in process.joinpath("environ").read_bytes()
        except OSError:
            continue
        if ours:
            os.kill(int(process.name), signal.SIGKILL)


def test_beside_gnome_keyring_a_session_outlives_its_bus(console: Console) -> None:
    with EmbeddedService(Options(port=0)) as service:
        site = {"KIOSK_API_URL": service.url, "KIOSK_API_KEY": "demo-key"}
        command = [str(BESIDE), sys.executable, "-m", "kiosk", "login"]
        login = subprocess.Popen(
            command, env={**console.environ, **site}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert login.stdin is not None
        login.stdin.write("jane.doe@example.com\n")
        login.stdin.flush()
        click(newest_mail(service.mailbox_url)["links"][0])
        assert login.communicate(timeout=30)[0].splitlines()[-1] == "Welcome, Jane"

        status = json.loads(console.kiosk("status", "--json", **site).stdout)
        assert (status["signed_in"], status["keyring_problem"]) == (True, None)

        console.password.write_text("another password")
        locked = json.loads(console.kiosk("status", "--json", **site).stdout)
        assert locked["keyring_problem"] == "The keyring is locked."


def test_beside_gnome_keyring_the_exit_code_is_the_commands_and_its_words_reach_the_screen(console: Console) -> None:
    said = console.run("sh", "-c", "echo out; echo to the screen >&2; exit 7")
    assert (said.returncode, said.stdout) == (7, "out\n")
    assert "to the screen\n" in said.stderr


def test_beside_gnome_keyring_nobody_but_the_app_says_that_it_is_ready(console: Console, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5)
        notify = (
            "import os, socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); "
            "s.sendto(b'READY=1 of the app', os.environ['NOTIFY_SOCKET']); "
            "print(os.environ.get('WATCHDOG_PID'), os.environ['WATCHDOG_USEC'])"
        )
        said = console.run(
            sys.executable, "-c", notify,
            NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="30000000", WATCHDOG_PID="1",
        )  # fmt: skip
        assert said.stdout == "None 30000000\n"
        assert manager.recv(100) == b"READY=1 of the app"
        manager.settimeout(0.2)
        with pytest.raises(TimeoutError):
            manager.recv(100)


def test_beside_gnome_keyring_the_screen_is_the_apps_alone(console: Console) -> None:
    console.password.unlink()  # the daemons complain most where nothing is set up
    start = "import os, sys; sys.argv.pop(0); os.execv(sys.argv[0], sys.argv)"
    (console.home / "outer.py").write_text(start)
    environ = {**console.environ, "PYTHONPATH": os.pathsep.join([str(console.home), *filter(None, sys.path)])}
    command = [str(BESIDE), sys.executable, "-m", "kiosk", "run", "--api-key", "k", "--api-url", "http://127.0.0.1:9"]
    with Terminal(command, console.home, environ=environ, module="outer") as it:
        it.see("The keyring cannot be used.")
        for word in ("dbus", "gnome-keyring", "gcr", "WARNING", "GNOME_KEYRING"):
            assert word.encode() not in it.raw
        it.press("escape")
        assert it.exit_code() == 130
        assert it.restored()
