"""The sealed file: what it keeps, who can change it, and what becomes of one that cannot be opened."""

import errno
import fcntl
import multiprocessing
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyring.errors import PasswordDeleteError

from kiosk.vault.problems import VaultError, VaultProblem, problem_of
from kiosk.vault.sealed import place as place_module
from kiosk.vault.sealed.backend import SealedFileKeyring
from kiosk.vault.sealed.keys import KeyKind, KeySource
from kiosk.vault.sealed.place import LARGEST, Place
from kiosk.vault.sealed.seal import MAGIC, seal, unseal

KEY = b"a key of the tests, long enough"


class Box:
    """A folder with a sealed file, and its key beside it."""

    def __init__(self, home: Path) -> None:
        self.key = home / "kiosk.key"
        if not self.key.exists():
            self.key.write_bytes(KEY)
        self.place = Place(home / "state" / "keyring")

    def keyring(self, kind: KeyKind = KeyKind.CREDENTIAL) -> SealedFileKeyring:
        return SealedFileKeyring(self.place.folder, KeySource(kind, self.key))

    def problem(self) -> VaultProblem:
        """Why nothing can be read."""
        with pytest.raises((VaultError, OSError)) as caught:
            self.keyring().get_password("kiosk", "site")
        return problem_of(caught.value)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


@pytest.fixture
def full(box: Box) -> Box:
    box.keyring().set_password("kiosk", "site", "token-of-jane")
    box.keyring().set_password("kiosk", "pending", "guid-of-john")
    return box


def test_entries_come_back_in_another_process_and_go_one_by_one(full: Box) -> None:
    it = full.keyring()
    assert (it.get_password("kiosk", "site"), it.get_password("kiosk", "none")) == ("token-of-jane", None)
    it.delete_password("kiosk", "site")
    assert full.keyring().get_password("kiosk", "site") is None
    assert full.keyring().get_password("kiosk", "pending") == "guid-of-john"
    with pytest.raises(PasswordDeleteError):
        it.delete_password("kiosk", "site")


def test_with_the_last_entry_the_file_goes(full: Box) -> None:
    for name in ("site", "pending"):
        full.keyring().delete_password("kiosk", name)
    assert not full.place.file.exists()


def test_the_disk_holds_no_secret_and_no_name_in_the_clear(full: Box) -> None:
    held = b"".join(path.read_bytes() for path in full.place.folder.iterdir())
    assert not any(word in held for word in (b"token", b"jane", b"guid", b"kiosk", b"site"))

    assert seal({}, KEY) != seal({}, KEY)


def test_only_its_owner_may_look_and_nothing_is_left_lying_about(full: Box) -> None:
    assert stat.S_IMODE(full.place.folder.stat().st_mode) == 0o700
    assert {(path.name, stat.S_IMODE(path.stat().st_mode)) for path in full.place.folder.iterdir()} == {
        ("sealed", 0o600),
        ("lock", 0o600),
    }
    full.place.folder.chmod(0o755)
    full.keyring().set_password("kiosk", "site", "x")
    assert stat.S_IMODE(full.place.folder.stat().st_mode) == 0o700


def test_every_changed_bit_is_noticed(full: Box) -> None:
    whole = full.place.file.read_bytes()
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1
        with pytest.raises(VaultError):
            unseal(bytes(changed), KEY)


def test_every_cut_is_noticed(full: Box) -> None:
    whole = full.place.file.read_bytes()
    for length in range(len(whole)):
        with pytest.raises(VaultError) as caught:
            unseal(whole[:length], KEY)
        assert caught.value.problem is VaultProblem.DAMAGED


@given(st.binary(max_size=300), st.booleans())
def test_garbage_is_noticed(garbage: bytes, ours: bool) -> None:
    with pytest.raises(VaultError):
        unseal(MAGIC + b"\x01" + garbage if ours else garbage, KEY)


@given(st.dictionaries(st.tuples(st.text(), st.text()), st.text(), max_size=5), st.binary(min_size=16, max_size=200))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_sealed_comes_back(entries: dict[tuple[str, str], str], key: bytes) -> None:
    assert unseal(seal(entries, key), key) == entries


def test_two_files_with_one_key_share_nothing_that_could_be_exchanged(full: Box) -> None:
    one = full.place.file.read_bytes()
    other = seal({("kiosk", "site"): "token-of-eve"}, KEY)
    head = len(MAGIC) + 1 + 8 + 16 + 12
    for mixed in (one[:head] + other[head:], other[:head] + one[head:]):
        with pytest.raises(VaultError):
            unseal(mixed, KEY)


