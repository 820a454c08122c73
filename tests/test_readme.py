"""What the README promises."""

import re
from pathlib import Path
from urllib.parse import unquote

from kiosk.settings.table import SETTINGS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_picture_and_link_into_the_repository_leads_somewhere() -> None:
    targets = [unquote(target) for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README)]
    assert len(targets) >= 5
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_setting_is_listed_with_its_variable_and_flag() -> None:
    for setting in SETTINGS:
        flag = "-" if setting.secret else f"`{setting.flag}`"
        assert f"| `{setting.name}` | `{setting.variable}` | {flag} |" in README


def test_both_commands_stand_where_ci_looks_for_them() -> None:
    for name in ("demo", "test"):
        found = re.search(rf"<!-- {name}-command -->\n```sh\n(python3 .+)\n```\n", README)
        assert found, name
