"""A real browser where the site asks for a confirmation: people get in, machines that open every link do not."""

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.real.service_browser import Service, browsing, needs_chromium, page_of, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with browsing() as opened:
        yield opened


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("site"), "number") as opened:
        yield opened


@pytest.fixture(scope="module")
def buttoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("site"), "button") as opened:
        yield opened


@pytest.mark.parametrize("script", [True, False])
def test_the_right_number(numbered: Service, browser: "Browser", script: bool) -> None:
    guid, link = numbered.begin()
    number = numbered.ping(guid)["Number"]
    with page_of(browser, java_script_enabled=script) as page:
        page.goto(link)
        assert "Which number is on Lobby TV?" in page.inner_text("main")
        assert page.locator(".numbers button").count() == 6
        page.click(f"button:text-is('{number}')")
        page.wait_for_selector("main.good")
    assert numbered.signed_in(guid)


@pytest.mark.parametrize("script", [True, False])
def test_a_wrong_number(numbered: Service, browser: "Browser", script: bool) -> None:
    guid, link = numbered.begin()
    number = numbered.ping(guid)["Number"]
    with page_of(browser, java_script_enabled=script) as page:
        page.goto(link)
        wrong = next(each for each in page.locator(".numbers button").all_inner_texts() if each != number)
        page.click(f"button:text-is('{wrong}')")
        page.wait_for_selector("main.bad")
        assert "That was another number" in page.inner_text("main")
        page.goto(link)
        assert "This link has expired" in page.inner_text("main")
    assert numbered.ping(guid)["ErrorCode"] == 1140


@pytest.mark.parametrize("script", [True, False])
def test_the_button(buttoned: Service, browser: "Browser", script: bool) -> None:
    guid, link = buttoned.begin()
    with page_of(browser, java_script_enabled=script) as page:
        page.goto(link)
        page.wait_for_load_state("networkidle")
        assert "Did you ask for this?" in page.inner_text("main")
        assert buttoned.ping(guid)["ErrorCode"] == 1139
        page.click("main button")
        page.wait_for_selector("main.good")
    assert buttoned.signed_in(guid)


def test_the_numbers_are_reached_by_keyboard(numbered: Service, browser: "Browser") -> None:
    guid, link = numbered.begin()
    number = numbered.ping(guid)["Number"]
    with page_of(browser) as page:
        page.goto(link)
        for _ in range(6):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.value") == number:
                page.keyboard.press("Enter")
                break
        page.wait_for_selector("main.good")
    assert numbered.signed_in(guid)


def scan(service: Service, browser: "Browser", link: str, *, submits: bool) -> None:
    """What mail scanners do: fetch it, load it with a real browser and wait, and perhaps press what can be pressed."""
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        client.head(link)
        page = client.get(link).text
        for found in re.findall(r'(?:href|src|action)="([^"]+)"', page):
            client.get(httpx.URL(link).join(found)) if not found.startswith("data:") else None
        client.get(
            f"{service.url}/identity/v2/auth/email/smartlogin",
            params={"apikey": service.running.api_key, "vtoken": link.partition("vtoken=")[2]},
        )
    with page_of(browser) as opened:
        opened.goto(link)
        opened.wait_for_load_state("networkidle")
        if not submits:
            return
        opened.evaluate("document.querySelector('form').submit()")
        opened.wait_for_load_state("networkidle")
        while opened.locator("form button:visible").count():
            opened.locator("form button:visible").first.click()
            opened.wait_for_load_state("networkidle")
            opened.wait_for_selector("main:not(.busy)")


@pytest.mark.parametrize("confirm", ["button", "number"])
def test_a_scanner_signs_nobody_in(confirm: str, buttoned: Service, numbered: Service, browser: "Browser") -> None:
    service = buttoned if confirm == "button" else numbered
    for _ in range(4):
        guid, _ = service.begin()
        mail = service.mails()[0]
        for link in {*mail["links"], *(html.unescape(url) for url in re.findall(r'href="([^"]+)"', mail["html"]))}:
            scan(service, browser, link, submits=confirm == "number")
        assert not service.signed_in(guid)
