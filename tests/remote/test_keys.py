"""Keys that arrive under other names."""

import tomllib
from pathlib import Path

import pytest

from kiosk.remote.keys import as_table, check_keys, translation
from kiosk.settings.loading import SettingsError, load_settings


def test_a_table_and_a_line_are_the_same(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('[keys]\nback = ["f9", "browser_back"]\nred = "f5"\n')
    line = load_settings({}, {}, file).text("keys")
    assert line == "back=f9 browser_back, red=f5"
    assert check_keys(line) == line
    assert translation(line) == {"f9": "escape", "browser_back": "escape", "f5": "f1"}
    assert translation(check_keys("")) == {}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"fly": "f9"}, "no action 'fly'"),
        ({"back": ""}, "no key ''"),
        ({"back": 9}, "no key 9"),
        ({"back": {"x": 1}}, "no key"),
        ({"back": "f9", "red": ["f9"]}, "gives f9 to back and to red"),
        ("back", "no key"),
        (["back"], "a table"),
        (7, "a table"),
    ],
)
def test_what_cannot_be_meant_says_so(value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_keys(value)


def test_the_file_and_the_key_are_named(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('[keys]\nfly = "f9"\n')
    with pytest.raises(SettingsError, match=r"keys \(.*kiosk.toml\) knows no action 'fly'"):
        load_settings({}, {}, file)


def test_what_is_written_can_be_read() -> None:
    found = {"back": "f9", "1": "kp_1", "ok": "f12"}
    assert check_keys(tomllib.loads(as_table(found))["keys"]) == "back=f9, 1=kp_1, ok=f12"
