"""What the environment could have a locked app do: every variable that Textual reads is known."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import textual

from kiosk.lockdown.process import FROM_THE_TERMINAL, lock
from kiosk.tty.terminal import prepare

LOOKS_ALONE = {
    "TEXTUAL_ANIMATIONS",
    "TEXTUAL_COLOR_SYSTEM",
    "TEXTUAL_DISABLE_KITTY_KEY",
    "TEXTUAL_FILTERS",
    "TEXTUAL_FPS",
}
READ_BY_TEXTUAL = LOOKS_ALONE | {
    "TEXTUAL", "TEXTUAL_ALLOW_SIGNALS", "TEXTUAL_DEBUG", "TEXTUAL_DEVTOOLS_HOST", "TEXTUAL_DEVTOOLS_PORT",
    "TEXTUAL_DIM_FACTOR", "TEXTUAL_DRIVER", "TEXTUAL_LOG", "TEXTUAL_PRESS", "TEXTUAL_SCREENSHOT",
    "TEXTUAL_SCREENSHOT_FILENAME", "TEXTUAL_SCREENSHOT_LOCATION", "TEXTUAL_SHOW_RETURN", "TEXTUAL_SLOW_THRESHOLD",
    "TEXTUAL_SMOOTH_SCROLL", "TEXTUAL_SPEEDUPS", "TEXTUAL_THEME",
    "COLUMNS", "ESCDELAY", "LC_TERMINAL", "ROWS", "TERM_PROGRAM",
}  # fmt: skip
READ = re.compile(r"(?:environ(?:\.get)?|getenv|get_environ|_get_environ_\w+)\s*[(\[]\s*[\"']([A-Z_]+)[\"']")


@pytest.fixture
def signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in FROM_THE_TERMINAL}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_textual_reads_no_variable_that_nobody_has_thought_of() -> None:
    found = {
        name for path in Path(textual.__file__).parent.rglob("*.py") for name in READ.findall(path.read_text("utf-8"))
    }
    assert found >= LOOKS_ALONE - {"TEXTUAL_FILTERS"}
    assert found <= READ_BY_TEXTUAL


def test_of_those_only_looks_are_left() -> None:
    environ = dict.fromkeys(READ_BY_TEXTUAL, "1") | {"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "256"}
    prepare(environ)
    assert {name for name in environ if name.startswith("TEXTUAL")} == LOOKS_ALONE


@pytest.mark.usefixtures("signals")
def test_a_locked_process_has_nothing_that_logs_or_runs_code() -> None:
    doors = ["PYTHONINSPECT", "PYTHONSTARTUP", "PYTHONBREAKPOINT", "PYTHONASYNCIODEBUG", "BROWSER", "PAGER", "MANPAGER",
             "EDITOR", "VISUAL", "SSLKEYLOGFILE", "KIOSK_MAINTENANCE_PIN"]  # fmt: skip
    environ = dict.fromkeys(doors, "x") | {"HOME": "/home/jane", "PYTHONPATH": "kept", "HTTPS_PROXY": "kept"}
    lock(environ)
    assert set(environ) == {"HOME", "PYTHONPATH", "HTTPS_PROXY"}
    for number in FROM_THE_TERMINAL:
        assert callable(signal.getsignal(number))  # and not SIG_IGN, which programs that are started would inherit
