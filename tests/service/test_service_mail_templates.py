"""Templates: the built-in ones in every language, a site's own from a folder, and which one a mail gets."""

import os
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from kiosk.service.errors import ServiceError
from kiosk.service.languages import LANGUAGES, words
from kiosk.service.mail.order import Order
from kiosk.service.mail.render import part_of, rendered
from kiosk.service.mail.templatefiles import LARGEST, read_templates
from kiosk.service.sample import sample_site
from kiosk.service.site import Account, MailTemplate, Site
from kiosk.service.sitefile import read_site
from tests.service.world import PUBLIC_URL, START, World, code, world

SITE = sample_site()
TOKEN = "0123456789abcdef0123456789abcdef"
LINK = f"{PUBLIC_URL}/auth?vtype=smartlogin&vtoken={TOKEN}"
EVERY = "#Name# #FirstName# #LastName# #Email# #UserName# #Url# #GUID# #IpAddress# #UserAgent# [#City#] [#Country#]"


def order(template: str = "", account: Account = SITE.accounts[0], *, welcome: bool = False) -> Order:
    return Order(account, "" if welcome else TOKEN, template, "192.0.2.7", "kiosk/1", START, welcome=welcome)


def mail(site: Site, ordered: Order) -> EmailMessage:
    message = rendered(site, PUBLIC_URL, "Lobby <no-reply@example.com>", ordered, "name")
    return message_from_bytes(message.as_bytes(), policy=policy.default)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("welcome", [False, True])
def test_the_built_in_mails_in_every_language(language: str, welcome: bool) -> None:
    site = replace(SITE, language=language)  # type: ignore[arg-type]
    message = mail(site, order(welcome=welcome))
    kind = "welcome" if welcome else "login"
    text, rich = part_of(message, "plain"), part_of(message, "html")
    subject = words(language)(f"mail.{kind}_subject")
    assert message["Subject"] == subject.replace("#ScreenName#", site.screen_name).replace("#SiteName#", site.name)
    assert f'<html lang="{language}">' in rich
    assert (LINK in text, LINK.replace("&", "&amp;") in rich) == (not welcome, not welcome)
    for part in (text, rich):
        assert "Jane Doe" in part
        assert re.search("#[A-Za-z]+#", part) is None, "every placeholder is filled"
        assert "$" not in part
        assert "2027" in part or welcome


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_says_when_the_page_will_ask_for_a_number(language: str) -> None:
    sentence = words(language)("mail.login_number")
    for confirm in ("none", "button", "number"):
        message = mail(replace(SITE, language=language, confirm=confirm), order())  # type: ignore[arg-type]
        assert (sentence in part_of(message, "plain")) is (confirm == "number")
        assert "\n\n\n" not in part_of(message, "plain")


def test_every_placeholder() -> None:
    site = replace(SITE, templates={"all": MailTemplate("#name#", EVERY, EVERY.replace(" ", "\n"))})
    message = mail(site, order("all"))
    expected = f"Jane Doe Jane Doe jane.doe@example.com jane {PUBLIC_URL}/auth {TOKEN} 192.0.2.7 kiosk/1 [] []"
    assert part_of(message, "plain") == expected + "\n"
    assert " ".join(part_of(message, "html").split()) == expected


def test_a_name_that_is_missing_is_filled_by_what_is_known() -> None:
    for account, greeting in (
        (Account("u", ("a@example.com",), "ann"), "Hello ann,"),
        (Account("u", ("a@example.com",)), "Hello a@example.com,"),
    ):
        assert part_of(mail(SITE, order(account=account)), "plain").startswith(greeting)


def test_a_template_must_fit_its_mail() -> None:
    login = MailTemplate("own login", "#Url#?vtoken=#GUID#", "<p>")
    welcome = MailTemplate("own welcome", "hello", "<p>")
    site = replace(SITE, templates={"a": login, "b": welcome})
    assert mail(site, order("a"))["Subject"] == "own login"
    assert mail(site, order("b", welcome=True))["Subject"] == "own welcome"
    assert mail(site, order("b"))["Subject"] == "Sign in on the demo screen", "it carries no link"
    assert mail(site, order("a", welcome=True))["Subject"] == "Welcome to Smart Login demo", "there is no link to carry"
    for name in ("", "c", "../a", "\0", "A"):
        assert mail(site, order(name))["Subject"] == "Sign in on the demo screen"
    defaults = replace(SITE, templates={"smartlogin-default": login, "welcome-default": welcome})
    assert mail(defaults, order("c"))["Subject"] == "own login"
    assert mail(defaults, order("c", welcome=True))["Subject"] == "own welcome"


def test_values_are_not_looked_at_for_placeholders() -> None:
    account = Account("u", ("a@example.com",), "#GUID#", "#GUID#", "$link {0} %s \\1 #Name#")
    message = mail(SITE, order(account=account))
    assert part_of(message, "plain").count(TOKEN) == 1
    assert "Hello #GUID# $link {0} %s \\1 #Name#," in part_of(message, "plain")
    assert TOKEN not in message["To"]


def test_persian_names_and_emoji_stay_whole() -> None:
    name = "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627 👩\u200d💻"
    message = mail(SITE, order(account=Account("u", ("a@example.com",), "", name, "\u202eevil\u200b\ud800")))
    assert f"{name} evil" in part_of(message, "plain")


# --- welcome ---------------------------------------------------------------------------------------------------------


async def subjects(demo: World) -> list[str]:
    return [found["subject"] for found in await demo.mails()]


