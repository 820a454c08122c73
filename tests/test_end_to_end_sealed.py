"""The whole way with the sealed file: signed in, greeted after a restart, tampered with, signed out."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

from kiosk.service.server import EmbeddedService, Options
from tests.mail import click, newest_mail
from tests.terminal import Terminal


class SealedBox:
    """A box as systemd would run the app on it: a state directory, and a credential."""

    def __init__(self, home: Path, service: EmbeddedService) -> None:
        self.home = home
        self.service = service
        credentials = home / "credentials"
        credentials.mkdir()
        (credentials / "kiosk.key").write_bytes(os.urandom(32))
        self.file = home / "state" / "keyring" / "sealed"
        self.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "CREDENTIALS_DIRECTORY": str(credentials),
            "STATE_DIRECTORY": str(home / "state"),
            "KIOSK_API_URL": service.url,
            "KIOSK_API_KEY": "demo-key",
        }

    def app(self) -> Terminal:
        return Terminal(["run"], self.home, environ=self.environ)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "kiosk", *arguments], env=self.environ, capture_output=True, text=True, timeout=60
        )

    def sign_in(self, it: Terminal) -> None:
        it.see("Email or username")
        it.press("jane.doe@example.com", "enter")
        it.see("Check your email")
        click(newest_mail(self.service.mailbox_url)["links"][0])
        it.see("Welcome, Jane", limit=15)


def test_signed_in_greeted_tampered_with_and_signed_out(tmp_path: Path) -> None:
    with EmbeddedService(Options(port=0)) as service:
        box = SealedBox(tmp_path, service)
        with box.app() as it:
            box.sign_in(it)
            assert "lasts until the app ends" not in it.text
            it.rest(1.0)  # presses in the first moment were meant for the screen before
            it.press("enter")
            assert it.exit_code() == 0
        assert stat.S_IMODE(box.file.stat().st_mode) == 0o600
        token = box.run("token").stdout.strip()
        assert token
        assert token.encode() not in box.file.read_bytes()

        with box.app() as it:
            it.see("You are signed in")
            it.rest(0.3)  # the rest of the frame
            assert "Email or username" not in it.text

        whole = bytearray(box.file.read_bytes())
        whole[-20] ^= 0x40
        box.file.write_bytes(whole)
        with box.app() as it:
            it.see("The keyring was damaged and has been put aside.")
            box.sign_in(it)
            assert "lasts until the app ends" not in it.text
        assert json.loads(box.run("status", "--json").stdout)["keyring_set_aside"] == str(box.file.parent / "set-aside")

        newer = box.run("token").stdout.strip()
        assert newer not in {"", token}
        assert box.run("logout").stdout == "signed out\n"
        assert not box.file.exists()
        assert box.run("token").returncode == 1


def test_logout_beside_the_running_app_leaves_nothing_in_the_file(tmp_path: Path) -> None:
    with EmbeddedService(Options(port=0)) as service:
        box = SealedBox(tmp_path, service)
        with box.app() as it:
            box.sign_in(it)
            assert box.run("logout").stdout == "signed out\n"
            assert box.run("status").returncode == 1