def damage(box: Box) -> None:
    box.place.file.write_bytes(box.place.file.read_bytes()[:-1] + b"!")


def test_a_damaged_file_is_put_aside_once_and_never_more_than_one(full: Box) -> None:
    for text in ("first", "second"):
        full.keyring().set_password("kiosk", "site", text)
        damage(full)
        damaged = full.place.file.read_bytes()
        assert full.problem() is VaultProblem.DAMAGED
        assert full.place.aside.read_bytes() == damaged
        assert full.keyring().get_password("kiosk", "site") is None
    assert {path.name for path in full.place.folder.iterdir()} == {"set-aside", "lock"}


def test_the_loss_of_each_entry_is_told_once_whoever_looks_first(full: Box) -> None:
    damage(full)
    it = full.keyring()
    for name in ("pending", "site"):
        with pytest.raises(VaultError) as caught:
            it.get_password("kiosk", name)
        assert caught.value.problem is VaultProblem.DAMAGED
        assert it.get_password("kiosk", name) is None
    it.set_password("kiosk", "site", "new")
    assert it.get_password("kiosk", "site") == "new"


def test_a_damaged_file_makes_room_for_a_new_sign_in(full: Box) -> None:
    damage(full)
    full.keyring().set_password("kiosk", "site", "token-of-john")
    assert full.keyring().get_password("kiosk", "site") == "token-of-john"
    assert full.place.aside.exists()


@pytest.mark.parametrize("what", ["empty", "folder", "pipe", "link", "huge"])
def test_something_else_in_its_place_holds_nobody_up(box: Box, what: str) -> None:
    box.keyring().set_password("kiosk", "site", "x")
    box.place.file.unlink()
    match what:
        case "empty":
            box.place.file.touch()
        case "folder":
            box.place.file.mkdir()
        case "pipe":
            os.mkfifo(box.place.file)
        case "link":
            box.place.file.symlink_to("/etc/passwd")
        case "huge":
            box.place.file.write_bytes(MAGIC)
            os.truncate(box.place.file, LARGEST * 1000)
    assert box.problem() is VaultProblem.DAMAGED
    box.keyring().set_password("kiosk", "site", "token")
    assert box.keyring().get_password("kiosk", "site") == "token"


def test_another_key_finds_nothing_and_harms_nothing(full: Box) -> None:
    full.key.write_bytes(b"the key of quite another box")
    assert full.problem() is VaultProblem.OTHER_KEY
    full.key.write_bytes(KEY)
    assert full.keyring().get_password("kiosk", "site") == "token-of-jane"


def test_another_version_finds_nothing_and_harms_nothing_until_the_place_is_needed(full: Box) -> None:
    whole = bytearray(full.place.file.read_bytes())
    whole[len(MAGIC)] = 2
    full.place.file.write_bytes(whole)
    assert full.problem() is VaultProblem.NEWER
    assert full.place.file.read_bytes() == whole
    full.keyring().set_password("kiosk", "site", "new")
    assert full.place.aside.read_bytes() == whole
    assert full.keyring().get_password("kiosk", "site") == "new"


@pytest.mark.parametrize(
    ("key", "problem"),
    [(None, VaultProblem.NO_KEY), (b"", VaultProblem.SHORT_KEY), (b"fifteen letters", VaultProblem.SHORT_KEY)],
)
def test_a_key_that_is_none(full: Box, key: bytes | None, problem: VaultProblem) -> None:
    for name in ("site", "pending"):  # with a file and without
        _no_key(full, key, problem)
        full.key.write_bytes(KEY)
        full.keyring().delete_password("kiosk", name)
    _no_key(full, key, problem)


def _no_key(full: Box, key: bytes | None, problem: VaultProblem) -> None:
    full.key.unlink()
    if key is not None:
        full.key.write_bytes(key)
    assert full.problem() is problem
    with pytest.raises(VaultError) as caught:
        full.keyring().set_password("kiosk", "site", "x")
    assert caught.value.problem is problem


@pytest.mark.parametrize("what", ["folder", "pipe"])
def test_a_key_that_is_no_file_holds_nobody_up(full: Box, what: str) -> None:
    full.key.unlink()
    full.key.mkdir() if what == "folder" else os.mkfifo(full.key)
    assert full.problem() in {VaultProblem.NO_KEY, VaultProblem.SHORT_KEY}


def test_no_key_at_all(tmp_path: Path) -> None:
    it = SealedFileKeyring(tmp_path, None)
    with pytest.raises(VaultError) as reading:
        it.get_password("kiosk", "site")
    with pytest.raises(VaultError) as keeping:
        it.set_password("kiosk", "site", "x")
    assert reading.value.problem is keeping.value.problem is VaultProblem.NO_KEY