async def test_a_new_address_is_welcomed_once(demo: World) -> None:
    for _ in range(2):
        await demo.begin("new@example.com")
        await demo.verify(await demo.token())
        await demo.call("email/smartlogin", vtoken="x")
    assert (await subjects(demo)).count("Welcome to Smart Login demo") == 1
    assert (await subjects(demo))[1] == "Welcome to Smart Login demo", "right after the first click"


async def test_a_known_address_is_not_welcomed(demo: World) -> None:
    await demo.sign_in()
    assert await subjects(demo) == ["Sign in on the demo screen"]


async def test_which_welcome_it_is() -> None:
    templates = {name: MailTemplate(name, "hello #Name#", "<p>") for name in ("first", "second")}
    site = replace(SITE, templates=templates)
    async with world(site) as demo:
        query = {"email": "new@example.com", "clientguid": "g", "welcomeemailtemplate": "first"}
        await demo.call("login/smartlogin", **query)
        await demo.call("email/smartlogin", vtoken=await demo.token())
        assert (await subjects(demo))[0] == "first", "as the request said"
    async with world(site) as demo:
        await demo.call("login/smartlogin", **query)
        await demo.call("email/smartlogin", vtoken=await demo.token(), WelcomeEmailTemplate="second")
        assert (await subjects(demo))[0] == "second", "the page said it later"
    async with world(site) as demo:
        await demo.call("login/smartlogin", **{**query, "welcomeemailtemplate": "unknown"})
        assert code(await demo.verify("x")) == (403, 1063)
        await demo.http.post(await demo.link())
        assert (await subjects(demo))[0] == "Welcome to Smart Login demo", "by the page, from the default"


# --- files -----------------------------------------------------------------------------------------------------------


def write(folder: Path, **files: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)
    return folder


async def test_templates_from_a_folder(tmp_path: Path) -> None:
    write(
        tmp_path / "mails",
        **{
            "smartlogin-default_txt": "\ufeffSubject: Hallo #FirstName#\r\n\r\nZu\u00a0#Url#?t=#GUID#\r\n".encode(),
            "smartlogin-default_html": b"<p>#GUID#</p>",
            "short_txt": b"subject:x\n\n#GUID#",
            "short_html": b"<p>",
            "README_md": b"left alone",
        },
    )
    (tmp_path / "mails" / ".hidden.txt").write_bytes(b"\xff")
    file = tmp_path / "site.toml"
    file.write_text(
        'name = "Lobby"\napi_key = "demo-key"\napi_secret = "s"\ntemplate_folder = "mails"\n'
        '[[accounts]]\nemail = "jane.doe@example.com"\nfirst_name = "Jane"\n'
        '[templates.short]\nsubject = "from\u00a0the\u3000site file"\ntext = "#GUID#"\nhtml = "<p>"\n',
        encoding="utf-8",
    )
    site = read_site(file)
    assert set(site.templates) == {"smartlogin-default", "short"}
    assert site.templates["short"].subject == "from\u00a0the\u3000site file", "spaces of other scripts are text"
    message = mail(site, order())
    assert (message["Subject"], part_of(message, "plain")) == (
        "Hallo Jane",
        f"Zu\u00a0{PUBLIC_URL}/auth?t={TOKEN}\n",
    )


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({}, "holds no template"),
        ({"a_txt": b"Subject: x\n\ny"}, r"a\.html: is missing"),
        ({"a_html": b"<p>"}, r"a\.txt: is missing"),
        ({"a_txt": b"Subject: x\n\ny", "a_html": b""}, r"a\.html: is empty"),
        ({"a_txt": b"hello", "a_html": b"<p>"}, r"a\.txt: does not begin with 'Subject: …'"),
        ({"a_txt": b"Subject:  \n\ny", "a_html": b"<p>"}, r"a\.txt: does not begin with 'Subject: …'"),
        ({"a_txt": b"Subject: x\nBcc: y\n\nz", "a_html": b"<p>"}, r"a\.txt: the line after the subject is not empty"),
        ({"a_txt": b"Subject: \xff\n\ny", "a_html": b"<p>"}, r"a\.txt: not UTF-8 \(byte 9\)"),
        ({"a_txt": b"Subject: x\0\n\ny", "a_html": b"<p>"}, r"a\.txt: holds a control character"),
        ({"a_txt": b"Subject: x\n\ny", "a_html": b"x" * (LARGEST + 1)}, r"a\.html: larger than 100000 bytes"),
        ({f"t{number}_txt": b"" for number in range(201)}, "more than 200 templates"),
    ],
    ids=range(11),
)
def test_a_template_that_is_no_good_is_one_clear_line(tmp_path: Path, files: dict[str, bytes], complaint: str) -> None:
    with pytest.raises(ServiceError, match=f"^template .*{complaint}.*$") as caught:
        read_templates(write(tmp_path, **files))
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    os.mkfifo(tmp_path / "pipe.txt")
    for folder, complaint in (
        (file, "Not a directory"),
        (tmp_path / "none", "No such file"),
        (Path("a\0b"), "not a name"),
    ):
        with pytest.raises(ServiceError, match=complaint):
            read_templates(folder)
    with pytest.raises(ServiceError, match=r"pipe\.txt: is missing"):
        read_templates(tmp_path)


def test_a_default_without_a_link_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(
        'name = "L"\napi_key = "k"\napi_secret = "s"\n'
        '[templates.smartlogin-default]\nsubject = "x"\ntext = "no link"\nhtml = "<p>"\n'
    )
    with pytest.raises(ServiceError, match=r"templates\.smartlogin-default: holds no #GUID#"):
        read_site(file)
