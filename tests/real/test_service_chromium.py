"""A real browser opens the login link: the hosted page verifies by itself and says what came of it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.real.service_browser import Service, browsing, needs_chromium, page_of, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with browsing() as opened:
        yield opened


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    with page_of(browser) as opened:
        yield opened


def said(page: "Page", kind: str) -> str:
    """What the page says once it looks like that."""
    page.wait_for_selector(f"main.{kind}")
    return page.inner_text("main")


def test_the_page_verifies_by_itself_and_once(service: Service, page: "Page") -> None:
    guid, link = service.begin()
    page.goto(link)
    assert "You are signed in on Lobby TV" in said(page, "good")
    assert page.title() == "You are signed in on Lobby TV"
    assert service.signed_in(guid)
    page.goto(link)
    assert "This link was used already" in said(page, "bad")


def test_the_page_explains_what_went_wrong(service: Service, page: "Page") -> None:
    for path in ("/auth.aspx?vtype=smartlogin&vtoken=nonsense", "/auth", "/AUTH?vtoken=%ff"):
        page.goto(service.url + path)
        assert "This link is not valid" in said(page, "bad")
    _, link = service.begin("mfa@example.com")
    page.goto(link)
    refused = said(page, "bad")
    assert "You cannot be signed in" in refused
    assert "Code 1176" in refused


def test_an_expired_link(service: Service, page: "Page") -> None:
    guid, link = service.begin()
    service.let_links_expire()
    page.goto(link)
    assert "This link has expired" in said(page, "bad")
    assert not service.signed_in(guid)


def test_without_a_script_the_form_does_it(service: Service, browser: "Browser") -> None:
    guid, link = service.begin()
    with page_of(browser, java_script_enabled=False, locale="de") as page:
        page.goto(link)
        assert "Anmelden: Lobby TV" in page.inner_text("main")
        assert not service.signed_in(guid)
        page.click("button")
        assert "Sie sind angemeldet: Lobby TV" in said(page, "good")
    assert service.signed_in(guid)


def test_the_way_on_is_shown_and_then_followed(service: Service, page: "Page") -> None:
    _, link = service.begin(redirecturl="https://www.example.com/welcome")
    page.route("https://www.example.com/**", lambda route: route.fulfill(body="the way on"))
    page.clock.install()
    page.goto(link)
    assert "Continue to www.example.com" in said(page, "good")
    page.clock.fast_forward(4_100)
    page.wait_for_url("https://www.example.com/welcome")


def test_without_a_script_the_way_on_is_followed_too(service: Service, browser: "Browser") -> None:
    _, link = service.begin(redirecturl=f"{service.url}/healthz")
    with page_of(browser, java_script_enabled=False) as page:
        page.goto(link)
        page.click("button")
        assert "Continue to 127.0.0.1" in said(page, "good")
        page.click("a.button")
        page.wait_for_url("**/healthz")


def test_a_redirect_to_strangers_is_not_followed(service: Service, page: "Page") -> None:
    _, link = service.begin(redirecturl="https://evil.example\\@www.example.com/")
    page.goto(link)
    assert "Continue" not in said(page, "good")


def test_without_a_connection_the_page_offers_to_try_again(service: Service, page: "Page") -> None:
    guid, link = service.begin()
    page.route("**/auth?*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.goto(link)
    assert "No connection" in said(page, "again")
    page.unroute("**/auth?*")
    page.click("main button")
    assert "You are signed in" in said(page, "good")
    assert service.signed_in(guid)


def test_a_gateway_that_answers_nonsense_is_no_connection(service: Service, page: "Page") -> None:
    _, link = service.begin()
    page.route(
        "**/auth?*",
        lambda route: (
            route.fulfill(status=502, body="<h1>Bad gateway</h1>")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    page.goto(link)
    assert "No connection" in said(page, "again")


def test_without_its_script_file_the_page_offers_a_button(service: Service, page: "Page") -> None:
    guid, link = service.begin()
    page.route("**/auth.js", lambda route: route.abort())
    page.goto(link)
    assert "Press the button to sign in" in page.inner_text("main")
    page.click("button")
    assert "You are signed in" in said(page, "good")
    assert service.signed_in(guid)


@pytest.mark.parametrize(
    ("language", "words"), [("de-AT", "Sie sind angemeldet"), ("ja", "サインインしました"), ("nl", "signed in")]
)
def test_it_speaks_the_language_of_the_browser(service: Service, browser: "Browser", language: str, words: str) -> None:
    _, link = service.begin()
    with page_of(browser, locale=language) as page:
        page.goto(link)
        assert words in said(page, "good")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_is_readable(service: Service, browser: "Browser", scheme: str) -> None:
    _, link = service.begin()
    with page_of(browser, color_scheme=scheme, viewport={"width": 320, "height": 568}, locale="de") as page:
        page.goto(link)
        said(page, "good")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert float(page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) >= 16


def test_the_mailbox_shows_a_mail_that_comes_later(service: Service, page: "Page") -> None:
    httpx.delete(f"{service.running.mailbox_url}/messages", trust_env=False)
    page.goto(service.running.mailbox_url)
    assert "No mail yet" in page.inner_text("main")
    service.begin()
    page.wait_for_selector("article")
    assert "jane.doe@example.com" in page.inner_text("article")
    page.click("summary:has-text('HTML')")
    frame = page.frame_locator("iframe")
    assert re.search("Sign in", frame.locator("a").first.inner_text())
    sandbox = page.get_attribute("iframe", "sandbox") or ""
    assert "allow-scripts" not in sandbox
    assert "allow-same-origin" not in sandbox
