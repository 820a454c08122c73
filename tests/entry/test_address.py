"""E-mail or username, and what no service could accept."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.entry import address
from kiosk.entry.address import read_identifier
from kiosk.smartlogin.models import IdentifierKind
from kiosk.smartlogin.refusals import IdentifierMalformed, IdentifierMissing, IdentifierTooLong


@pytest.mark.parametrize("name", ["jane", "Jane_Doe", "jane.doe", "4915112345678", "женя", "a"])
def test_without_an_at_it_is_a_username(name: str) -> None:
    identifier = read_identifier(f" {name}\t")
    assert (identifier.kind, identifier.value) == (IdentifierKind.USERNAME, name)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("jane.doe@gmail.com", "jane.doe@gmail.com"),
        ("Jane.Doe@GMail.COM", "Jane.Doe@gmail.com"),
        ("jane+tv@example.org", "jane+tv@example.org"),
        ("jöhn@müller.example", "jöhn@müller.example"),
        ("ju\u0308rgen@mu\u0308ller.example", "jürgen@müller.example"),
        ("jane@BÜCHER.example", "jane@bücher.example"),
        ("jane@xn--bcher-kva.example", "jane@xn--bcher-kva.example"),
        ("用户@例子.广告", "用户@例子.广告"),
        ("jane@localhost", "jane@localhost"),
        ("jane@box.local", "jane@box.local"),
        ("jane@[192.168.0.1]", "jane@[192.168.0.1]"),
        ("jane@[IPv6:2001:db8::1]", "jane@[IPv6:2001:db8::1]"),
        ('"jane@home"@example.org', '"jane@home"@example.org'),
        ("..jane..doe.@docomo.ne.jp", "..jane..doe.@docomo.ne.jp"),
        ("!#$%&'*/=?^`{|}~@example.org", "!#$%&'*/=?^`{|}~@example.org"),
    ],
)
def test_addresses_that_a_service_may_know(typed: str, value: str) -> None:
    identifier = read_identifier(typed)
    assert (identifier.kind, identifier.value) == (IdentifierKind.EMAIL, value)


@pytest.mark.parametrize(
    "typed",
    [
        *("jane@", "@example.org", "@", "jane@@example.org", "jane@doe@example.org", "...@example.org"),
        *("jane@example..org", "jane@.example.org", "jane@example.org.", "jane@-example.org", "jane@exam_ple.org"),
        *("jane doe", "jane doe@example.org", "jane@exa\u00admple.org", "jane\u202e@example.org", "ja\x00ne", "a\x1bb"),
        *(
            "Jane <jane@example.org>",
            "jane(tv)@example.org",
            "jane,doe@example.org",
            "jane@[300.1.1.1]",
            "jane@exa mple",
        ),
    ],
)
def test_what_no_mail_can_reach(typed: str) -> None:
    with pytest.raises(IdentifierMalformed):
        read_identifier(typed)


def test_nothing_and_too_much() -> None:
    with pytest.raises(IdentifierMissing):
        read_identifier(" \t ")
    with pytest.raises(IdentifierTooLong):
        read_identifier("a" * 250 + "@example.org")


LIKELY = st.text(alphabet="aZ9.-_+@x'\"[]é ", max_size=30)
PARTS = st.from_regex(
    r"[a-z.+]{1,5}@([a-zA-Z0-9-]{1,4}|xn--[a-z0-9-]{1,4}|[a-z]{62,64})(\.[a-z0-9-]{1,3}){0,3}", fullmatch=True
)


@given(LIKELY | PARTS | st.emails())
@example("a@" + "b" * 62)
@example("a@" + "b" * 63)
@example("a@" + "b" * 64)
@example("a@" + ".".join(["b" * 60] * 4))
@example("a@xn--bcher-kva.example")
@example("a@ab--cd.example")
@example("a@1.2")
def test_a_plain_address_is_what_the_rules_of_all_scripts_make_of_it(typed: str) -> None:
    def read() -> object:
        try:
            return read_identifier(typed).value
        except IdentifierMalformed:
            return IdentifierMalformed
        except IdentifierMissing:
            return IdentifierMissing
        except IdentifierTooLong:
            return IdentifierTooLong

    plainly = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(address, "LONGEST_PLAIN", 0)
        assert read() == plainly
