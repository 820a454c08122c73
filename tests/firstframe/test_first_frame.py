"""The frame before Textual: the same cells as Textual's first, keys kept, the terminal given back."""

import re
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyte
import pytest

from kiosk.firstframe import memory
from tests.terminal import UNKNOWN_TO_PYTE, Terminal

BASE = {"KIOSK_API_KEY": "k", "KIOSK_API_URL": "http://127.0.0.1:9", "KIOSK_DEVICE_NAME": "Lobby TV"}

Cells = list[tuple[object, ...]]

TEXTUAL = b"\x1b[?1004h"
"""What the driver says first."""

LOOKS: dict[str, tuple[int, int, Mapping[str, str]]] = {
    "true colour": (80, 24, {"COLORTERM": "truecolor"}),
    "256 colours, wide, German": (132, 43, {"LANG": "de_DE.UTF-8", "KIOSK_BRAND_LOGO": "ACME"}),
    "sixteen": (80, 24, {"TERM": "vt220"}),
    "console": (80, 25, {"TERM": "linux"}),
    "console in light": (100, 30, {"TERM": "linux", "KIOSK_THEME": "light"}),
    "no colour": (80, 24, {"NO_COLOR": "1"}),
    "high contrast, short": (90, 18, {"KIOSK_THEME": "high-contrast", "COLORTERM": "truecolor"}),
    "narrow, French": (40, 12, {"KIOSK_THEME": "light", "COLORTERM": "truecolor", "LANG": "fr_FR.UTF-8"}),
    "Japanese, a brand": (80, 24, {"KIOSK_LANG": "ja", "KIOSK_LAYOUT": "qwerty", "KIOSK_BRAND_COLOR": "#d33682"}),
    "locked": (120, 40, {"KIOSK_LOCKED": "true", "COLORTERM": "truecolor"}),
}


def frame_file(home: Path) -> Path:
    return home / ".cache" / "kiosk" / memory.FILE


def kept_frame(home: Path) -> bytes:
    head, _, body = frame_file(home).read_bytes().partition(b"\n\n")
    return body[: int(head.split(b"\n")[3])]


def pictures(raw: bytes, columns: int, rows: int, before: bytes = b"") -> Iterator[Cells]:
    """What a person could have seen while the bytes came: the screen after each line that was painted."""
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    stream.feed(UNKNOWN_TO_PYTE.sub(b"", before))
    for piece in re.split(rb"(?=\x1b\[\d+;\d+H)", UNKNOWN_TO_PYTE.sub(b"", raw)):
        stream.feed(piece)
        grid = (screen.buffer[y][x] for y in range(rows) for x in range(columns))
        # The colour of a blank cannot be seen.
        yield [(c.data, c.fg if c.data.strip() or c.reverse else "", c.bg, c.bold, c.reverse) for c in grid]


def first_start(
    home: Path,
    environ: Mapping[str, str],
    columns: int = 80,
    rows: int = 24,
    reports: tuple[int, int] | None = None,
) -> bytes:
    """A start that leaves its frame behind; what it has written."""
    with Terminal(["run"], home, columns=columns, rows=rows, reports=reports, environ={**BASE, **environ}) as it:
        end = time.monotonic() + 20
        while not frame_file(home).exists():
            assert time.monotonic() < end, it.text
            it.read()
        it.process.send_signal(signal.SIGTERM)
        assert it.exit_code() == 143
        return it.raw


def textual_comes(it: Terminal) -> None:
    """Read Textual's first frame, to its end."""
    while it.raw.count(b"\x1b[1;1H") < 2:
        assert it.read(20.0), "Textual never came"
    while it.read(0.5):
        pass


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_textuals_first_frame_cell_by_cell_and_nothing_flickers(look: str, tmp_path: Path) -> None:
    columns, rows, environ = LOOKS[look]
    painted = first_start(tmp_path, environ, columns, rows)
    *_, wanted = pictures(kept_frame(tmp_path), columns, rows)
    assert wanted in pictures(painted, columns, rows)

    with Terminal(["run"], tmp_path, columns=columns, rows=rows, environ={**BASE, **environ}) as it:
        frame = kept_frame(tmp_path)
        it.until(frame)
        textual_comes(it)
        shown = it.raw
    assert shown.find(frame) < 60, "it comes first"
    assert shown.count(b"\x1b[?1049h") == shown.count(b"\x1b[2J") + (0 if "console" in look else 1)
    after = list(pictures(shown, columns, rows))
    begun = after.index(wanted)
    last = after[-1]
    for picture in after[begun:]:
        assert all(cell in (before, then) for cell, before, then in zip(picture, wanted, last, strict=True))


