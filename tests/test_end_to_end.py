"""The whole way through a pseudo-terminal: the real command, the real service, real bytes."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.service.server import EmbeddedService, Options
from tests.mail import click, newest_mail
from tests.terminal import Terminal


def mailbox_on(screen: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/mailbox", screen)
    assert found, screen
    return found[0]


def test_a_demo_from_the_first_screen_to_the_welcome_and_out(tmp_path: Path) -> None:
    with Terminal(["demo"], tmp_path) as it:
        it.see("Type your email or username")
        it.press("jane", "enter")
        mailbox = mailbox_on(it.see("/mailbox"))
        assert "Check your email" in it.text
        assert "jane" not in it.text.replace("j•••", "")
        mail = newest_mail(mailbox)
        assert mail["to"] == "jane.doe@example.com"
        assert click(mail["links"][0]).json() == {"IsPosted": True, "IsVerified": True}
        it.see("Welcome, Jane", limit=7)
        it.rest(1.0)  # presses in the first moment were meant for the screen before
        it.press("enter")
        assert it.exit_code() == 0
        assert it.restored()
    assert b"Traceback" not in it.raw


def test_two_demos_side_by_side(tmp_path: Path) -> None:
    with Terminal(["demo"], tmp_path) as one, Terminal(["demo"], tmp_path) as two:
        for it, name in ((one, "jane"), (two, "john")):
            it.see("Type your email or username")
            it.press(name, "enter")
        boxes = {mailbox_on(it.see("/mailbox")) for it in (one, two)}
        assert len(boxes) == 2


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_restores_the_terminal(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with Terminal(["demo"], tmp_path) as it:
        it.see("Type your email or username")
        it.process.send_signal(number)
        assert it.exit_code() == code
        assert it.restored()


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_a_terminal_that_cannot_show_full_screens_is_told_what_can(tmp_path: Path, term: str) -> None:
    with Terminal(["demo"], tmp_path, environ={"TERM": term}) as it:
        assert it.exit_code() == 2
        assert "kiosklogin" in "".join(it.text.split())  # a terminal breaks lines anywhere
        assert b"\x1b" not in it.raw


def test_leaving_gives_up(tmp_path: Path) -> None:
    with Terminal(["demo"], tmp_path) as it:
        it.see("Type your email or username")
        it.press("escape")
        assert it.exit_code() == 130
        assert it.restored()


def test_a_box_that_is_not_set_up_says_which_setting(tmp_path: Path) -> None:
    with Terminal(["run"], tmp_path) as it:
        it.see("This box is not set up yet")
        assert "KIOSK_API_KEY" in it.text
        it.press("enter")
        assert it.exit_code() == 78


@contextmanager
def service(store: str, port: str) -> Iterator[subprocess.Popen[bytes]]:
    """`kiosk serve` in a process of its own, listening."""
    command = [sys.executable, "-m", "kiosk", "serve", "--store", store, "--port", port]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        try:
            yield process
        finally:
            process.terminate()


def test_a_service_that_is_killed_while_waiting_and_started_again_still_signs_in(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'attempts.sqlite'}"
    with EmbeddedService(Options(port=0)) as probe:
        port = probe.url.rpartition(":")[2]
    url = f"http://127.0.0.1:{port}"
    with Terminal(["run", "--api-url", url, "--api-key", "demo-key"], tmp_path) as it:
        with service(store, port) as first:
            it.see("Type your email or username")
            it.press("jane.doe@example.com", "enter")
            it.see("Waiting for you")
            link = newest_mail(f"{url}/mailbox")["links"][0]
            first.kill()
            it.see("No connection to the sign-in service", limit=12)
        with service(store, port) as second:
            click(link)
            it.see("Welcome, Jane", limit=35)
    assert second.returncode == 0


def test_a_crash_page_shows_no_values(tmp_path: Path) -> None:
    crash = tmp_path / "sitecustomize.py"
    crash.write_text(
        "import os\n"
        "if os.environ.get('CRASH'):\n"
        "    from kiosk.screens.waiting import WaitingScreen\n"
        "    def draw(self, state):\n"
        "        secret = state.identifier.value\n"
        "        raise ValueError(secret)\n"
        "    WaitingScreen.draw = draw\n"
    )
    with Terminal(["demo"], tmp_path, environ={"CRASH": "1", "PYTHONPATH": str(tmp_path)}) as it:
        it.see("Type your email or username")
        it.press("jane.doe@example.com", "enter")
        assert it.exit_code() == 70
        assert it.restored()
        after = it.raw[it.raw.rfind(b"\x1b[?1049l") :]
        assert b"internal error: ValueError" in after
        assert b"jane.doe" not in after


@pytest.mark.parametrize(
    ("module", "place", "values"),
    [
        ("kiosk.signin.waiting", "_Vigil._on_ping", "args[0]._attempt.identifier.value"),
        ("kiosk.signin.waiting", "_ask", "args[1]"),
        ("kiosk.signin.entering", "request_login", "args[1].identifier.value"),
    ],
    ids=["in a step", "in a ping", "in a request"],
)
def test_a_bug_inside_the_flow_ends_in_a_page_without_values(
    tmp_path: Path, module: str, place: str, values: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os\n"
        "if os.environ.get('CRASH'):\n"
        f"    import {module} as module\n"
        "    async def bug(*args):\n"
        f"        raise LookupError('jane.doe', {values})\n"
        f"    module.{place} = bug\n"
    )
    with Terminal(["demo"], tmp_path, environ={"CRASH": "1", "PYTHONPATH": str(tmp_path)}) as it:
        it.see("Type your email or username")
        it.press("jane.doe@example.com", "enter")
        assert it.exit_code(limit=30) == 70
        assert it.restored()
        after = it.raw[it.raw.rfind(b"\x1b[?1049l") :].decode()
        assert "internal error: LookupError" in after
        assert ".py:" in after, "it says where"
        assert "jane" not in after
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-4", after), "no GUID either"
        assert "Traceback" not in after


def _signed_in(it: Terminal, name: str = "jane") -> None:
    it.see("Type your email or username")
    it.press(name, "enter")
    click(newest_mail(mailbox_on(it.see("/mailbox")))["links"][0])


PROGRAM = """
echo PROGRAM RUNS
test "$(cat /dev/fd/$KIOSK_TOKEN_FD | wc -c)" -eq 36 && echo TOKEN READ
read line
exit "$line"
"""


def test_the_program_gets_the_terminal_and_gives_it_back(tmp_path: Path) -> None:
    with Terminal(["demo", "--start-seconds", "1", "--", "sh", "-c", PROGRAM], tmp_path) as it:
        _signed_in(it)
        it.see("TOKEN READ")
        it.raw = b""
        it.press("0\n")
        it.until(b"Continue")
        it.press("enter")  # Continue: once more
        it.see("PROGRAM RUNS")
        it.press("3\n")
        it.see("The program ended with an error (code 3).")
        it.hang_up()
        assert it.exit_code() == 129
        assert it.restored()


def test_a_program_that_leaves_the_terminal_in_disorder_spoils_no_screen(tmp_path: Path) -> None:
    """Lines for letters, places counted from the middle of the screen, reports of the mouse: as if it was killed."""
    disorder = r"printf '\033(0\033[5;10r\033[?6h\033[?1003h\033[4h'; read line"
    with Terminal(["demo", "--start-seconds", "1", "--", "sh", "-c", disorder], tmp_path) as it:
        _signed_in(it)
        it.until(b"\x1b[?1003h")
        it.raw = b""
        it.press("\n")
        it.until(b"Continue")
        it.rest(1)
        assert it.screen.display[2].split() == ["Welcome", "the", "demo", "screen"]
        assert it.text.count("Welcome, Jane") == 1
        assert "▶ Continue ◀" in it.text
        after = it.raw[: it.raw.index(b"\x1b[?1049h")]
        assert b"\x1b(B" in after, "the second screen's letters are those of the first, and given back with it"
        assert b"\x1b[?1003l" in after


def test_a_signal_ends_the_program_first(tmp_path: Path) -> None:
    script = "trap 'echo ENDED KINDLY; exit' TERM; echo PROGRAM RUNS; while :; do sleep 0.1; done"
    with Terminal(["demo", "--start-seconds", "1", "--", "sh", "-c", script], tmp_path) as it:
        _signed_in(it)
        it.see("PROGRAM RUNS")
        it.process.terminate()
        assert it.exit_code() == 143
        assert b"ENDED KINDLY" in it.raw
        assert it.restored()


def test_a_program_that_does_not_exist_is_said_on_the_welcome(tmp_path: Path) -> None:
    with Terminal(["demo", "--start-seconds", "1", "--", "/nowhere/player"], tmp_path) as it:
        _signed_in(it)
        it.see("The program could not be started.")
        it.process.terminate()
        assert it.exit_code() == 143


def test_a_token_file_without_a_place_is_a_matter_of_configuration(tmp_path: Path) -> None:
    with Terminal(["demo", "--token-by", "file", "--", "true"], tmp_path) as it:
        assert it.exit_code() == 78
        assert "token_by (--token-by) file needs XDG_RUNTIME_DIR" in it.text


def test_the_program_signs_out(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    keyring = ["--keyring", "sealed-file", "--keyring-key-file", str(tmp_path / "key")]
    logout = f"{sys.executable} -m kiosk token | wc -c; {sys.executable} -m kiosk logout; sleep 1"
    with Terminal(["demo", "--start-seconds", "1", *keyring, "--", "sh", "-c", logout], tmp_path) as it:
        _signed_in(it)
        it.until(b"signed out")
        it.see("You are signed out.")
        assert b"37" in it.raw
