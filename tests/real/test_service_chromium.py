"""A real browser opens the login link: the hosted page verifies by itself and says what came of it."""

import html
import re
import shutil
import subprocess
import threading
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import httpx
import pytest

from kiosk.service.server import EmbeddedService, Options

_CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(not _CHROMIUM, reason="chromium is not installed")

Browser = Callable[[str], str]


@pytest.fixture(scope="module")
def service() -> Iterator[EmbeddedService]:
    with EmbeddedService(Options(port=0)) as running:
        yield running


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """Loads a page, lets its script run, and returns what is on it then."""

    def load(url: str) -> str:
        shown = run(tmp_path, "--dump-dom", url)
        return html.unescape(re.sub(r"<[^>]*>", " ", shown))

    return load


def run(folder: Path, *arguments: str) -> str:
    """Run the browser once; its own requests to the world are switched off."""
    command = [
        str(_CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
        f"--user-data-dir={folder}/profile", "--virtual-time-budget=4000", *arguments,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout


def call(service: EmbeddedService, path: str, **parameters: str) -> httpx.Response:
    url = f"{service.url}/identity/v2/auth/{path}"
    return httpx.get(url, params={"apikey": service.api_key, **parameters}, trust_env=False)


def begin(service: EmbeddedService, email: str = "jane.doe@example.com") -> tuple[str, str]:
    """Begin a login attempt; return its client GUID and login link."""
    guid = str(uuid.uuid4())
    assert call(service, "login/smartlogin", email=email, clientguid=guid).status_code == 200
    return guid, httpx.get(f"{service.mailbox_url}/messages", trust_env=False).json()[0]["links"][0]


def test_the_page_verifies_by_itself_and_once(service: EmbeddedService, browser: Browser) -> None:
    guid, link = begin(service)
    page = browser(link)
    assert "You are signed in on the demo screen" in page
    assert "You can go back to your screen" in page
    assert call(service, "login/smartlogin/ping", clientguid=guid).json()["Profile"]["FirstName"] == "Jane"
    assert "This link was used already" in browser(link)


def test_the_page_explains_what_went_wrong(service: EmbeddedService, browser: Browser) -> None:
    assert "This link is not valid" in browser(f"{service.url}/auth.aspx?vtype=smartlogin&vtoken=nonsense")
    assert "This link is not valid" in browser(f"{service.url}/auth")
    _, link = begin(service, "mfa@example.com")
    refused = browser(link)
    assert "You cannot be signed in" in refused
    assert "Code 1176" in refused


def test_the_mailbox_shows_a_mail_that_comes_later(service: EmbeddedService, browser: Browser) -> None:
    httpx.delete(f"{service.mailbox_url}/messages", trust_env=False)
    assert "No mail yet" in browser(service.mailbox_url)
    begin(service, "yuki.tanaka@example.com")
    assert "yuki.tanaka@example.com" in browser(service.mailbox_url)


class HalfService(BaseHTTPRequestHandler):
    """Serves the page, its style and perhaps its script, and hangs up on every call."""

    pages: ClassVar[dict[str, bytes]] = {}

    def do_GET(self) -> None:
        body = self.pages.get(self.path.partition("?")[0])
        if body is None:
            self.close_connection = True
            return
        self.send_response(200)
        kind = {"js": "text/javascript", "css": "text/css"}.get(self.path.rpartition(".")[2], "text/html")
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def half_service(service: EmbeddedService) -> Iterator[str]:
    """The page of the service, with nothing behind it; without its script when that is removed from `pages`."""
    HalfService.pages = {
        path: httpx.get(service.url + path, trust_env=False).content for path in ("/auth", "/auth.js", "/page.css")
    }
    with ThreadingHTTPServer(("127.0.0.1", 0), HalfService) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_without_a_connection_the_page_offers_to_try_again(half_service: str, browser: Browser) -> None:
    page = browser(f"{half_service}/auth?vtype=smartlogin&vtoken=x")
    assert "No connection" in page
    assert "Try again" in page


def test_without_its_script_the_page_offers_a_button(half_service: str, browser: Browser) -> None:
    del HalfService.pages["/auth.js"]
    page = browser(f"{half_service}/auth?vtype=smartlogin&vtoken=x")
    assert "Press the button to sign in" in page
    assert "Try again" not in page
