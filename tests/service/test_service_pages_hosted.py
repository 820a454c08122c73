"""The hosted page: size, languages, the way on, and what strangers send it."""

import re
from dataclasses import replace

import httpx
import pytest

from kiosk.service.languages import LANGUAGES, words
from kiosk.service.pages.assets import asset
from kiosk.service.redirects import allowed_redirect
from kiosk.service.sample import sample_site
from kiosk.service.site import Confirm
from tests.service.world import PUBLIC_URL, World, code, world

HOSTS = ("www.example.com", "[::1]")
WAY_ON = "https://www.example.com/welcome?a=1&b=%22"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("confirm", ["none", "button", "number"])
async def test_all_told_it_stays_small(confirm: Confirm, language: str) -> None:
    async with world(replace(sample_site(), confirm=confirm)) as demo:
        await demo.begin()
        page = await demo.http.get(await demo.link(), headers={"Accept-Language": language})
        loaded = [
            page,
            *[await demo.http.get(f"/{name}") for name in re.findall(r'(?:href|src)="([\w.]+)"', page.text)],
        ]
        assert len(loaded) == 3
        done = await demo.http.post(await demo.link())
        assert sum(len(answer.content) for answer in (*loaded, done)) < 15_000


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_can_be_read() -> None:
    schemes = re.findall(r"(?s):root \{.*?\}", asset("page.css"))
    assert len(schemes) == 2
    for scheme in schemes:
        colour = dict(re.findall(r"--([\w-]+): (#\w{6});", scheme))
        for name in ("ink", "soft", "act", "good", "bad"):
            for ground in ("paper", "card"):
                assert contrast(colour[name], colour[ground]) >= 4.5, (name, ground)
        for ground in ("act", "hover"):
            assert contrast(colour["on-act"], colour[ground]) >= 4.5
        for ground in ("paper", "card"):
            assert contrast(colour["edge"], colour[ground]) >= 3, "the edge of a control"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_moment_in_every_language(demo: World, language: str) -> None:
    spoken, headers = words(language), {"Accept-Language": f"nl, {language};q=0.9, en;q=0.5"}
    await demo.begin()
    link = await demo.link()
    screen = demo.site.screen_name
    moments = [
        (await demo.http.get(link, headers=headers), "page.ask_title"),
        (await demo.http.post(link, headers=headers), "page.good_title"),
        (await demo.http.post(link, headers=headers), "page.used_title"),
        (await demo.http.post("/auth?vtoken=x", headers=headers), "page.invalid_title"),
    ]
    for answer, key in moments:
        assert f'<html lang="{language}">' in answer.text
        assert f"<h1>{spoken(key, screen=screen)}</h1>".replace("'", "&#x27;") in answer.text
        assert answer.headers["content-language"] == language
        assert "accept-language" in answer.headers["vary"]


async def test_who_prefers_none_of_them_gets_the_language_of_the_site() -> None:
    async with world(replace(sample_site(), language="fr")) as french:
        for header in ("nl", "", "\xff\xfe", "*;q=-1", "x" * 20_000):
            page = await french.http.get("/auth", headers=[(b"Accept-Language", header.encode("latin-1"))])
            assert 'lang="fr"' in page.text
        await french.begin()
        assert (await french.mails())[0]["subject"] == "Se connecter sur the demo screen"


async def test_nothing_inline_and_nothing_from_elsewhere(demo: World) -> None:
    await demo.begin()
    pages = [await demo.http.get(await demo.link()), await demo.http.post(await demo.link())]
    for page in pages:
        assert "unsafe" not in page.headers["content-security-policy"]
        assert re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=|//", page.text) is None
        assert demo.site.api_key not in page.text


async def test_the_way_on_after_success() -> None:
    async with world(replace(sample_site(), redirect_hosts=HOSTS)) as demo:
        for url, followed in ((WAY_ON, True), ("https://evil.example/", False), ("javascript:alert(1)", False)):
            await demo.call("login/smartlogin", email="jane.doe@example.com", clientguid=url, redirecturl=url)
            link = await demo.link()
            assert "example.com/welcome" not in (await demo.http.get(link)).text, "not before success"
            page = (await demo.http.post(link)).text
            escaped = url.replace("&", "&amp;")
            assert (f'<a class="button" href="{escaped}" rel="noreferrer" data-go>' in page) is followed
            assert (f'<meta http-equiv="refresh" content="4;url={escaped}">' in page) is followed
            assert ("Continue to www.example.com" in page) is followed
            assert "example.com/welcome" not in (await demo.http.post(link)).text, "not after failure"


@pytest.mark.parametrize("url", [WAY_ON, "http://www.example.com", "https://WWW.Example.com:8443/x", "https://[::1]/"])
def test_allowed_redirects(url: str) -> None:
    hosts = ("www.example.com", "::1")
    assert allowed_redirect(url, hosts) == url


@pytest.mark.parametrize(
    "url",
    [
        "", "www.example.com", "//www.example.com", "https:www.example.com", "https:///www.example.com",
        "https://evil.example/www.example.com", "https://www.example.com.evil.example", "https://evil-www.example.com",
        "https://evil.example\\@www.example.com/", "https://www.example.com\\@evil.example/",
        "https://evil.example@www.example.com/", "https://www.example.com@evil.example/",
        "https://www.example.com:x/", "https://www.example.com:0/", "https://[::1", "https://www.example.com./",
        "javascript://www.example.com/%0aalert(1)", "data:text/html,www.example.com", "ftp://www.example.com",
        "https://www.example.com/\r\nX: y", "https://www.example.com/\0", "https://www.example.com/ x",
        "https://www.example.com/\u202e", "\thttps://www.example.com/", "https://www.example.com/" + "x" * 2_000,
        "https://www。example。com", "https://\uff57ww.example.com/", "https://www.example.com\u2100/",
    ],
)  # fmt: skip
def test_redirects_that_lead_elsewhere(url: str) -> None:
    assert allowed_redirect(url, ("www.example.com", "::1")) == ""


@pytest.mark.parametrize("confirm", ["none", "button", "number"])
@pytest.mark.parametrize(
    "query",
    [
        b"vtoken=" + b"x" * 60_000,
        b"vtoken=" + b"%F0%9F%98%80" * 5_000,
        b"&".join(b"vtoken%d=1" % number for number in range(1_000)),
        b"vtoken=%ff%fe%00&vtype=%80",
        b"vtoken=<script>alert(1)</script>&vtype='\"><b>",
        b"vtoken=%22%3E%3Cb%3E",
        b"%%%&&&===;;;",
        b"vtoken=" + b"0" * 32,
    ],
    ids=range(8),
)
async def test_what_strangers_send(confirm: Confirm, query: bytes) -> None:
    async with world(replace(sample_site(), confirm=confirm)) as demo:
        url = httpx.URL(f"{PUBLIC_URL}/auth").copy_with(query=query)
        for method in ("GET", "POST"):
            page = await demo.http.request(method, url)
            if method == "POST" or confirm != "none":
                assert (page.status_code, "not valid" in page.text) == (403, True)
            assert len(page.content) < 6_000, "nothing comes back"
            assert "<b>" not in page.text
            assert "alert(1)" not in page.text


async def test_a_million_bytes_in_a_form_are_not_read(demo: World) -> None:
    guid = await demo.begin()
    answer = await demo.http.post("/auth?vtoken=x", content=b"number=" + b"4" * 1_000_000)
    assert answer.status_code == 403
    assert code(await demo.ping(guid)) == (403, 1139)
