"""Site files: what they may hold, and how a mistake is told."""

from pathlib import Path

import pytest

from kiosk.service.errors import ServiceError
from kiosk.service.sample import sample_site
from kiosk.service.sitefile import read_site
from tests.service.world import JANE, code, world

_HEAD = 'name = "Lobby"\napi_key = "k"\napi_secret = "s"\n'

_FULL = (
    _HEAD
    + """
device_name = "Lobby TV"
public_url = "https://login.example.com/"
mail_from = "Lobby <no-reply@example.com>"
confirm = "number"
language = "de"
tell_unknown = true
username_login = "only"
privacy_policy = "2.0"
redirect_hosts = ["WWW.example.com"]
allowed_domains = ["example.com"]
blocked_emails = ["X@example.com"]
link_minutes = 30
access_token_minutes = 60
requests_per_second = 0

[mail_limit]
mails = 3
window_minutes = 5
disabled_minutes = 7

[[accounts]]
email = ["Ann@Example.com", "ann@example.org"]
username = "Ann"
first_name = "Ann"
refuse = 991

[[accounts]]
email = "bob@example.com"
uid = "bob-1"
email_verified = false
policy_accepted = false
refuse_at = "request"

[templates.smartlogin-default]
subject = "Hello"
text = '''
a
#Url#?vtoken=#GUID#'''
html = "<p>"
"""
)


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_full_file(tmp_path: Path) -> None:
    site = read_site(file(tmp_path, _FULL))
    assert (site.screen_name, site.public_url) == ("Lobby TV", "https://login.example.com")
    assert (site.link_life, site.token_life, site.mail_limit.disabled) == (1800, 3600, 420)
    assert site.redirect_hosts == ("www.example.com",)
    ann, bob = site.accounts
    assert (ann.primary, ann.refuse, ann.refuse_at) == ("Ann@Example.com", 991, "link")
    assert (bob.uid, bob.email_verified, bob.policy_accepted, bob.refuse_at) == ("bob-1", False, False, "request")
    assert site.templates["smartlogin-default"].subject == "Hello"


async def test_a_minimal_file_works(tmp_path: Path) -> None:
    site = read_site(file(tmp_path, _HEAD + '[[accounts]]\nemail = "Jane.Doe@example.com"\n'))
    async with world(site) as lobby:
        await lobby.begin(JANE)
        assert (await lobby.mails())[0]["subject"] == "Sign in on Lobby"
        answer = await lobby.call("login/smartlogin", apikey="demo-key", email=JANE, clientguid="g")
        assert code(answer) == (400, 920)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "name: is missing"),
        ("name = ", "not TOML"),
        ('name = "a"\nname = "b"', "not TOML"),
        (_HEAD + "colour = 1", "colour: unknown key"),
        (_HEAD.replace('"k"', "7"), "api_key: must be a string"),
        (_HEAD.replace('"k"', '" "'), "api_key: must not be empty"),
        (_HEAD + 'device_name = "a\\u001b[31m"', "device_name: holds a control character"),
        (_HEAD + "smart_login = 1", "smart_login: must be true or false"),
        (_HEAD + 'link_minutes = "9"', "link_minutes: must be a whole number"),
        (_HEAD + "link_minutes = true", "link_minutes: must be a whole number"),
        (_HEAD + "link_minutes = 0", "link_minutes: must be from 1 to 129600"),
        (_HEAD + 'username_login = "maybe"', "username_login: must be one of on, off, only"),
        (_HEAD + 'confirm = "maybe"', "confirm: must be one of none, button, number"),
        (_HEAD + 'language = "nl"', "language: must be one of en, de, fr, es, ja"),
        (_HEAD + 'public_url = "ftp://x"', "public_url: not an http or https address"),
        (_HEAD + 'public_url = "http://x:99999"', "public_url: not an http or https address"),
        (_HEAD + 'mail_from = "nobody"', "mail_from: not an e-mail address"),
        (_HEAD + 'redirect_hosts = "x"', "redirect_hosts: must be a list of strings"),
        (_HEAD + "redirect_hosts = [1]", "redirect_hosts: must be a string"),
        (_HEAD + "mail_limit = 3", "mail_limit: must be a table"),
        (_HEAD + "[mail_limit]\nmail = 3", "mail_limit.mail: unknown key"),
        (_HEAD + "accounts = 3", r"accounts: must be written as \[\[accounts\]\]"),
        (_HEAD + "accounts = [3]", r"accounts: must be written as \[\[accounts\]\]"),
        (_HEAD + "[[accounts]]\nusername = 'x'", r"accounts\[1\].email: is missing"),
        (_HEAD + "[[accounts]]\nemail = 'x'", r"accounts\[1\].email: is not an e-mail address"),
        (_HEAD + "[[accounts]]\nemail = 'jürgen@bücher'", r"accounts\[1\].email: is not an e-mail address"),
        (_HEAD + "[[accounts]]\nemail = 'a@b.de'\nname = 'x'", r"accounts\[1\].name: unknown key"),
        (_HEAD + "[[accounts]]\nemail = 'a@b.de'\nrefuse = 7", r"accounts\[1\].refuse: is no code of the table"),
        (_HEAD + "[[accounts]]\nemail = 'a@b.de'\nusername = 'a b'", r"accounts\[1\].username: has more than 32"),
        (
            _HEAD + "[[accounts]]\nemail = 'a@b.de'\n[[accounts]]\nemail = 'A@b.de'",
            r"accounts\[2\].email: belongs to another account already",
        ),
        (_HEAD + "[templates.x]\nsubject = 'a'", r"templates.x.text: is missing"),
        (_HEAD + "[templates]\nx = 1", r"templates.x: must be a table"),
    ],
)
def test_a_mistake_is_one_line_with_file_and_key(tmp_path: Path, text: str, complaint: str) -> None:
    path = file(tmp_path, text)
    with pytest.raises(ServiceError, match=complaint) as caught:
        read_site(path)
    assert str(caught.value).startswith(f"site file {path}: ")
    assert "\n" not in str(caught.value)


def test_unreadable_files(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'name = "J\xfcrgen"')
    for path, complaint in ((tmp_path, "directory"), (tmp_path / "none", "No such file"), (latin, "not UTF-8")):
        with pytest.raises(ServiceError, match=complaint):
            read_site(path)


def test_the_sample_site_has_no_two_alike() -> None:
    accounts = sample_site().accounts
    assert len({account.uid for account in accounts}) == len(accounts)
    assert len({account.username for account in accounts}) == len(accounts)
