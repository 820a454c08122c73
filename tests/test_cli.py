"""The commands: what they print, and how they end."""

import json
import os
import re
import socket
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk import __version__
from kiosk.service.server import EmbeddedService, Options
from kiosk.smartlogin.attempt import Snapshot
from kiosk.smartlogin.models import Identifier, IdentifierKind
from kiosk.vault.pending import Pending, Stamp, write_pending
from tests.mail import click, newest_mail

KEYRING = """
import json, os, pathlib
from keyring.backend import KeyringBackend

class Keyring(KeyringBackend):
    priority = 1
    name = "file of the tests"
    path = pathlib.Path(os.environ["TEST_KEYRING"])
    def _all(self):
        return json.loads(self.path.read_text()) if self.path.exists() else {}
    def get_password(self, service, username):
        return self._all().get(f"{service}/{username}")
    def set_password(self, service, username, password):
        self.path.write_text(json.dumps({**self._all(), f"{service}/{username}": password}))
    def delete_password(self, service, username):
        self.path.write_text(json.dumps({k: v for k, v in self._all().items() if k != f"{service}/{username}"}))
"""


class Shell:
    """Runs commands in a home of the test's own, with a keyring that outlives each of them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "testkeyring.py").write_text(KEYRING)
        self.keyring = home / "keyring.json"

    def environ(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TERM": "xterm",
            "PYTHONPATH": str(self.home),
            "TEST_KEYRING": str(self.keyring),
            "KIOSK_KEYRING": "testkeyring.Keyring",
            **more,
        }

    def run(self, *arguments: str, text: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kiosk", *arguments],
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            env=self.environ(**environ),
        )


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def one_line(text: str) -> str:
    assert text.startswith("kiosk: ")
    assert text.count("\n") == 1
    return text


def test_version_and_help(shell: Shell) -> None:
    assert shell.run("--version").stdout == f"kiosk {__version__}\n"
    for command in ("", "run", "demo", "login", "token", "status", "logout", "config", "serve"):
        result = shell.run(*filter(None, [command]), "--help")
        assert result.returncode == 0
        assert "usage: kiosk" in result.stdout


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["serve", "--port", "x"], ["serve", "--port", "70000"], ["--nonsense"]]
)
def test_usage_is_exit_2(shell: Shell, arguments: list[str]) -> None:
    result = shell.run(*arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", [[], ["run"], ["demo"]])
def test_a_pipe_is_no_terminal(shell: Shell, command: list[str]) -> None:
    result = shell.run(*command)
    assert result.returncode == 2
    assert "kiosk login" in one_line(result.stderr)


def test_bad_settings_are_exit_78(shell: Shell) -> None:
    (shell.home / "bad.toml").write_text("api_kye = 'x'\n")
    for arguments in (["--config", "bad.toml"], ["--api-url", "http://example.org"], ["--config", "none.toml"]):
        for command in ("run", "login", "status", "config"):
            arguments = [a if not a.endswith(".toml") else str(shell.home / a) for a in arguments]
            result = shell.run(command, *arguments)
            assert result.returncode == 78
            one_line(result.stderr)


def test_config_shows_values_and_sources(shell: Shell) -> None:
    (shell.home / "ours.toml").write_text('device_name = "Lobby TV"\n')
    result = shell.run("config", "--config", str(shell.home / "ours.toml"), KIOSK_API_KEY="k")
    assert f"device_name = 'Lobby TV'  # {shell.home}/ours.toml" in result.stdout
    assert "api_key = 'k'  # KIOSK_API_KEY" in result.stdout
    assert shell.run("config", "path", KIOSK_CONFIG="/x/y.toml").stdout == "/x/y.toml\n"


def test_nobody_is_signed_in(shell: Shell) -> None:
    for command in ("token", "logout"):
        result = shell.run(command)
        assert (result.returncode, result.stdout) == (1, "")
        assert one_line(result.stderr) == "kiosk: nobody is signed in\n"
    status = shell.run("status", "--json")
    assert status.returncode == 1
    assert json.loads(status.stdout)["signed_in"] is False
    assert json.loads(status.stdout)["keyring"] == "file of the tests"


def test_without_a_keyring_it_says_so(shell: Shell) -> None:
    assert one_line(shell.run("token", KIOSK_KEYRING="off").stderr) == "kiosk: There is no keyring on this box.\n"
    status = json.loads(shell.run("status", "--json", KIOSK_KEYRING="off").stdout)
    assert status["keyring_problem"] == "There is no keyring on this box."


def test_the_whole_way_in_lines_of_text_then_token_status_and_logout(shell: Shell) -> None:
    with EmbeddedService(Options(port=0)) as service:
        site = {"KIOSK_API_URL": service.url, "KIOSK_API_KEY": "demo-key"}
        login = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "login"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                **site,
                "HOME": str(shell.home),
                "PYTHONPATH": str(shell.home),
                "TEST_KEYRING": str(shell.keyring),
                "KIOSK_KEYRING": "testkeyring.Keyring",
            },
        )
        assert login.stdin is not None
        login.stdin.write("jane doe\njane.doe@example.com\n")
        login.stdin.flush()
        click(newest_mail(service.mailbox_url)["links"][0])
        said = login.communicate(timeout=20)[0]
        assert login.returncode == 0
        assert said.splitlines() == [
            "Email or username:",
            "That does not look like an email or username. Please check it.",
            "Email or username:",
            "Sending the link...",
            "We sent a link to j•••@example.com. Open it on any device.",
            "Type again for another link, change for another address, cancel to stop.",
            "Welcome, Jane",
        ]

        token = shell.run("token", **site)
        assert token.returncode == 0
        assert token.stdout.strip()
        assert json.loads(shell.run("token", "--json", **site).stdout)["access_token"] == token.stdout.strip()

        status = shell.run("status", "--json", **site)
        assert status.returncode == 0
        assert json.loads(status.stdout)["signed_in"] is True
        assert token.stdout.strip() not in status.stdout
        assert "jane" not in status.stdout.lower()

        again = shell.run("login", **site)
        assert (again.returncode, again.stdout) == (0, "Welcome, Jane\n")
        assert len(_mails(service)) == 1

        logout = shell.run("logout", **site)
        assert (logout.returncode, logout.stdout) == (0, "signed out\n")
        assert shell.run("token", **site).returncode == 1
        assert "access_token" not in shell.keyring.read_text()


def _mails(service: EmbeddedService) -> list[object]:
    import httpx

    mails: list[object] = httpx.get(f"{service.mailbox_url}/messages").json()
    return mails


def test_logout_without_network_still_removes_it(shell: Shell) -> None:
    entry = {"version": 1, "access_token": "t", "api_url": "http://127.0.0.1:9", "name": "Jane"}
    shell.keyring.write_text(json.dumps({"smartlogin-kiosk/demo": json.dumps(entry)}))
    assert shell.run("token").stdout == "t\n"
    result = shell.run("logout", "--json")
    assert result.returncode == 0
    assert json.loads(result.stdout) == {"signed_out": True, "service_told": False}
    assert shell.run("token").returncode == 1


PENDING = "smartlogin-kiosk/demo#pending"


def a_pending_attempt() -> str:
    guid, jane = "3d6f0a52-5b1c-4a4e-9f57-0c2d9a1b7e11", Identifier(IdentifierKind.EMAIL, "jane.doe@example.com")
    snapshot = Snapshot(jane, ((guid, 10.0),), deadline=910.0, resend_at=40.0, mails=1, window=900.0)
    return write_pending(Pending(snapshot, Stamp("boot", 12.0, datetime.now(UTC)), "nobody", 0))


def test_status_says_that_a_link_waits_and_not_for_whom(shell: Shell) -> None:
    assert json.loads(shell.run("status", "--json").stdout)["link_sent"] is False
    shell.keyring.write_text(json.dumps({PENDING: a_pending_attempt()}))
    status = shell.run("status", "--json")
    assert status.returncode == 1, "nobody is signed in yet"
    assert json.loads(status.stdout)["link_sent"] is True
    said = shell.run("status").stdout
    assert "a link waits to be opened: yes" in said
    assert not re.search("jane|example.com|3d6f", status.stdout + said)


def test_logout_removes_a_pending_attempt_with_or_without_a_session(shell: Shell) -> None:
    session = json.dumps({"version": 1, "access_token": "t", "api_url": "http://127.0.0.1:9", "name": "Jane"})
    for entries, code in (({}, 1), ({"smartlogin-kiosk/demo": session}, 0), ({"smartlogin-kiosk/demo": "foreign"}, 1)):
        shell.keyring.write_text(json.dumps({**entries, PENDING: a_pending_attempt()}))
        assert shell.run("logout").returncode == code
        assert json.loads(shell.keyring.read_text()) == {}
        assert json.loads(shell.run("status", "--json").stdout)["link_sent"] is False


def test_a_pending_attempt_that_cannot_be_read_goes_as_well(shell: Shell) -> None:
    shell.keyring.write_text(json.dumps({PENDING: "foreign"}))
    assert shell.run("status").stderr == ""
    shell.run("logout")
    assert json.loads(shell.keyring.read_text()) == {}


def test_an_expired_token_is_printed_with_a_warning(shell: Shell) -> None:
    entry = {"version": 1, "access_token": "t", "expires_at": "2020-01-01T00:00:00+00:00"}
    shell.keyring.write_text(json.dumps({"smartlogin-kiosk/demo": json.dumps(entry)}))
    result = shell.run("token")
    assert (result.returncode, result.stdout) == (0, "t\n")
    assert "expired" in result.stderr


def test_login_in_events_for_programs(shell: Shell) -> None:
    with EmbeddedService(Options(port=0)) as service:
        result = shell.run(
            "login", "--json", text="jane\n\njane", KIOSK_API_URL=service.url, KIOSK_API_KEY="no-such-key"
        )
        events = [json.loads(line) for line in result.stdout.splitlines()]
        assert [event["event"] for event in events] == ["entering", "input", "sending", "not-set-up", "finished"]
        assert events[3]["problem"]["code"] == 920
        assert events[-1]["outcome"] == "not-set-up"
        assert result.returncode == 78
        assert "jane" not in result.stdout


def test_login_ends_with_its_input(shell: Shell) -> None:
    result = shell.run("login", text="", KIOSK_API_KEY="k")
    assert result.returncode == 130
    result = shell.run("login", text="\n", KIOSK_API_KEY="k")
    assert result.returncode == 130
    assert "Type your email or username first." in result.stdout


def test_login_on_a_box_that_is_not_set_up(shell: Shell) -> None:
    result = shell.run("login")
    assert result.returncode == 78
    assert "not set up" in result.stdout


def test_a_port_in_use_and_a_bad_site_file_are_exit_78(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = shell.run("serve", "--port", str(taken.getsockname()[1]))
        assert result.returncode == 78
        one_line(result.stderr)
    (shell.home / "site.toml").write_text("nonsense = 1\n")
    result = shell.run("serve", "--port", "0", "--site", str(shell.home / "site.toml"))
    assert result.returncode == 78
    assert "site.toml" in one_line(result.stderr)


def test_the_demos_store_is_for_its_owner_only(shell: Shell) -> None:
    from kiosk.wiring import demo_store

    store = demo_store({"HOME": str(shell.home)})
    folder = Path(store.removeprefix("sqlite:///")).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert demo_store({}) == "memory:"
    assert demo_store({"HOME": "/proc/nowhere"}) == "memory:"


def test_a_reader_that_goes_away_is_no_sign_in(shell: Shell) -> None:
    command = f"echo jane | {sys.executable} -m kiosk login; echo code $? >&2"
    script = f"({command}) | head -c0"
    result = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, env=shell.environ(KIOSK_API_KEY="k"), timeout=60
    )
    assert "code 0" not in result.stderr
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr


def test_output_that_cannot_be_written_is_one_line(shell: Shell) -> None:
    entry = {"version": 1, "access_token": "t"}
    shell.keyring.write_text(json.dumps({"smartlogin-kiosk/demo": json.dumps(entry)}))
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        result = subprocess.run(
            [sys.executable, "-m", "kiosk", "token"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=shell.environ(),
        )
    assert result.returncode == 70
    one_line(result.stderr)


def test_a_locale_that_cannot_write_a_name_ends_nothing(shell: Shell) -> None:
    with EmbeddedService(Options(port=0)) as service:
        site = {"KIOSK_API_URL": service.url, "KIOSK_API_KEY": "demo-key", "PYTHONIOENCODING": "ascii"}
        result = shell.run("login", text="locked\n", **site)
        assert "Traceback" not in result.stderr
        assert result.returncode == 130


def test_logout_clears_an_entry_that_cannot_be_read(shell: Shell) -> None:
    shell.keyring.write_text(json.dumps({"smartlogin-kiosk/demo": "a foreign entry"}))
    assert shell.run("logout").returncode == 1
    assert shell.run("logout").stderr == "kiosk: nobody is signed in\n"


def test_logout_of_a_session_from_a_forbidden_address_still_removes_it(shell: Shell) -> None:
    entry = {"version": 1, "access_token": "t", "api_url": "ftp://\x1b[2J"}
    shell.keyring.write_text(json.dumps({"smartlogin-kiosk/demo": json.dumps(entry)}))
    assert "\x1b" not in shell.run("status").stdout
    result = shell.run("logout", "--json")
    assert json.loads(result.stdout) == {"signed_out": True, "service_told": False}
    assert shell.run("token").returncode == 1


def test_an_internal_error_is_told_by_kind_and_place_and_is_not_exit_1(shell: Shell) -> None:
    (shell.home / "testkeyring.py").write_text("class Keyring:\n    def __init__(self): self.x = 1\n")
    (shell.home / "sitecustomize.py").write_text(
        "import kiosk.kept\ndef token(settings, *, as_json): raise ValueError('secret')\nkiosk.kept.token = token\n"
    )
    result = shell.run("token")
    assert result.returncode == 70
    assert "internal error: ValueError" in result.stderr
    assert "secret" not in result.stderr