def test_it_comes_before_textual(tmp_path: Path) -> None:
    first_start(tmp_path, {})
    with Terminal(["run"], tmp_path, environ={**BASE, "PYTHONVERBOSE": "1"}) as it:
        it.until(b"import 'textual.app'", limit=60)
        early = it.raw.partition(b"# code object from")[0] + it.raw
    frame = kept_frame(tmp_path)
    shown = early.find(frame[:40])
    assert shown >= 0
    imported = set(re.findall(rb"import '([\w.]+)'", early[:shown]))
    assert not {name for name in imported if name.split(b".")[0] in HEAVY}


HEAVY = set(b"textual rich asyncio h11 keyring qrcode argparse dataclasses tomllib typing".split())


def early(it: Terminal, home: Path, *keys: str) -> None:
    """Press keys as soon as the frame is there."""
    it.until(kept_frame(home)[-30:])
    it.press(*keys)


def test_keys_are_answered_on_it_and_go_on_in_the_app(tmp_path: Path) -> None:
    first_start(tmp_path, {})
    with Terminal(["run"], tmp_path, environ=BASE) as it:
        early(it, tmp_path, "jane.doe@exa", "backspace")
        it.see("jane.doe@ex ")
        assert TEXTUAL not in it.raw
        it.press("mple.org")
        it.until(TEXTUAL)
        it.see("jane.doe@exmple.org")
        it.press("\x1b[D", "\x1b[D", "\x1b[D", "backspace", "#")
        it.see("jane.doe@exmple#org")


@pytest.mark.parametrize(
    ("reports", "environ", "size"),
    [
        ((0, 0), {}, (80, 24)),
        ((0, 0), {"COLUMNS": "100", "LINES": "30"}, (100, 30)),
        ((0, 0), {"COLUMNS": "10000", "LINES": "-3"}, (80, 24)),
        ((120, 0), {}, (120, 24)),
    ],
)
def test_a_terminal_that_reports_no_size_has_it_too(
    reports: tuple[int, int], environ: dict[str, str], size: tuple[int, int], tmp_path: Path
) -> None:
    columns, rows = size
    first_start(tmp_path, environ, columns, rows, reports)
    with Terminal(["run"], tmp_path, columns=columns, rows=rows, reports=reports, environ={**BASE, **environ}) as it:
        early(it, tmp_path, "jane.doe@exa", "backspace")
        it.see("jane.doe@ex ")
        assert TEXTUAL not in it.raw
        assert it.raw.find(kept_frame(tmp_path)) < 60, "it comes first"
        it.press("mple.org")
        it.until(TEXTUAL)
        assert "Continue" in it.see("jane.doe@exmple.org")


def test_the_key_that_goes_on_waits_for_the_app_with_all_that_follow(tmp_path: Path) -> None:
    first_start(tmp_path, {})
    with Terminal(["run"], tmp_path, environ=BASE) as it:
        early(it, tmp_path, "jane@gmial.com\r", "left")
        it.see("Did you mean")
        it.see("[No, gmial.com]")


