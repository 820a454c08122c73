"""Neither a keyring nor a service, nor what a terminal answers, is waited for: the first frame is there before them."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.firstframe.test_first_frame import BASE, first_start, kept_frame, textual_comes
from tests.terminal import Terminal

SILENT = "The keyring does not answer"

ANSWERS = "\x1b[?62;4c", "\x1b[?2026;2$y", "\x1b[?2048;0$y", "\x1b]11;rgb:0000/0000/0000\x1b\\"
"""What Textual asks terminals for, and one thing that nobody has asked for."""


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A box whose keyring and whose service take every call and answer none."""
    with ExitStack() as open_ones:
        bus = open_ones.enter_context(socket.socket(socket.AF_UNIX))
        bus.bind(str(tmp_path / "bus"))
        service = open_ones.enter_context(socket.socket())
        service.bind(("127.0.0.1", 0))
        for each in (bus, service):
            each.listen(64)
        yield {
            **BASE,
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path / 'bus'}",
            "KIOSK_KEYRING": "secret-service",
            "KIOSK_API_URL": f"http://127.0.0.1:{service.getsockname()[1]}",
        }


def test_a_keyring_and_a_service_that_do_not_answer(nobody: dict[str, str], tmp_path: Path) -> None:
    with Terminal(["run"], tmp_path, environ=nobody) as it:
        it.see(SILENT)
        assert 0 < it.raw.find(b"Email or username") < it.raw.find(SILENT.encode())
    with Terminal(["run"], tmp_path, environ=nobody) as it:
        it.until(kept_frame(tmp_path))
        assert it.raw.find(kept_frame(tmp_path)) < 60
        it.press("jane")
        it.see(SILENT)
        assert "jane" in it.text


def test_a_terminal_that_answers_late(tmp_path: Path) -> None:
    first_start(tmp_path, {})
    with Terminal(["run"], tmp_path, environ=BASE) as it:
        it.until(kept_frame(tmp_path))
        it.press("jane")
        it.see("jane")
        textual_comes(it)
        it.press(*ANSWERS)
        it.press(".doe")
        assert "jane.doe " in it.see("jane.doe")


def test_a_keyring_that_cannot_be_read(tmp_path: Path) -> None:
    environ = {**BASE, "KIOSK_KEYRING": "sealed-file", "KIOSK_KEYRING_KEY_FILE": str(tmp_path / "key")}
    (tmp_path / "key").mkdir()
    sealed = tmp_path / ".local" / "state" / "kiosk" / "keyring" / "sealed"
    sealed.parent.mkdir(parents=True, mode=0o700)
    sealed.write_bytes(b"nothing that anybody sealed")
    sealed.chmod(0o600)
    first_start(tmp_path, environ)
    with Terminal(["run"], tmp_path, environ=environ) as it:
        it.until(kept_frame(tmp_path))
        assert it.raw.find(kept_frame(tmp_path)) < 60
        it.see("The key of the keyring cannot be read")
