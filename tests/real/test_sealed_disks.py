"""The sealed file on real disks that are full, or cannot be written."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.vault.problems import VaultError, VaultProblem, problem_of
from tests.vault.test_sealed import Box


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB."""
    point = tmp_path / "state"
    point.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", point]).returncode:
        pytest.skip("only root may mount a disk, and not everywhere")
    try:
        yield point
    finally:
        subprocess.run(["umount", point], check=True)


def keep(box: Box, secret: str) -> VaultProblem | None:
    try:
        box.keyring().set_password("kiosk", "site", secret)
    except (OSError, VaultError) as error:
        return problem_of(error)
    return None


def fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return


def test_a_full_disk_keeps_the_old_session_and_still_signs_out(disk: Path) -> None:
    box = Box(disk.parent)
    assert keep(box, "first") is None
    box.keyring().set_password("kiosk", "pending", "x" * 9000)
    fill(disk)
    assert keep(box, "second" * 2000) is VaultProblem.FULL
    assert box.keyring().get_password("kiosk", "site") == "first"
    box.keyring().delete_password("kiosk", "site")
    assert box.keyring().get_password("kiosk", "site") is None
    assert box.keyring().get_password("kiosk", "pending") == "x" * 9000  # there was room again for what is left


def test_a_disk_that_cannot_be_written_is_read(disk: Path) -> None:
    box = Box(disk.parent)
    assert keep(box, "first") is None
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert keep(box, "second") is VaultProblem.READ_ONLY
    assert box.keyring().get_password("kiosk", "site") == "first"
    with pytest.raises(OSError, match="Read-only") as caught:
        box.keyring().delete_password("kiosk", "site")
    assert problem_of(caught.value) is VaultProblem.READ_ONLY


def test_a_damaged_file_on_a_disk_that_cannot_be_written_is_told(disk: Path) -> None:
    box = Box(disk.parent)
    assert keep(box, "first") is None
    box.place.file.write_bytes(b"garbage")
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    for _ in range(2):
        assert box.problem() is VaultProblem.DAMAGED
