"""The command line is read alike by whoever reads it: the few words that need no parser, and the parser."""

import contextlib
import io
import sys
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import options as reading
from kiosk.options import Options, read_options, with_default_command
from kiosk.parser import build_parser
from kiosk.settings.table import SETTINGS

COMMANDS = ("run", "demo", "login", "token", "status", "logout", "doctor", "pin", "config", "serve")
FLAGS = ("--json", "--config", "--help", "-h", "--version", "--keys", "--mail", *(each.flag for each in SETTINGS))
OTHERS = (
    "--",
    "--js",
    "--json=",
    "--json=x",
    "--tok",
    "show",
    "path",
    "de",
    "/x/kiosk.toml",
    "nonsense",
    "",
    "-",
    "-j",
)
WORDS = (*COMMANDS, *FLAGS, *OTHERS)


def handler_of(command: str) -> reading.Handler:
    def handle(_options: Options) -> int:
        raise AssertionError(f"{command} is not to be carried out")

    return handle


HANDLERS = {command: handler_of(command) for command in COMMANDS}


def told(options: Options) -> dict[str, object]:
    """All that a command can learn of its line."""
    rest = {name: value for name, value in vars(options).items() if not name.startswith("set_")}
    own = {"config": options.config, "json": options.json, "program": list(options.program)}
    return {**rest, **own, "flags": options.flags()}


def read(arguments: Sequence[str]) -> tuple[object, str]:
    return _outcome(lambda: read_options(arguments, HANDLERS))


def parsed(arguments: Sequence[str]) -> tuple[object, str]:
    words = with_default_command(arguments)
    return _outcome(lambda: build_parser(HANDLERS, words[0]).parse_args(words, Options()))


def _outcome(parse: Callable[[], Options]) -> tuple[object, str]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            options = parse()
        except SystemExit as end:
            return end.code, said.getvalue()
    return told(options), said.getvalue()


@pytest.mark.parametrize("command", COMMANDS)
def test_one_word_behind_a_command(command: str) -> None:
    for line in ([command], *([command, word] for word in WORDS)):
        assert read(line) == parsed(line), line


def test_no_command() -> None:
    for line in ([], *([word] for word in WORDS)):
        assert read(line) == parsed(line), line


@given(st.lists(st.sampled_from(WORDS), max_size=4))
def test_any_words(line: list[str]) -> None:
    assert read(line) == parsed(line)


def test_what_boxes_start_again_and_again_needs_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kiosk.parser", None)
    for line in ([], ["token"], ["token", "--json"], ["status"], ["status", "--json"]):
        assert read_options(line, HANDLERS).handler is HANDLERS[line[0] if line else "run"]
