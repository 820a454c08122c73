"""A visitor's browser: the app as `textual-serve` starts it, over pipes and without a terminal."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

from kiosk.settings.loading import load_settings
from kiosk.tty.terminal import BROWSER_DRIVER
from kiosk.wiring import alone

ROOT = Path(__file__).parents[2]
LIMIT = 30.0


def test_a_browser_is_drawn_to_and_keeps_nothing_in_the_keyring_of_the_server(tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TEXTUAL_DRIVER": BROWSER_DRIVER,
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "COLUMNS": "80",
        "ROWS": "24",
        "KIOSK_KEYRING": "no.such.Keyring",  # would end in words on the screen, were it asked for
    }
    command = [sys.executable, "-m", "kiosk", "demo"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ, cwd=ROOT
    ) as visitor:
        assert visitor.stdout
        sent = b""
        end = time.monotonic() + LIMIT
        while b"Type your email" not in sent:
            assert select.select([visitor.stdout], [], [], max(0, end - time.monotonic()))[0], sent
            data = os.read(visitor.stdout.fileno(), 65536)
            assert data, sent
            sent += data
        visitor.terminate()
        assert visitor.wait(LIMIT) == 143
    assert b"__GANGLION__" in sent
    assert b"keyring" not in sent.lower()


def test_whatever_the_settings_say() -> None:
    settings = alone(load_settings({"keyring": "secret-service"}, {}, None))
    assert (settings.text("keyring"), settings.sources["keyring"]) == ("off", "browser")
