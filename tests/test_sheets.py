"""The style sheets are parsed once, and again where the theme differs."""

import pytest
from textual.css.errors import StylesheetError
from textual.css.stylesheet import Stylesheet, StylesheetParseError
from textual.css.tokenizer import TokenError

from kiosk.sheets import Sheets


def sheets(css: str = "Label { color: $paint; }") -> Sheets:
    made = Sheets(variables={"paint": "red"})
    made.add_source(css, ("one.tcss", ""))
    made.parse()
    return made


def test_the_same_theme_again_parses_nothing() -> None:
    made = sheets()
    before = list(made.rules)
    made.set_variables({"paint": "red"})
    made.reparse()
    assert [id(rule) for rule in made.rules] == [id(rule) for rule in before]


def test_another_theme_paints_in_its_colours() -> None:
    made = sheets()
    made.set_variables({"paint": "blue"})
    made.reparse()
    assert [rule.styles.color.hex for rule in made.rules] == ["#0000FF"]
    assert len(made._parse_cache) == 1, "what was parsed for the old theme is let go"


def test_a_sheet_that_comes_later_is_parsed_alone() -> None:
    made = sheets()
    before = made.rules[0]
    made.add_source("Input { color: $paint; }", ("two.tcss", ""))
    made.reparse()
    assert made.rules[0] is before
    assert [rule.css.split()[0] for rule in made.rules] == ["Label", "Input"]


def test_rules_are_the_same_as_textuals_own() -> None:
    css = "Label { color: $paint; &:focus { color: green; } .on & { display: none; } }"
    own = Stylesheet(variables={"paint": "red"})
    own.add_source(css, ("one.tcss", ""))
    own.reparse()
    assert sheets(css).css == own.css


def test_a_broken_sheet_is_said_and_what_was_known_stays() -> None:
    made = sheets()
    made.add_source("Label { color: nonsense", ("two.tcss", ""))
    with pytest.raises((StylesheetError, StylesheetParseError, TokenError)):
        made.reparse()
    assert [rule.styles.color.hex for rule in made._rules] == ["#FF0000"]
