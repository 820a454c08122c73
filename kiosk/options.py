"""What the command line asks for, found without the parser where a word or two say it all.

`kiosk`, `kiosk token`, `kiosk status --json`: boxes start these at every boot, or every minute, and the parser costs
as much as all the rest of them. Whatever says more, or is wrong, goes to it (kiosk/parser.py): it knows all words, and
what to say of wrong ones. tests/test_options.py holds that nobody can tell which of the two has read a line.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

_ALONE = frozenset({"run", "demo", "login", "token", "status", "logout"})
"""Commands that nothing has to follow, and that take nothing for granted where nothing does."""

_IN_JSON = frozenset({"login", "token", "status", "logout"})
"""Those that `--json` can follow."""


class Options(SimpleNamespace):
    """What was said: beside these, whatever can stand behind the command."""

    handler: "Handler"
    """Carries out the command."""
    config: Path | None = None
    json: bool = False
    program: Sequence[str] = ()

    def flags(self) -> dict[str, str]:
        """The settings that were given, by name."""
        given = ((name.removeprefix("set_"), value) for name, value in vars(self).items() if name.startswith("set_"))
        return {name: value for name, value in given if value is not None}


Handler = Callable[[Options], int]
"""Carries out one command; returns the exit code."""


def with_default_command(arguments: Sequence[str]) -> list[str]:
    """`kiosk --theme light` is `kiosk run --theme light`; only what is about the program itself stands alone."""
    first = arguments[0] if arguments else "run"
    if first.startswith("-") and first not in {"-h", "--help", "--version"}:
        return ["run", *arguments]
    return list(arguments) or ["run"]


def read_options(arguments: Sequence[str], handlers: Mapping[str, Handler]) -> Options:
    """What the command line asks for.

    Args:
        arguments: Those of the command line.
        handlers: What carries out each command.

    Raises:
        SystemExit: it asks for nothing that there is, or for help; that was told.
    """
    words = with_default_command(arguments)
    options = Options()
    match words:
        case [command] if command in _ALONE:
            options.handler = handlers[command]
        case [command, "--json"] if command in _IN_JSON:
            options.handler, options.json = handlers[command], True
        case _:
            from kiosk.parser import build_parser

            build_parser(handlers, words[0]).parse_args(words, options)
    return options