@pytest.mark.parametrize("look", ["true colour", "console", "no colour", "narrow, French"])
def test_nothing_flickers_where_the_app_takes_over(look: str, tmp_path: Path) -> None:
    columns, rows, environ = LOOKS[look]
    first_start(tmp_path, environ, columns, rows)
    with Terminal(["run"], tmp_path, columns=columns, rows=rows, environ={**BASE, **environ}) as it:
        early(it, tmp_path, "down", "down", "j", "up")
        it.until(b"@gmail.com")
        it.read(0.1)
        begun = len(it.raw)
        textual_comes(it)
        answered, *after = pictures(it.raw[begun:], columns, rows, it.raw[:begun])
    assert after
    assert all(picture == answered for picture in after)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_keys_are_answered_leaves_nothing_of_them(number: signal.Signals, tmp_path: Path) -> None:
    first_start(tmp_path, {})
    with Terminal(["run"], tmp_path, environ=BASE) as it:
        early(it, tmp_path, "jane")
        it.see("jane")
        it.process.send_signal(number)
        assert it.exit_code() in {-number, 128 + number}
        assert it.restored()
        assert it.raw.rfind(b"jane") < it.raw.rfind(b"\x1b[?1049l")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"jane" in path.read_bytes()]


def test_where_keys_come_by_other_ways_too_none_are_answered(tmp_path: Path) -> None:
    first_start(tmp_path, {"KIOSK_REMOTE": "true"})
    head, _, body = frame_file(tmp_path).read_bytes().partition(b"\n\n")
    assert int(head.split(b"\n")[3]) == len(body), "no plan"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_textual_gives_the_terminal_back(number: signal.Signals, tmp_path: Path) -> None:
    first_start(tmp_path, {})
    with Terminal(["run"], tmp_path, environ=BASE) as it:
        it.until(kept_frame(tmp_path)[-30:])
        it.process.send_signal(number)
        assert it.exit_code() in {-number, 128 + number}
        assert it.restored()


def test_settings_that_have_gone_wrong_are_said_on_a_terminal_that_was_given_back(tmp_path: Path) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text('site_name = "Acme"\n')
    chosen = {"KIOSK_CONFIG": str(settings)}
    first_start(tmp_path, chosen)
    # What is asked of a file is its time and size; here both are as they were, and yet it cannot be used.
    stat = settings.stat()
    settings.write_text('site_nam_ = "Acme"\n')
    import os

    os.utime(settings, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with Terminal(["run"], tmp_path, environ={**BASE, **chosen}) as it:
        assert it.exit_code(20) == 78
        assert "site_nam_" in it.text
        assert it.restored()
        assert kept_frame(tmp_path) in it.raw


CHANGES: dict[str, Mapping[str, str]] = {
    "another name": {"KIOSK_SITE_NAME": "Acme"},
    "another language": {"LANG": "de_DE.UTF-8"},
    "another theme": {"KIOSK_THEME": "light"},
    "another terminal": {"TERM": "vt220"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_there_is_none(change: str, tmp_path: Path) -> None:
    first_start(tmp_path, {})
    frame = kept_frame(tmp_path)
    with Terminal(["run"], tmp_path, environ={**BASE, **CHANGES[change]}) as it:
        it.until(b"\x1b[?1004h")
        assert frame not in it.raw


def test_whoever_is_not_set_up_has_none(tmp_path: Path) -> None:
    with Terminal(["run"], tmp_path, environ={}) as it:
        it.see("not set up")
    assert not frame_file(tmp_path).exists()


def test_habits_that_change_nothing_to_be_seen_leave_it_good(tmp_path: Path) -> None:
    file, habits = tmp_path / "kiosk" / memory.FILE, tmp_path / "entry.json"
    memory.remember(str(file), b"now", [str(habits)], b"frame", b"plan")
    assert memory.recall(str(file), b"now") == (b"frame", b"plan")
    habits.write_text("{}")
    assert memory.recall(str(file), b"now") is None
    memory.renew(str(file), b"then", str(habits))
    assert memory.recall(str(file), b"now") is None
    memory.renew(str(file), b"now", str(habits))
    assert memory.recall(str(file), b"now") == (b"frame", b"plan")
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["short", "zeros", "empty", "no head"])
def test_a_torn_file_is_none(damage: str, tmp_path: Path) -> None:
    file = tmp_path / memory.FILE
    memory.remember(str(file), b"now", [], b"frame" * 100)
    whole = file.read_bytes()
    torn = {"short": whole[:-9], "zeros": whole[:-9] + bytes(9), "empty": b"", "no head": b"frame"}[damage]
    file.write_bytes(torn)
    assert memory.recall(str(file), b"now") is None
