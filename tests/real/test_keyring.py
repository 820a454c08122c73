"""The session in a real Secret Service, in each state that a box can find it in."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.mail import click, newest_mail
from tests.real.secretservice import gnome_keyring, session_bus
from tests.terminal import Terminal
from tests.test_end_to_end import mailbox_on


def kiosk(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *arguments], env=environ, capture_output=True, text=True, timeout=30
    )


def sign_in(it: Terminal) -> str:
    """Sign in as Jane; returns the service's address."""
    it.see("Email or username")
    it.press("jane.doe@example.com", "enter")
    mailbox = mailbox_on(it.see("/mailbox"))
    click(newest_mail(mailbox)["links"][0])
    it.see("Welcome, Jane", limit=7)
    return mailbox.removesuffix("/mailbox")


def is_good(service: str, token: str) -> bool:
    url = f"{service}/identity/v2/auth/access_token/validate"
    answer = httpx.get(url, params={"apikey": "demo-key"}, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code == 200


def test_kept_read_back_and_removed(tmp_path: Path) -> None:
    with session_bus(tmp_path) as environ, gnome_keyring(environ):
        with Terminal(["demo"], tmp_path, environ=environ) as it:
            service = sign_in(it)
            token = kiosk(environ, "token").stdout.strip()
            assert is_good(service, token)
            status = json.loads(kiosk(environ, "status", "--json").stdout)
            assert (status["signed_in"], status["keyring_problem"]) == (True, None)
            assert "SecretService" in status["keyring"]
            it.rest(1.0)  # presses in the first moment were meant for the screen before
            it.press("enter")
            assert it.exit_code() == 0

        with Terminal(["demo"], tmp_path, environ=environ) as it:
            it.see("Welcome, Jane")
            assert "Check your email" not in it.text
            it.rest(1.0)  # presses in the first moment were meant for the screen before
            it.press("right", "enter")
            it.see("You are signed out.")
            assert kiosk(environ, "token").returncode == 1
            it.press("jane", "enter")
            service = mailbox_on(it.see("/mailbox")).removesuffix("/mailbox")
            assert not is_good(service, token)


def test_logout_from_another_shell_ends_the_token_at_the_running_service(tmp_path: Path) -> None:
    with session_bus(tmp_path) as environ, gnome_keyring(environ), Terminal(["demo"], tmp_path, environ=environ) as it:
        service = sign_in(it)
        token = kiosk(environ, "token").stdout.strip()
        assert kiosk(environ, "logout").stdout == "signed out\n"
        assert not is_good(service, token)


def test_no_bus_at_all(tmp_path: Path) -> None:
    with Terminal(["demo"], tmp_path, environ={"DBUS_SESSION_BUS_ADDRESS": ""}) as it:
        sign_in(it)
        it.see("There is no keyring on this box. This sign-in lasts until the app ends.")


def test_a_keyring_with_another_password_is_locked(tmp_path: Path) -> None:
    with session_bus(tmp_path) as environ:
        with gnome_keyring(environ), Terminal(["demo"], tmp_path, environ=environ) as it:
            sign_in(it)
        with gnome_keyring(environ, b"not the password"), Terminal(["demo"], tmp_path, environ=environ) as it:
            it.see("The keyring is locked.")
            sign_in(it)
            it.see("The keyring is locked. This sign-in lasts until the app ends.")


def test_a_daemon_that_hangs_costs_three_seconds_and_no_exit(tmp_path: Path) -> None:
    with session_bus(tmp_path) as environ, gnome_keyring(environ) as daemon:
        daemon.send_signal(signal.SIGSTOP)
        try:
            with Terminal(["demo"], tmp_path, environ=environ) as it:
                it.see("The keyring does not answer.", limit=10)
                it.press("escape")
                begun = time.monotonic()
                assert it.exit_code() == 130
                assert time.monotonic() - begun < 3
            begun = time.monotonic()
            answer = kiosk(environ, "token")
            assert answer.stderr == "kiosk: The keyring does not answer.\n"
            assert time.monotonic() - begun < 6
        finally:
            daemon.send_signal(signal.SIGCONT)


def test_a_daemon_that_dies_between_is_told(tmp_path: Path) -> None:
    with (
        session_bus(tmp_path) as environ,
        gnome_keyring(environ) as daemon,
        Terminal(["demo"], tmp_path, environ=environ) as it,
    ):
        it.see("Type your email or username")
        daemon.kill()
        daemon.wait()
        sign_in(it)
        it.see("This sign-in lasts until the app ends.")