def test_a_key_file_is_made_when_something_is_kept_and_not_before(tmp_path: Path) -> None:
    key = tmp_path / "etc" / "key"
    it = SealedFileKeyring(tmp_path / "keyring", KeySource(KeyKind.FILE, key))
    assert it.get_password("kiosk", "site") is None
    assert not key.exists()
    it.set_password("kiosk", "site", "token")
    assert it.get_password("kiosk", "site") == "token"
    assert (len(key.read_bytes()), stat.S_IMODE(key.stat().st_mode)) == (32, 0o600)
    assert [path.name for path in key.parent.iterdir()] == ["key"]


def test_a_key_file_that_is_there_is_used_as_it_is(box: Box) -> None:
    box.keyring(KeyKind.FILE).set_password("kiosk", "site", "token")
    assert box.key.read_bytes() == KEY


def _fails_with(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(_descriptor: int, _data: bytes) -> int:
        raise OSError(number, "as the test wants")

    monkeypatch.setattr(os, "write", write)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (errno.ENOSPC, VaultProblem.FULL),
        (errno.EDQUOT, VaultProblem.FULL),
        (errno.EROFS, VaultProblem.READ_ONLY),
        (errno.EACCES, VaultProblem.FORBIDDEN),
        (errno.EIO, VaultProblem.FAILING),
    ],
)
def test_a_disk_that_does_not_take_it_leaves_what_was(
    full: Box, number: int, problem: VaultProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        _fails_with(number, patched)
        with pytest.raises(OSError, match="as the test wants") as caught:
            full.keyring().set_password("kiosk", "site", "another")
    assert problem_of(caught.value) is problem
    assert full.keyring().get_password("kiosk", "site") == "token-of-jane"
    assert {path.name for path in full.place.folder.iterdir()} == {"sealed", "lock"}


def test_signing_out_needs_no_room_on_the_disk(full: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    _fails_with(errno.ENOSPC, monkeypatch)
    full.keyring().delete_password("kiosk", "site")
    assert full.keyring().get_password("kiosk", "site") is None


def test_a_short_write_is_gone_on_with(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    box.keyring().set_password("kiosk", "site", "x" * 500)
    assert box.keyring().get_password("kiosk", "site") == "x" * 500


def test_more_than_any_session_is_not_taken(full: Box) -> None:
    with pytest.raises(VaultError) as caught:
        full.keyring().set_password("kiosk", "site", "x" * LARGEST)
    assert caught.value.problem is VaultProblem.TOO_LARGE
    assert full.keyring().get_password("kiosk", "site") == "token-of-jane"


def test_whoever_stays_at_the_file_is_not_waited_for_without_end(full: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place_module, "PATIENCE", 0.05)
    with (full.place.folder / "lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert full.keyring().get_password("kiosk", "site") == "token-of-jane"
        with pytest.raises(VaultError) as caught:
            full.keyring().set_password("kiosk", "site", "x")
        assert caught.value.problem is VaultProblem.HANGING
    full.keyring().set_password("kiosk", "site", "x")


def _keep_many(home: Path, name: str) -> None:
    for count in range(25):
        Box(home).keyring().set_password("kiosk", f"{name}{count}", "x")


def test_two_processes_lose_nothing_of_each_other(tmp_path: Path) -> None:
    Box(tmp_path)
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_keep_many, args=(tmp_path, name)) for name in ("a", "b")]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
        assert process.exitcode == 0
    it = Box(tmp_path).keyring()
    assert all(it.get_password("kiosk", f"{name}{count}") == "x" for name in "ab" for count in range(25))


KILLED = """
import sys
from pathlib import Path
from tests.vault.test_sealed import Box
it = Box(Path(sys.argv[1])).keyring()
count = 0
while True:
    it.set_password("kiosk", "site", f"{count} " + "x" * 2000)
    print(count, flush=True)
    count += 1
"""


def test_a_power_cut_at_any_moment_leaves_the_old_entry_or_the_new(tmp_path: Path) -> None:
    box = Box(tmp_path)
    for _ in range(5):
        with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as it:
            assert it.stdout is not None
            said = [it.stdout.readline() for _ in range(20)]
            it.kill()
            said += it.stdout.readlines()
        last = int([line for line in said if line.endswith("\n")][-1])
        kept = box.keyring().get_password("kiosk", "site")
        assert kept is not None
        assert int(kept.split()[0]) in {last, last + 1}
        assert {path.name for path in box.place.folder.iterdir()} <= {"sealed", "lock", "sealed.new"}
