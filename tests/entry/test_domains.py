"""Completions, and questions about what looks mistyped."""

import pytest

from kiosk.entry.domains import WORLDWIDE, Domains, completed

WORLD = Domains()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("jane", "@gmail.com"),
        ("jane@", "@gmail.com"),
        ("jane@o", "@outlook.com"),
        ("jane@gm", "@gmail.com"),
        ("jane@GMX", "@gmx.net"),
        ("jane@gmail.co", "@gmail.com"),
        ("jane@acme", ".com"),
        ("jane@acme.o", ".org"),
        ("jane@mail.acme.n", ".net"),
        ("jane@acme.co", ".com"),
        ('"a@b"@we', "@web.de"),
    ],
)
def test_what_is_offered_first(typed: str, first: str) -> None:
    assert WORLD.completions(typed, 4)[0] == first


@pytest.mark.parametrize("typed", ["", "@", "@gmail", "jane@gmail.com", "jane@x", "jane@acme.org", "jane@acme.zzz"])
def test_where_nothing_fits_nothing_is_offered(typed: str) -> None:
    assert WORLD.completions(typed, 4) == ()


@pytest.mark.parametrize(
    ("typed", "tail", "whole"),
    [
        ("jane", "@gmail.com", "jane@gmail.com"),
        ("jane@g", "@gmail.com", "jane@gmail.com"),
        ("jane.doe@acme", ".org", "jane.doe@acme.org"),
        ("jane.doe@mail.acme.o", ".org", "jane.doe@mail.acme.org"),
        ("jane@acme.co", ".co.uk", "jane@acme.co.uk"),
    ],
)
def test_a_completion_takes_the_place_of_what_was_begun(typed: str, tail: str, whole: str) -> None:
    assert completed(typed, tail) == whole


def test_the_operators_domains_come_first_and_once() -> None:
    ours = Domains.of(["acme.example", "web.de"])
    assert ours.names[:3] == ("acme.example", "web.de", "gmail.com")
    assert ours.names.count("web.de") == 1


def test_a_domain_that_was_used_comes_first_the_next_time_if_it_is_one_of_many_peoples() -> None:
    assert WORLD.preferring("web.de").completions("j", 2) == ("@web.de", "@gmail.com")
    assert WORLD.preferring("the-does.example") is WORLD


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("GMIAL.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("gmail.cmo", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gmial.con", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("outlok.com", "outlook.com"),
        ("yaho.com", "yahoo.com"),
        ("iclud.com", "icloud.com"),
        ("acme.con", "acme.com"),
        ("acme.ogr", "acme.org"),
    ],
)
def test_a_slip_is_noticed(domain: str, meant: str) -> None:
    assert WORLD.meant(f"jane@{domain}") == meant


@pytest.mark.parametrize(
    "domain",
    [
        *WORLDWIDE,
        *("ymail.com", "mail.com", "gmx.com", "hotmail.it", "yahoo.fr", "outlook.de", "acme.org", "acme.co", "acme.cm"),
        *("univ-paris.fr", "googlemail.de", "example.com", "gmail", "localhost", "[192.168.0.1]"),
    ],
)
def test_what_may_well_be_right_is_not_asked_about(domain: str) -> None:
    assert WORLD.meant(f"jane@{domain}") is None


def test_names_are_not_asked_about() -> None:
    assert WORLD.meant("gmial.com") is None
