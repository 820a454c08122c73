"""The whole way with a real browser: the link of the mail, opened in Chromium, signs the screen in."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest

from kiosk.smartlogin.pace import INTERVAL
from tests.mail import newest_mail
from tests.terminal import Terminal
from tests.test_end_to_end import mailbox_on

QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=5000", "--dump-dom",
]  # fmt: skip


@pytest.mark.skipif(shutil.which("chromium") is None, reason="Debian's chromium is not installed (CI installs it)")
def test_the_link_opened_in_a_browser_signs_the_screen_in(tmp_path: Path) -> None:
    with Terminal(["demo"], tmp_path) as it:
        it.see("Type your email or username")
        it.press("jane.doe@example.com", "enter")
        link = newest_mail(mailbox_on(it.see("/mailbox")))["links"][0]
        page = subprocess.run(
            ["chromium", *QUIET, f"--user-data-dir={tmp_path / 'profile'}", link],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        clicked = time.monotonic()
        assert "You can go back to your screen" in page.stdout
        it.see("Welcome, Jane")
        assert time.monotonic() - clicked <= INTERVAL + 1
