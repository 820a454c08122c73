"""The hosted page where the site asks for a confirmation: what counts as one, and what a scanner cannot do."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from kiosk.service.confirmation import Confirmation
from kiosk.service.pages.numbers import offered
from kiosk.service.sample import sample_site
from kiosk.service.site import Confirm
from kiosk.service.tokens import new_verification_token
from tests.service.world import World, code, world


@pytest.fixture
async def numbered(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A site that asks for the number on the screen."""
    if "each_store" in request.fixturenames:
        request.getfixturevalue("each_store")  # before the world opens
    async with world(replace(sample_site(), confirm="number", requests_per_second=0)) as opened:
        yield opened


@pytest.fixture
async def buttoned() -> AsyncIterator[World]:
    """A site that asks for a press of a button."""
    async with world(replace(sample_site(), confirm="button", requests_per_second=0)) as opened:
        yield opened


async def shown(demo: World, guid: str) -> str:
    """The number on the screen."""
    answer = await demo.ping(guid)
    assert code(answer) == (403, 1139)
    return str(answer.json()["Number"])


def numbers_on(page: str) -> list[str]:
    return re.findall(r'name="number" value="(\d\d)"', page)


def press(demo: World, link: str, **field: str) -> "asyncio.Future[httpx.Response]":
    return asyncio.ensure_future(demo.http.post(link, data=field))


@pytest.mark.usefixtures("each_store")
async def test_the_right_number_signs_in(numbered: World) -> None:
    guid = await numbered.begin()
    link, number = await numbered.link(), await shown(numbered, guid)
    page = (await numbered.http.get(link)).text
    assert number in numbers_on(page)
    assert "Which number is on the demo screen?" in page
    done = await press(numbered, link, number=number)
    assert (done.status_code, "You are signed in" in done.text) == (200, True)
    assert (await numbered.ping(guid)).status_code == 200
    again = await numbered.http.get(link)
    assert (again.status_code, "used already" in again.text) == (403, True)


@pytest.mark.usefixtures("each_store")
async def test_a_wrong_number_ends_the_link(numbered: World) -> None:
    guid = await numbered.begin()
    link, number = await numbered.link(), await shown(numbered, guid)
    wrong = next(each for each in numbers_on((await numbered.http.get(link)).text) if each != number)
    told = await press(numbered, link, number=wrong)
    assert (told.status_code, "That was another number" in told.text) == (403, True)
    late = await press(numbered, link, number=number)
    assert (late.status_code, "has expired" in late.text) == (403, True)
    assert code(await numbered.ping(guid)) == (403, 1140), "the screen offers a new link"


@pytest.mark.usefixtures("each_store")
async def test_of_all_numbers_at_once_the_first_decides(numbered: World) -> None:
    for _ in range(5):
        guid = await numbered.begin()
        link = await numbered.link()
        numbers = numbers_on((await numbered.http.get(link)).text)
        answers = await asyncio.gather(*(press(numbered, link, number=number) for number in numbers))
        assert answers[0].status_code == 403
        assert "another number" in answers[0].text
        assert [answer.status_code for answer in answers] == [403] * 6
        assert code(await numbered.ping(guid)) == (403, 1140)


@pytest.mark.parametrize(
    "body",
    [b"", b"number=", b"number=4", b"number=471", b"number=%00", b"number=\xff\xfe", b"number=\xd9\xa4\xd9\xa7",
     b"number=47&number=48", b"confirm=yes", b"x" * 100_000, b"number=" + b"4" * 100_000, b"&&==&%"],
)  # fmt: skip
async def test_what_is_no_pick_changes_nothing(numbered: World, body: bytes) -> None:
    guid = await numbered.begin()
    link, number = await numbered.link(), await shown(numbered, guid)
    header = {"content-type": "application/x-www-form-urlencoded"}
    asked = await numbered.http.post(link, content=body, headers=header)
    assert (asked.status_code, len(numbers_on(asked.text))) == (200, 6)
    assert (await press(numbered, link, number=number)).status_code == 200


async def test_the_call_needs_the_number_too(numbered: World) -> None:
    guid = await numbered.begin()
    token, number = await numbered.token(), await shown(numbered, guid)
    missing = await numbered.verify(token)
    assert code(missing) == (403, 908)
    assert missing.json()["Errors"][0]["FieldName"] == "number"
    done = await numbered.call("email/smartlogin", verificationtoken=token, Number=number)
    assert done.json() == {"IsPosted": True, "IsVerified": True}
    await numbered.begin()
    wrong = await numbered.call("email/smartlogin", verificationtoken=await numbered.token(), number="01")
    assert code(wrong) == (403, 979)


