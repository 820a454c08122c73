"""What the terminal is taken for, and what Textual gets to see of the environment."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.tty.terminal import BROWSER_DRIVER, colours, in_browser, is_console, prepare, unfit
from tests.terminal import Terminal

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("environ", [{}, {"TERM": ""}, {"TERM": "dumb"}, {"TERM": "unknown"}])
def test_terminals_that_cannot_show_full_screens_are_refused(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.isatty", lambda _descriptor: True)
    reason = unfit(environ)
    assert reason is not None
    assert (environ.get("TERM") or "unset") in reason


@pytest.mark.parametrize("term", ["linux", "xterm", "xterm-256color", "vt100", "vt220", "screen", "tmux-256color"])
def test_all_others_are_taken(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.isatty", lambda _descriptor: True)
    assert unfit({"TERM": term}) is None


@pytest.mark.parametrize("missing", [0, 2])
def test_keys_come_in_and_pictures_go_out_through_a_terminal(missing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.isatty", lambda descriptor: descriptor != missing)
    assert unfit({"TERM": "xterm"}) == "this is no terminal"


@pytest.mark.parametrize("missing", [0, 2])
def test_a_descriptor_that_is_closed_is_no_terminal(missing: int) -> None:
    controller, worker = pty.openpty()
    code = f"import os; os.close({missing}); from kiosk.tty.terminal import unfit; print(unfit({{'TERM': 'xterm'}}))"
    told = subprocess.run([sys.executable, "-c", code], stdin=worker, stderr=worker, stdout=subprocess.PIPE, cwd=ROOT)
    os.close(controller)
    os.close(worker)
    assert told.stdout == b"this is no terminal\n"


def test_no_term_at_all_is_refused_with_one_line(tmp_path: Path) -> None:
    with Terminal(["run"], tmp_path, environ={"TERM": ""}) as it:
        assert it.exit_code() == 2
        assert it.raw.count(b"\n") == 1
        assert b"kiosk login" in it.raw
        assert b"\x1b" not in it.raw


@pytest.mark.parametrize(
    ("environ", "count"),
    [
        ({"TERM": "linux"}, 16),
        ({"TERM": "linux", "COLORTERM": "truecolor", "TEXTUAL_COLOR_SYSTEM": "truecolor"}, 16),
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "xterm-kitty"}, 256),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, 1 << 24),
        ({"TERM": "screen", "COLORTERM": " 24bit "}, 1 << 24),
        ({"TERM": "xterm"}, 16),
        ({"TERM": "vt220"}, 16),
        ({"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "256"}, 256),
        ({"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "standard"}, 16),
        ({"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "auto"}, 256),
    ],
)
def test_how_many_colours(environ: dict[str, str], count: int) -> None:
    assert colours(environ) == count


@pytest.mark.parametrize("term", ["xterm", "xterm-256color", "xterm-kitty", "vt220", "screen.xterm-256color", "foot"])
@pytest.mark.parametrize("colorterm", ["", "truecolor", "24bit", "yes"])
def test_the_same_number_as_textual_will_send(term: str, colorterm: str) -> None:
    from rich.console import Console

    environ = {"TERM": term, "COLORTERM": colorterm}
    theirs = Console(_environ=environ, force_terminal=True, legacy_windows=False).color_system
    assert {"standard": 16, "256": 256, "truecolor": 1 << 24}[str(theirs)] == colours(environ)


def test_what_would_log_keys_or_run_code_is_not_passed_on() -> None:
    environ = {
        "TERM": "xterm",
        "HOME": "/home/jane",
        "TEXTUAL": "debug,devtools",
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_LOG": "/tmp/keys",  # noqa: S108
        "TEXTUAL_DRIVER": "evil:Driver",
        "TEXTUAL_PRESS": "enter",
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": "/tmp",  # noqa: S108
        "TEXTUAL_ALLOW_SIGNALS": "1",
        "TEXTUAL_DEVTOOLS_HOST": "example.org",
        "TEXTUAL_THEME": "nord",
        "TEXTUAL_COLOR_SYSTEM": "all of them",
        "TEXTUAL_ANIMATIONS": "none",
        "NO_COLOR": "",
    }
    prepare(environ)
    assert environ == {"TERM": "xterm", "HOME": "/home/jane", "TEXTUAL_ANIMATIONS": "none"}


def test_the_console_is_sent_neither_true_colours_nor_what_it_prints() -> None:
    environ = {"TERM": "linux", "COLORTERM": "truecolor", "NO_COLOR": "1"}
    prepare(environ)
    assert environ == {
        "TERM": "linux",
        "NO_COLOR": "1",
        "TEXTUAL_COLOR_SYSTEM": "standard",
        "TEXTUAL_DISABLE_KITTY_KEY": "1",
    }


def test_a_browser_needs_no_terminal_and_keeps_its_driver() -> None:
    environ = {"TEXTUAL_DRIVER": BROWSER_DRIVER, "TEXTUAL_FPS": "60", "TEXTUAL_COLOR_SYSTEM": "truecolor"}
    assert unfit(environ) is None
    assert in_browser(environ)
    assert not is_console({**environ, "TERM": "linux"})
    prepare(environ)
    assert len(environ) == 3


@pytest.mark.parametrize("wanted", ["textual", "rich"])
def test_none_of_this_costs_an_import(wanted: str) -> None:
    code = (
        "import kiosk.tty.terminal, kiosk.tty.glyphs, kiosk.tty.console, kiosk.tty.colours, sys\n"
        f"assert {wanted!r} not in sys.modules and 'asyncio' not in sys.modules and 'ctypes' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_last_word_that_nobody_can_hear_leaves_the_exit_code_alone() -> None:
    controller, worker = pty.openpty()
    said = "import kiosk.tty.terminal as it; print(flush=True); input(); it.complain('gone'); raise SystemExit(3)"
    command, pipe = [sys.executable, "-c", said], subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env={}, stdin=pipe, stdout=pipe, stderr=worker) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.close(worker)
        os.close(controller)
        process.communicate(b"\n", timeout=30)
    assert process.returncode == 3
