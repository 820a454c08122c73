"""The Debian package: built in a clean clone, then lived with in a bare Debian system."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.settings.table import SETTINGS
from tests.real.debianroot import DebianRoot, environment, require, unit
from tests.terminal import Terminal

ROOT = Path(__file__).parent.parent.parent
NAME = "smartlogin-kiosk"
UNITS = "usr/lib/systemd/system"
FONT = "/srv/font.psf"


def build(clone: Path, outdir: Path, *options: str) -> Path:
    """Build as the page says."""
    command = [sys.executable, str(clone / "packaging/debian/build"), *options, str(outdir)]
    keep = {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name in {"PATH", "HOME"}}
    ran = subprocess.run(command, capture_output=True, text=True, env=keep, timeout=400)
    assert ran.returncode == 0, ran.stderr
    return Path(ran.stdout.strip())


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built in a clean clone."""
    require("dpkg-deb", "git")
    directory = tmp_path_factory.mktemp("package")
    clone = directory / "clone"
    if subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], timeout=60).returncode:
        pytest.skip("this is no clone of the repository")
    return build(clone, directory)


@pytest.fixture(scope="module")
def next_package(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's next revision, with a setting that came later."""
    directory = tmp_path_factory.mktemp("next")
    subprocess.run(["dpkg-deb", "-R", str(package), str(directory / "tree")], check=True, timeout=60)
    control = directory / "tree/DEBIAN/control"
    text = control.read_text(encoding="utf-8")
    control.write_text(re.sub(r"(?m)^(Version: .+)-1$", r"\1-2", text), encoding="utf-8")
    with (directory / "tree/etc/kiosk/kiosk.toml").open("a", encoding="utf-8") as file:
        file.write("# a setting that came later\n")
    command = ["dpkg-deb", "--root-owner-group", "-Znone", "-b", str(directory / "tree"), str(directory / "next.deb")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return directory / "next.deb"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> DebianRoot:
    """A Debian system without the package."""
    require("mmdebstrap", "chroot", "dpkg")
    return DebianRoot(tmp_path_factory.mktemp("root") / "debian")


@pytest.fixture(scope="module")
def box(bare: DebianRoot, package: Path) -> DebianRoot:
    """The system with the package, as installed; for tests that leave it as it is."""
    bare.dpkg("--install", str(package))
    return bare


@pytest.fixture
def fresh(bare: DebianRoot, package: Path) -> Iterator[DebianRoot]:
    """The system with the package installed anew, and so again after the test has changed what it likes."""
    for _ in range(2):
        bare.dpkg("--purge", NAME)
        bare.dpkg("--install", str(package))
        if _ == 0:
            yield bare


def test_the_same_sources_are_compiled_to_the_same_bytes(package: Path, tmp_path: Path) -> None:
    untar = ["tar", "-x", "-C", str(tmp_path), "./usr/lib/kiosk/site/kiosk"]
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE) as pack:
        subprocess.run(untar, stdin=pack.stdout, check=True, timeout=60)
    site = tmp_path / "usr/lib/kiosk/site"
    shipped = {path.relative_to(site): path.read_bytes() for path in site.rglob("*.pyc")}
    assert len(shipped) > 100
    for path in shipped:
        (site / path).unlink()
    script = "import pathlib, sys, vendored; vendored.compile_all(*map(pathlib.Path, sys.argv[1:]))"
    environ = {"PYTHONPATH": str(ROOT / "packaging/debian"), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", script, str(tmp_path), str(site)], check=True, env=environ, timeout=120)
    assert [str(path) for path, data in shipped.items() if (site / path).read_bytes() != data] == []


def test_lintian_has_nothing_to_say(package: Path) -> None:
    require("lintian")
    command = ["lintian", "--allow-root", "--fail-on", "error,warning", str(package)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_an_installed_box_knows_the_command_its_settings_and_its_user(box: DebianRoot) -> None:
    version = box.run("kiosk", "--version")
    assert re.fullmatch(r"kiosk \d\S+\n", version.stdout), version
    shown = box.run("kiosk", "config", "show", HOME="/nowhere", PYTHONPATH="/nonsense")
    assert len(shown.stdout.splitlines()) == len(SETTINGS), shown
    path = box.run("kiosk", "config", "path")
    assert path.stdout == "/etc/kiosk/kiosk.toml\n"
    user = next(line for line in box.state()["passwd"].splitlines() if line.startswith("kiosk:"))
    assert user.endswith(":/var/lib/kiosk:/usr/sbin/nologin")
    assert not box.run("sh", "-c", "ls /etc/systemd/system/*/kiosk*").stdout  # nobody's console is taken unasked


def test_nothing_that_the_package_brings_is_compiled_again_or_writable_by_its_user(box: DebianRoot) -> None:
    site = box.path / "usr/lib/kiosk/site"
    sources = list(site.rglob("*.py"))
    assert len(sources) > 500
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*.pyc")}
    assert len(before) >= len(sources) - 5  # some wheels carry templates that are no Python
    box.run("kiosk", "status", HOME="/nowhere")
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*.pyc")} == before
    writable = box.run("find", "/usr/lib/kiosk", "/etc/kiosk", "-writable", user="kiosk")
    assert (writable.stdout, writable.returncode) == ("", 0)


def test_the_first_screen_comes_with_the_units_environment_on_a_linux_console(box: DebianRoot) -> None:
    lines = unit((box.path / UNITS / "kiosk.service").read_text(encoding="utf-8"))
    credentials = box.path / "run/credentials/kiosk.service"
    credentials.mkdir(parents=True, mode=0o755)
    (credentials / "kiosk.key").write_bytes(os.urandom(32))
    (credentials / "kiosk.key").chmod(0o644)
    for folder in ("var/lib/kiosk", "run/kiosk"):
        (box.path / folder).mkdir(mode=0o700)
        box.run("chown", "kiosk:kiosk", f"/{folder}")
    environ = {
        **environment(lines["Environment"]),
        "STATE_DIRECTORY": "/var/lib/kiosk",
        "CREDENTIALS_DIRECTORY": "/run/credentials/kiosk.service",
        "KIOSK_API_KEY": "some-site",
    }
    assert environ["TERM"] == "linux"
    argv = [*box.inside(environ, "kiosk"), *lines["ExecStart"][0].split()]
    with Terminal([], box.path, argv=argv) as it:
        it.see("Type your email or username", limit=60)
        assert b"Traceback" not in it.raw
        it.process.terminate()
        assert it.exit_code() == 143
    status = box.run("kiosk", "status", "--json", user="kiosk", **environ)
    assert status.returncode == 1, status
    assert "sealed" in status.stdout
    assert '"keyring_problem": null' in status.stdout
    assert environ["HOME"] == "/var/lib/kiosk"


def test_the_units_verify_and_are_hardened(box: DebianRoot) -> None:
    require("systemd-analyze")
    for name, most in (("kiosk.service", 16), ("kiosk-resting.service", 16), ("kiosk-key.service", 80)):
        path = f"/{UNITS}/{name}"
        command = ["systemd-analyze", f"--root={box.path}", "--man=no", "--recursive-errors=no", "verify", path]
        verified = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert (verified.returncode, verified.stderr) == (0, "")
        offline = ["--offline=true", f"--threshold={most}", "security", f"{box.path}{path}"]
        secure = subprocess.run(["systemd-analyze", "--no-pager", *offline], capture_output=True, text=True, timeout=60)
        assert secure.returncode == 0, secure.stdout[-600:]


def test_the_installed_maker_of_key_tables_finds_their_source(box: DebianRoot) -> None:
    made = box.run("/usr/share/kiosk/remotes/make", "hwdb", "0003:1d57:ad02")
    assert (made.returncode, made.stderr) == (0, "")
    assert "KEYBOARD_KEY_c0041=enter" in made.stdout


def test_an_upgrade_keeps_the_settings_and_what_is_kept(fresh: DebianRoot, next_package: Path) -> None:
    file = fresh.path / "etc/kiosk/kiosk.toml"
    file.write_text('api_key = "ours"\n', encoding="utf-8")
    kept = fresh.path / "var/lib/kiosk/keyring"
    kept.mkdir(parents=True)
    (kept / "session").write_text("kept", encoding="utf-8")
    # The file came with another text now and somebody wrote into it: a fleet says beforehand whose counts.
    fresh.dpkg("--force-confdef", "--force-confold", "--install", str(next_package))
    assert file.read_text(encoding="utf-8") == 'api_key = "ours"\n'
    assert (kept / "session").read_text(encoding="utf-8") == "kept"
    assert "api_key = 'ours'" in fresh.run("kiosk", "config", "show").stdout


def test_settings_that_both_sides_left_alone_are_not_asked_about(
    fresh: DebianRoot, package: Path, next_package: Path
) -> None:
    file = fresh.path / "etc/kiosk/kiosk.toml"
    assert "onffile" not in fresh.dpkg("--install", str(next_package))  # nobody wrote into it: it is brought up to date
    assert "came later" in file.read_text(encoding="utf-8")
    file.write_text('api_key = "ours"\n', encoding="utf-8")
    assert "onffile" not in fresh.dpkg("--install", str(next_package))  # the package changed nothing: it stays
    assert file.read_text(encoding="utf-8") == 'api_key = "ours"\n'


def test_the_lock_down_comes_and_goes_and_touches_nothing_of_others(box: DebianRoot) -> None:
    theirs = box.path / "etc/systemd/system/ctrl-alt-del.target"
    before = box.state()
    assert box.run("kiosk-lockdown", "status").returncode == 1
    assert box.run("kiosk-lockdown", "on").returncode == 0
    assert box.run("kiosk-lockdown", "on").returncode == 0
    status = box.run("kiosk-lockdown", "status")
    assert (status.returncode, status.stdout.count("on ")) == (0, 4)
    for line in status.stdout.splitlines():
        target = (box.path / line.split()[1].lstrip("/")).readlink()
        assert str(target) == "/dev/null" or (box.path / str(target).lstrip("/")).is_file()
    assert box.run("kiosk-lockdown", "off").returncode == 0
    assert box.state().keys() == before.keys()
    theirs.parent.mkdir(parents=True, exist_ok=True)
    theirs.symlink_to("/usr/lib/systemd/system/poweroff.target")
    on = box.run("kiosk-lockdown", "on")
    assert (on.returncode, "ctrl-alt-del.target" in on.stderr) == (1, True)
    box.run("kiosk-lockdown", "off")
    assert theirs.is_symlink()
    theirs.unlink()


@pytest.mark.parametrize(
    ("screen", "size"),
    [("1920x1080", (32, 16)), ("1280x720", (28, 14)), ("1024x768", (24, 12)), ("720x576", (16, 8))],
)
def test_the_console_gets_the_largest_font_that_fits_with_half_blocks(
    box: DebianRoot, screen: str, size: tuple[int, int]
) -> None:
    made = box.run("/usr/lib/kiosk/console-font", "--screen", screen, "--into", FONT)
    assert (made.returncode, made.stderr) == (0, "")
    table = box.run("psfgettable", FONT)
    codes = {int(code, 16) for code in re.findall(r"U\+([0-9a-fA-F]{4})", table.stdout)}
    assert {*range(0x2580, 0x25A0), ord("A"), ord("ß"), ord("é"), 0x2500} <= codes
    head = (box.path / FONT.lstrip("/")).read_bytes()[:32]
    assert tuple(int.from_bytes(head[at : at + 4], "little") for at in (24, 28)) == size
    too_small = box.run("/usr/lib/kiosk/console-font", "--screen", "320x200", "--into", "/srv/no.psf")
    assert too_small.returncode == 1
    assert too_small.stderr.count("\n") == 1


def test_the_half_blocks_are_where_they_belong(box: DebianRoot) -> None:
    box.run("/usr/lib/kiosk/console-font", "--screen", "1920x1080", "--into", FONT)
    font = (box.path / FONT.lstrip("/")).read_bytes()
    size = int.from_bytes(font[20:24], "little")
    count = int.from_bytes(font[16:20], "little")
    parts = font[32 + size * count :].split(b"\xff")
    glyph = {
        code: font[32 + n * size : 32 + (n + 1) * size]
        for n, part in enumerate(parts[:count])
        for code in part.decode()
    }
    assert glyph["▀"] == b"\xff" * (size // 2) + bytes(size // 2)
    assert glyph["▄"] == bytes(size // 2) + b"\xff" * (size // 2)
    assert glyph["▌"] == b"\xff\x00" * (size // 2)
    assert glyph["▐"] == b"\x00\xff" * (size // 2)
    assert glyph["▚"] == b"\xff\x00" * (size // 4) + b"\x00\xff" * (size // 4)
    assert glyph["█"] == b"\xff" * size


def test_removal_keeps_the_settings_and_purge_leaves_nothing(bare: DebianRoot, package: Path) -> None:
    bare.dpkg("--purge", NAME)
    before = bare.state()
    bare.dpkg("--install", str(package))
    assert bare.run("kiosk-lockdown", "on").returncode == 0
    for path in ("var/lib/kiosk/keyring", "var/log/kiosk", "var/cache/kiosk", "etc/credstore.encrypted"):
        (bare.path / path).mkdir(parents=True, exist_ok=True)
    for path in ("var/lib/kiosk/keyring/session", "etc/credstore.encrypted/kiosk.key", "etc/kiosk/own.toml"):
        (bare.path / path).write_text("x", encoding="utf-8")
    wants = bare.path / "etc/systemd/system/getty.target.wants"
    wants.mkdir(parents=True)
    (wants / "kiosk.service").symlink_to(f"/{UNITS}/kiosk.service")

    bare.dpkg("--remove", NAME)
    left = {path for path in bare.state() if path not in before}
    assert "/etc/kiosk/kiosk.toml" in left
    assert "/var/lib/kiosk/keyring/session" in left
    assert not any(path.startswith("/usr") or "lockdown" in path or "sysctl" in path for path in left), left

    bare.dpkg("--purge", NAME)
    after = bare.state()
    assert sorted(path for path in after if path not in before) == []
    assert {path for path in before if after.get(path) != before[path]} == set()