async def test_the_button_signs_in(buttoned: World) -> None:
    guid = await buttoned.begin()
    link = await buttoned.link()
    page = (await buttoned.http.get(link)).text
    assert "Did you ask for this?" in page
    assert "data-at-once" not in page
    for body in ({}, {"confirm": ""}, {"confirm": "no"}, {"number": "47"}):
        assert "Did you ask for this?" in (await press(buttoned, link, **body)).text
    assert code(await buttoned.ping(guid)) == (403, 1139)
    assert "You are signed in" in (await press(buttoned, link, confirm="yes")).text
    assert (await buttoned.ping(guid)).status_code == 200


async def test_the_call_needs_the_press_too(buttoned: World) -> None:
    guid = await buttoned.begin()
    token = await buttoned.token()
    missing = await buttoned.verify(token)
    assert (code(missing), missing.json()["Errors"][0]["FieldName"]) == ((403, 908), "confirm")
    assert code(await buttoned.verify("123456789")) == (403, 1063)
    assert code(await buttoned.ping(guid)) == (403, 1139)
    done = await buttoned.call("email/smartlogin", vtoken=token, confirm="yes")
    assert done.json() == {"IsPosted": True, "IsVerified": True}


async def test_a_dead_link_is_told_before_anything_is_asked(numbered: World, buttoned: World) -> None:
    for demo in (numbered, buttoned):
        for query, words in (("", "not valid"), ("?vtoken=x", "not valid"), ("?vtoken=%ff", "not valid")):
            page = await demo.http.get(f"/auth{query}")
            assert (page.status_code, words in page.text, numbers_on(page.text)) == (403, True, [])
        await demo.begin()
        link = await demo.link()
        demo.clock.forward(demo.site.link_life)
        assert "has expired" in (await demo.http.get(link)).text


@pytest.mark.parametrize("confirm", ["button", "number"])
async def test_a_scanner_signs_nobody_in(confirm: Confirm) -> None:
    """It fetches every link with GET and HEAD, and what is in the pages; for numbers it presses every button, too."""
    async with world(replace(sample_site(), confirm=confirm, requests_per_second=0)) as demo:
        for _ in range(10):
            guid = await demo.begin()
            mail = (await demo.mails())[0]
            links = set(mail["links"]) | {html.unescape(url) for url in re.findall(r'href="([^"]+)"', mail["html"])}
            for link in sorted(links):
                for method in ("HEAD", "GET"):
                    page = await demo.http.request(method, link)
                    for found in re.findall(r'(?:href|src)="([^"]+)"', page.text):
                        if not found.startswith("data:"):
                            await demo.http.get(f"/{found}")
                token = link.partition("vtoken=")[2]
                await demo.verify(token)
                if confirm == "number":
                    page = await demo.http.get(link)
                    await demo.http.post(link)
                    for name, value in re.findall(r'name="(\w+)" value="(\w*)"', page.text):
                        await press(demo, link, **{name: value})
            assert (await demo.ping(guid)).status_code == 403


def test_the_offered_numbers() -> None:
    places = set()
    for number in ("10", "47", "99"):
        for _ in range(200):
            token = new_verification_token()
            numbers = offered(number, token, "secret")
            assert len(set(numbers)) == len(numbers) == 6
            assert all(re.fullmatch(r"[1-9]\d", each) for each in numbers)
            assert numbers == offered(number, token, "secret"), "the same on every load"
            places.add(numbers.index(number))
    assert places == {1, 2, 3, 4, 5}, "never first, else anywhere"


def test_without_the_secret_the_right_number_is_not_found() -> None:
    token = new_verification_token()
    real, guessed = offered("47", token, "secret"), offered("47", token, "guess")
    assert len(set(real) & set(guessed)) < 6


def test_confirmations() -> None:
    assert Confirmation.read(["yes"], []) == Confirmation(pressed=True)
    assert Confirmation.read([], [" 47 "]) == Confirmation(number="47")
    assert Confirmation.read(["yes", "yes"], ["47", "47"]) == Confirmation()
    assert "47" not in repr(Confirmation(number="47"))
