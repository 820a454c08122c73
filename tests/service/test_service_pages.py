"""The hosted page without its script, and the mailbox."""

from dataclasses import replace

import pytest

from kiosk.service.pages.guard import is_loopback_address, is_loopback_name
from kiosk.service.sample import sample_site
from tests.service.world import JANE, World, code, world


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", ["/auth", "/auth.aspx", "/Auth.aspx"])
async def test_loading_the_page_verifies_nothing(demo: World, method: str, path: str) -> None:
    guid = await demo.begin()
    token = await demo.token()
    await demo.http.request(method, path, params={"vtype": "smartlogin", "vtoken": token})
    assert code(await demo.ping(guid)) == (403, 1139)


async def test_the_page_is_small_and_strict(demo: World) -> None:
    page = await demo.http.get("/auth")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "Sign in on the demo screen" in page.text
    files = [await demo.http.get(f"/{name}") for name in ("auth.js", "page.css")]
    assert files[0].headers["content-type"].startswith("text/javascript")
    assert sum(len(answer.content) for answer in (page, *files)) < 15_000
    for text in (page.text, *(file.text for file in files)):
        assert "http:" not in text
        assert "https:" not in text


async def test_the_form_verifies(demo: World) -> None:
    guid = await demo.begin()
    link = await demo.link()
    done = await demo.http.post(link)
    assert done.status_code == 200
    assert "You are signed in on the demo screen" in done.text
    again = await demo.http.post(link)
    assert (again.status_code, "used already" in again.text) == (403, True)
    assert (await demo.ping(guid)).status_code == 200


@pytest.mark.parametrize(("query", "words"), [("", "not valid"), ("?vtoken=x", "not valid"), ("?vtoken=%00", "valid")])
async def test_the_form_explains(demo: World, query: str, words: str) -> None:
    answer = await demo.http.post(f"/auth{query}", content=b"x" * 10_000)
    assert answer.status_code == 403
    assert words in answer.text


async def test_the_form_tells_an_expired_link_and_a_refused_account(demo: World) -> None:
    await demo.begin("mfa@example.com")
    assert "may not sign in" in (await demo.http.post(await demo.link())).text
    await demo.begin()
    link = await demo.link()
    demo.clock.forward(demo.site.link_life)
    assert "has expired" in (await demo.http.post(link)).text


async def test_names_of_the_site_are_escaped() -> None:
    async with world(replace(sample_site(), name='<b>"x', device_name="</script><i>")) as odd:
        page = (await odd.http.get("/auth")).text
        assert "<b>" not in page
        assert "<i>" not in page
        await odd.begin()
        assert "<i>" not in (await odd.http.get("/mailbox")).text


async def test_the_mailbox_as_json(demo: World) -> None:
    await demo.begin()
    demo.clock.forward(1)
    await demo.begin("john.smith@example.com")
    mails = await demo.mails()
    assert [mail["to"] for mail in mails] == ["john.smith@example.com", JANE]
    assert set(mails[0]) == {"id", "to", "subject", "received", "text", "html", "links"}
    assert mails[0]["received"] == "2027-01-15T08:00:01.0000000Z"
    assert len(mails[0]["links"]) == 1
    assert mails[0]["links"][0] in mails[0]["text"]
    assert (await demo.http.delete("/mailbox/messages")).status_code == 204
    assert await demo.mails() == []


async def test_the_mailbox_page(demo: World) -> None:
    assert "No mail yet" in (await demo.http.get("/mailbox")).text
    await demo.begin()
    page = await demo.http.get("/mailbox")
    assert JANE in page.text
    assert (await demo.link()).replace("&", "&amp;") in page.text
    same = await demo.http.get("/mailbox", headers={"If-None-Match": page.headers["etag"]})
    assert same.status_code == 304
    assert (await demo.http.get("/")).headers["location"] == "mailbox"
    mail = await demo.http.get(f"/mailbox/messages/{(await demo.mails())[0]['id']}/html")
    assert "sandbox" in mail.headers["content-security-policy"]
    assert "allow-scripts" not in mail.headers["content-security-policy"]
    assert (await demo.http.get("/mailbox/messages/999/html")).status_code == 404
    foreign = await demo.http.post("/mailbox/clear", headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert (await demo.http.post("/mailbox/clear")).status_code == 303
    assert await demo.mails() == []


async def test_the_mailbox_keeps_the_newest_hundred() -> None:
    async with world(replace(sample_site(), mail_limit=replace(sample_site().mail_limit, mails=1000))) as demo:
        for _ in range(103):
            await demo.begin()
            demo.clock.forward(0.5)
        mails = await demo.mails()
        assert len(mails) == 100
        assert mails[0]["id"] == "103"


@pytest.mark.parametrize("path", ["/mailbox", "/mailbox/messages", "/mailbox/messages/1/html"])
async def test_the_mailbox_is_for_this_machine_only(path: str) -> None:
    async with world(peer="192.0.2.1") as far:
        assert (await far.http.get(path)).status_code == 403
    async with world(peer="::ffff:127.0.0.1") as near:
        for host in ("evil.example:8787", "127.0.0.1.evil.example", "", "[::2]:1"):
            assert (await near.http.get(path, headers={"Host": host})).status_code == 403
        for header in ("X-Forwarded-For", "Forwarded", "Via"):
            assert (await near.http.get(path, headers={header: "x"})).status_code == 403
        for host in ("localhost:8787", "LOCALHOST", "127.0.0.9", "[::1]:8787"):
            assert (await near.http.get(path, headers={"Host": host})).status_code in (200, 404)


def test_loopback() -> None:
    assert is_loopback_address("127.1.2.3")
    assert not is_loopback_address("localhost")
    assert not is_loopback_address("")
    assert is_loopback_name("LocalHost")
    assert not is_loopback_name("localhost.example.com")
