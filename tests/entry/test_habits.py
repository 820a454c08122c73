"""What is remembered from run to run, and what is not."""

import stat
from pathlib import Path

import pytest

from kiosk.entry.domains import Domains
from kiosk.entry.habits import Habits, read_habits, write_habits

SEEN = Habits("qwerty", ("web.de", "gmail.com"))


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "state" / "kiosk" / "entry.json"
    write_habits(path, SEEN)
    assert read_habits(path) == SEEN
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_only_domains_that_everyone_is_offered_are_remembered() -> None:
    habits = SEEN.using("abc", "the-does.example", Domains())
    assert habits == Habits("abc", ("web.de", "gmail.com"))
    assert habits.using("abc", "gmail.com", Domains()).domains == ("gmail.com", "web.de")
    for domain in ("qq.com", "gmx.net", "icloud.com"):
        habits = habits.using("abc", domain, Domains())
    assert habits.domains == ("icloud.com", "gmx.net", "qq.com")


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "{}", '{"layout": 7, "domains": 7}', '{"layout": "dvorak", "domains": [{}, "x.y"]}'),
        *("[" * 5000, '{"layout": ["abc"]}', '{"domains": {"web.de": 1}}'),
    ],
)
def test_a_file_that_is_something_else_is_no_habit(text: str, tmp_path: Path) -> None:
    path = tmp_path / "entry.json"
    path.write_text(text)
    assert read_habits(path) == Habits()


def test_a_place_that_cannot_be_read_or_written_is_borne(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xff\xfe")
    assert read_habits(tmp_path / "file") == Habits()
    assert read_habits(tmp_path) == Habits()
    write_habits(tmp_path / "file" / "entry.json", SEEN)
    write_habits(Path("/proc/nowhere/entry.json"), SEEN)


def test_the_operators_domains_keep_their_places() -> None:
    domains = Domains.of(["acme.example", "acme.test"], ["web.de"])
    assert domains.names[:4] == ("acme.example", "acme.test", "web.de", "gmail.com")
    assert domains.preferring("qq.com").names[:4] == ("acme.example", "acme.test", "qq.com", "web.de")
    assert domains.preferring("acme.test") is domains
