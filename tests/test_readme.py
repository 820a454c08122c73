"""What the README promises."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from kiosk import exits
from kiosk.settings.table import SETTINGS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted((ROOT / "packaging").glob("*.md"))
SETTINGS_PAGE = (ROOT / "packaging" / "settings.md").read_text(encoding="utf-8")


def test_every_picture_and_link_into_the_repository_leads_somewhere() -> None:
    targets = [unquote(target) for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README)]
    assert len(targets) >= 5
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_setting_is_listed_with_its_variable_and_flag() -> None:
    for setting in SETTINGS:
        flag = "-" if setting.secret else f"`{setting.flag}`"
        assert f"| `{setting.name}` | `{setting.variable}` | {flag} |" in SETTINGS_PAGE
        assert SETTINGS_PAGE.count(f"| `{setting.name}` |") == 1


def test_every_exit_code_is_listed() -> None:
    codes = {value for name, value in vars(exits).items() if name.isupper() and type(value) is int}
    rows = re.findall(r"^\| ([\d /]+) \|", SETTINGS_PAGE.split("## Exit codes")[1], re.MULTILINE)
    assert codes <= {int(code) for row in rows for code in row.split(" / ")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_pages_of_packaging_are_found_and_lead_somewhere(page: Path) -> None:
    assert f"packaging/{page.name}" in README
    targets = [unquote(target) for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_both_commands_stand_where_ci_looks_for_them() -> None:
    for name in ("demo", "test"):
        found = re.search(rf"<!-- {name}-command -->\n```sh\n(python3 .+)\n```\n", README)
        assert found, name
