"""What `packaging/generate` makes of the parser and the table: settings file, manual pages, completions."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kiosk.settings.loading import load_settings
from kiosk.settings.table import SETTINGS

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory with everything in it."""
    directory = tmp_path_factory.mktemp("generated")
    command = [sys.executable, "-IB", str(ROOT / "packaging" / "generate"), str(directory)]
    subprocess.run(command, check=True, env={"SOURCE_DATE_EPOCH": "1700000000"}, timeout=60)
    return directory


def needs(program: str) -> str:
    """Where a program is; skips without it."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path


def test_the_settings_file_changes_nothing_as_it_ships(generated: Path) -> None:
    settings = load_settings({}, {}, generated / "kiosk.toml")
    assert set(settings.sources.values()) == {"default"}


def test_every_setting_stands_in_the_file_at_its_default_after_its_words(generated: Path, tmp_path: Path) -> None:
    text = (generated / "kiosk.toml").read_text(encoding="utf-8")
    active = re.sub(r"^#(?=\w+ = )", "", text, flags=re.MULTILINE)
    assert tomllib.loads(active) == {setting.name: setting.default for setting in SETTINGS}
    file = tmp_path / "kiosk.toml"
    file.write_text(active, encoding="utf-8")
    assert set(load_settings({}, {}, file).sources.values()) == {str(file)}
    flat = " ".join(text.replace("\n# ", " ").split())
    assert [setting.name for setting in SETTINGS if f" {setting.help} #{setting.name} = " not in flat] == []


@pytest.mark.parametrize("page", ["kiosk.1", "kiosk.toml.5"])
def test_the_pages_are_clean_to_both_formatters(generated: Path, page: str) -> None:
    lint = subprocess.run(
        [needs("mandoc"), "-T", "lint", "-W", "warning", str(generated / page)],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (lint.returncode, lint.stdout) == (0, "")
    command = [needs("groff"), "-man", "-ww", "-Tutf8", "-K", "utf8", str(generated / page)]
    assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stderr == ""


def test_the_pages_name_every_command_flag_setting_and_exit_code(generated: Path) -> None:
    mandoc = [needs("mandoc"), "-T", "ascii", "-O", "width=400"]

    def shown(page: str) -> str:
        raw = subprocess.run([*mandoc, generated / page], capture_output=True, text=True, check=True, timeout=30)
        return re.sub(".\b", "", raw.stdout)

    one, five = shown("kiosk.1"), shown("kiosk.toml.5")
    for word in _words_of_help():
        assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", one), word
    for code in (0, 1, 2, 70, 78, 124, 129, 130, 143):
        assert re.search(rf"^\s+{code}\s", one, re.MULTILINE), code
    for setting in SETTINGS:
        assert setting.secret or setting.flag in one
        assert re.search(rf"^\s+{setting.name}(\s|$)", five, re.MULTILINE), setting.name
        assert setting.variable in five


def _words_of_help() -> set[str]:
    """Every command and flag that `--help` shows."""
    help_text = _help()
    commands = re.findall(r"^    ([a-z]+)  +\S", help_text, re.MULTILINE)
    assert {"run", "demo", "serve", "config"} <= set(commands)
    flags = {flag for command in commands for flag in re.findall(r"--[a-z][a-z-]*", _help(command))}
    return flags | set(commands)


def _help(*command: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *command, "--help"],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=60,
        env={**os.environ, "COLUMNS": "300"},
    ).stdout  # fmt: skip


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("kiosk d", {"demo", "doctor"}),
        ("kiosk --the", {"--theme"}),
        ("kiosk run --theme hi", {"high-contrast"}),
        ("kiosk --layout qw", {"qwerty", "qwertz"}),
        ("kiosk config p", {"path"}),
        ("kiosk status --js", {"--json"}),
        ("kiosk --json-of-nobody --vers", {"--version"}),
        ("kiosk serve --site /etc/host", {"/etc/host.conf", "/etc/hostname", "/etc/hosts"}),
        ("kiosk serve --theme-of-nobody", set()),
        ("kiosk login --api-key ", set()),
    ],
)
def test_bash_completes(generated: Path, line: str, offered: set[str]) -> None:
    script = (
        'source "$1"; read -ra COMP_WORDS <<<"$2"; [[ $2 == *" " ]] && COMP_WORDS+=("");'
        'COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _kiosk; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    command = [needs("bash"), "--norc", "-euc", script, "bash", str(generated / "kiosk.bash"), line]
    out = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert out.stderr == ""
    found = set(out.stdout.split())
    assert found <= offered
    assert bool(found) == bool(offered)


@pytest.mark.parametrize(("shell", "file"), [("bash", "kiosk.bash"), ("zsh", "_kiosk"), ("fish", "kiosk.fish")])
def test_each_shell_reads_its_completions(generated: Path, shell: str, file: str) -> None:
    out = subprocess.run([needs(shell), "-n", str(generated / file)], capture_output=True, text=True, timeout=30)
    assert (out.returncode, out.stderr) == (0, "")


def test_fish_completes(generated: Path) -> None:
    script = f'source {generated / "kiosk.fish"}; complete -C "kiosk run --theme hi"; complete -C "kiosk stat"'
    out = subprocess.run([needs("fish"), "-N", "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert [line.split("\t")[0] for line in out.stdout.splitlines()] == ["high-contrast", "status"]
