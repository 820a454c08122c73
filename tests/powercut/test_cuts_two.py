from pathlib import Path

from tests.powercut.check import check_part


def test_neither_a_click_nor_a_session_is_lost(tmp_path: Path) -> None:
    check_part(1, tmp_path)
