"""A running service and a real browser (Playwright for Python with Debian's Chromium) for the tests that need both."""

import shutil
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.service.server import EmbeddedService, Options

CHROMIUM = shutil.which("chromium")
try:
    from playwright.sync_api import Browser, Page, sync_playwright

    _MISSING = "" if CHROMIUM else "chromium is not installed"
except ImportError:  # the extra `dev` brings it
    _MISSING = "playwright is not installed"

needs_chromium = pytest.mark.skipif(bool(_MISSING), reason=_MISSING)

_SITE = """
name = "Lobby & Café"
api_key = "browser-key"
api_secret = "browser-secret"
device_name = "Lobby TV"
confirm = "{confirm}"
requests_per_second = 0
redirect_hosts = ["127.0.0.1", "www.example.com"]
mail_limit = {{ mails = 1000 }}
[[accounts]]
email = "jane.doe@example.com"
first_name = "Jane"
last_name = "Doe"
[[accounts]]
email = "mfa@example.com"
refuse = 1176
"""


@dataclass
class Service:
    """A service, seen by a device."""

    running: EmbeddedService
    file: Path

    @property
    def url(self) -> str:
        return self.running.url

    def call(self, path: str, **parameters: str) -> httpx.Response:
        url = f"{self.url}/identity/v2/auth/{path}"
        return httpx.get(url, params={"apikey": self.running.api_key, **parameters}, trust_env=False)

    def begin(self, email: str = "jane.doe@example.com", **more: str) -> tuple[str, str]:
        """Begin a login attempt; return its client GUID and login link."""
        guid = str(uuid.uuid4())
        assert self.call("login/smartlogin", email=email, clientguid=guid, **more).status_code == 200
        return guid, str(self.mails()[0]["links"][0])

    def mails(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"{self.running.mailbox_url}/messages", trust_env=False).json()
        return found

    def ping(self, guid: str) -> dict[str, Any]:
        body: dict[str, Any] = self.call("login/smartlogin/ping", clientguid=guid).json()
        return body

    def let_links_expire(self) -> None:
        """Move the end of all links into the past: time in a running service cannot be moved."""
        with closing(sqlite3.connect(self.file)) as db, db:
            db.execute("UPDATE attempts SET expires = ?", (time.time() - 1,))

    def signed_in(self, guid: str) -> bool:
        return "access_token" in self.ping(guid)


@contextmanager
def running(folder: Path, confirm: str = "none") -> Iterator[Service]:
    """Run a service whose page asks for that confirmation."""
    site, store = folder / "site.toml", folder / "store.db"
    site.write_text(_SITE.format(confirm=confirm), encoding="utf-8")
    with EmbeddedService(Options(port=0, site=site, store=f"sqlite:///{store}")) as service:
        yield Service(service, store)


@contextmanager
def browsing() -> Iterator["Browser"]:
    """Run a browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--no-proxy-server", "--disable-background-networking"],
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page_of(browser: "Browser", **options: Any) -> Iterator["Page"]:
    """Open a page of a person of its own; whatever it asks of others than this machine is a failure."""
    context = browser.new_context(**{"locale": "en", "viewport": {"width": 390, "height": 700}, **options})
    page = context.new_page()
    strangers: list[str] = []
    page.on("request", lambda request: _note(strangers, request.url))
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
        assert strangers == []
        assert complaints == []
    finally:
        context.close()


def _note(strangers: list[str], url: str) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "https://www.example.com/")):
        strangers.append(url)
