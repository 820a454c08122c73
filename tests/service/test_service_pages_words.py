"""The catalogue: every language has every text, with the same marks, and a browser gets the one it likes best."""

import re

import pytest

from kiosk.service.languages import LANGUAGES, preferred, words

_MARK = re.compile(r"\{[a-z]+\}|#[A-Za-z]+#")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text(language: str) -> None:
    english, texts = words("en").texts, words(language).texts
    assert texts.keys() == english.keys()
    for key, text in texts.items():
        assert text.strip() == text != "", key
        if not key.startswith("time."):
            assert sorted(_MARK.findall(text)) == sorted(_MARK.findall(english[key])), key
    assert len(texts["time.months"].split()) == 12
    assert set(_MARK.findall(texts["time.moment"])) == {"{day}", "{month}", "{year}", "{time}"}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_text_was_left_in_english(language: str) -> None:
    english, texts = words("en").texts, words(language).texts
    assert {key for key in texts if texts[key] == english[key]} <= {"page.code"}


def test_french_marks_stay_with_their_words() -> None:
    assert [text for text in words("fr").texts.values() if re.search(" [?!:;]", text)] == []


def test_a_value_is_not_looked_at_for_marks() -> None:
    assert words("en")("page.good_title", screen="{code} {0}") == "You are signed in on {code} {0}"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "es"),
        ("de", "de"),
        ("de-AT,en;q=0.8", "de"),
        ("nl, fr;q=0.5, ja;q=0.9", "ja"),
        ("FR-ca", "fr"),
        ("en;q=0.1, de;q=0.2", "de"),
        ("nl", "es"),
        ("*", "es"),
        ("nl, *;q=0.1", "es"),
        ("de;q=0, fr;q=x, en;q=nan", "es"),
        (",;;=,\0,de;q", "es"),
        ("x" * 100_000 + ",de", "es"),
    ],
)
def test_what_a_browser_likes_best(header: str, expected: str) -> None:
    assert preferred(header, "es") == expected
