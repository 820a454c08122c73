"""A box in a living room: the app in a terminal, its sealed keyring, the service, and somebody with a remote."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.powercut.keyring import FOLDER, ORDER
from tests.powercut.proxy import Proxy
from tests.terminal import Terminal

JANE = "jane.doe@example.com"
SITE = f"""name = "Power"
api_key = "demo-key"
api_secret = "demo-secret"
access_token_minutes = 2
requests_per_second = 0
[mail_limit]
mails = 1000000
[[accounts]]
email = "{JANE}"
first_name = "Jane"
"""
LIMIT = 40.0
"""Seconds for anything to come: far more than it takes, however busy the machine is."""

ENTRY, WAITING, WELCOME = "Type your email or username", "Check your email", "Welcome, Jane"


@contextmanager
def service(folder: Path) -> Iterator[str]:
    """`kiosk serve` in a process of its own; its address."""
    site = folder / "site.toml"
    site.write_text(SITE)
    command = [sys.executable, "-m", "kiosk", "serve", "--port", "0", "--site", str(site)]
    command += ["--store", f"sqlite:///{folder / 'site.sqlite'}"]
    with (
        (folder / "service.log").open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log) as process,
    ):
        assert process.stdout is not None
        try:
            yield next(
                word for word in process.stdout.readline().decode().split() if word.startswith("http://")
            ).rstrip(".,")
        finally:
            process.terminate()


class Box:
    """One box and its person."""

    def __init__(self, folder: Path, service_url: str, proxy: Proxy, **settings: str) -> None:
        self.proxy = proxy
        self._folder = folder
        self._mailbox = f"{service_url}/mailbox"
        self._settings = settings
        self._running: Terminal | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.proxy.open.set()
        self.off()

    @property
    def screen(self) -> Terminal:
        assert self._running is not None
        return self._running

    def on(self) -> None:
        """Power."""
        self._running = Terminal(
            [],
            self._folder,
            module="tests.powercut.app",
            environ={
                FOLDER: str(self._folder),
                "PYTHONPATH": os.pathsep.join(sys.path),
                "KIOSK_API_URL": self.proxy.url,
                "KIOSK_API_KEY": "demo-key",
                "KIOSK_KEYRING": "tests.powercut.keyring.DyingKeyring",
                "KIOSK_WAIT_MINUTES": "60",
                "KIOSK_IDLE_MINUTES": "0",
                "TEXTUAL_ANIMATIONS": "none",
                **self._settings,
            },
        )

    def off(self) -> None:
        """No power, from one moment to the next."""
        if self._running is not None:
            self._running.__exit__(None, None, None)
            self._running = None

    def pull(self) -> None:
        """The same, from a thread of the proxy: SIGKILL, and seen to have ended."""
        self.screen.process.kill()
        self.screen.process.wait()

    def order(self, what: str) -> None:
        """Have the keyring pull the plug: `set|delete session|pending before|after`."""
        (self._folder / ORDER).write_text(what, "utf-8")

    def died(self) -> None:
        """Wait until the plug was pulled, and clear away."""
        end = time.monotonic() + LIMIT
        while self.screen.process.poll() is None:
            assert time.monotonic() < end, f"nobody pulled the plug; on the screen:\n{self.screen.text}"
            self.screen.read()
        assert self.screen.process.returncode == -9, self.screen.text
        self.off()

    def see(self, words: str) -> None:
        self.screen.see(words, limit=LIMIT)

    def press_until(self, keys: list[str], words: str) -> None:
        """Press as somebody does who sees that nothing happened yet."""
        end = time.monotonic() + LIMIT
        while words not in self.screen.text:
            assert time.monotonic() < end, f"{words!r} never came; on the screen:\n{self.screen.text}"
            self.screen.press(*keys)
            with suppress(AssertionError):
                self.screen.see(words, limit=1.0)

    def type(self) -> None:
        """Ask for a link."""
        self.see(ENTRY)
        self.screen.press(JANE, "enter")

    def wait(self) -> None:
        """Ask for a link, and see that it is out."""
        self.type()
        self.see("Waiting for you")

    @property
    def mails(self) -> int:
        """How many were sent since the last `clear`."""
        return len(httpx.get(f"{self._mailbox}/messages", trust_env=False).json())

    def links(self, count: int = 1) -> list[str]:
        """The links in the mails that came since then, the oldest first; waits for so many."""
        end = time.monotonic() + LIMIT
        while self.mails < count:
            assert time.monotonic() < end, "no mail came"
            time.sleep(0.02)
        mails = httpx.get(f"{self._mailbox}/messages", trust_env=False).json()
        return [mail["links"][0] for mail in sorted(mails, key=lambda mail: mail["id"])]

    def clear(self) -> None:
        """Forget what was mailed."""
        httpx.delete(f"{self._mailbox}/messages", trust_env=False).raise_for_status()
