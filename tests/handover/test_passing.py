"""How a program gets the token, and what is left of it afterwards."""

import os
import stat
from pathlib import Path

import pytest

from kiosk.handover.passing import ByDescriptor, ByEnvironment, ByFile, Passing, passing_by

TOKEN = "token-of-jane"


def test_a_descriptor_can_be_read_again_and_again_and_is_closed() -> None:
    way = ByDescriptor()
    passed = way.begin(TOKEN)
    (descriptor,) = passed.descriptors
    assert passed.environ == {"KIOSK_TOKEN_FD": str(descriptor)}
    for _ in range(2):
        assert Path(f"/dev/fd/{descriptor}").read_text() == TOKEN
    assert os.read(descriptor, 100) == TOKEN.encode()
    way.end()
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(descriptor)


def test_a_variable() -> None:
    assert ByEnvironment().begin(TOKEN).environ == {"KIOSK_ACCESS_TOKEN": TOKEN}


def test_a_file_is_its_owner_s_alone_is_renewed_whole_and_goes(tmp_path: Path) -> None:
    way = ByFile(tmp_path)
    path = Path(way.begin(TOKEN).environ["KIOSK_TOKEN_FILE"])
    assert path.read_text() == TOKEN
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    way.renew("another")
    assert path.read_text() == "another"
    way.end()
    assert list(path.parent.iterdir()) == []


def test_a_file_that_somebody_put_there_as_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "kiosk").mkdir()
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "kiosk" / "token").symlink_to(elsewhere)
    (tmp_path / "kiosk" / "token.new").symlink_to(elsewhere)
    ByFile(tmp_path).begin(TOKEN)
    assert not elsewhere.exists()


def test_nothing_is_passed_where_nothing_is_wanted() -> None:
    assert passing_by("none", {}).begin(TOKEN) == Passing().begin(TOKEN)
    assert TOKEN not in repr(ByEnvironment().begin(TOKEN))


def test_a_file_needs_a_place_that_goes_with_the_login() -> None:
    with pytest.raises(ValueError, match="XDG_RUNTIME_DIR"):
        passing_by("file", {"XDG_RUNTIME_DIR": "relative"})
    assert isinstance(passing_by("file", {"RUNTIME_DIRECTORY": "/run/kiosk:/run/other"}), ByFile)
