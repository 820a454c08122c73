"""What the parser and the table of settings know, in a form that pages and completions are made of."""

import argparse
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kiosk.parser import build_parser
from kiosk.settings.table import SETTINGS, Setting

_IMPOSSIBLE = "no such value"


@dataclass(frozen=True, slots=True)
class Option:
    """A flag or an argument of a command."""

    flags: tuple[str, ...]
    """Its names; none for what stands by position."""
    metavar: str
    """What follows it, as `--help` shows it; empty when nothing does."""
    choices: tuple[str, ...]
    """What may follow it, where that is a fixed set of words."""
    help: str
    optional: bool
    """Whether what follows may be left out."""

    @property
    def takes_file(self) -> bool:
        """Whether what follows is the name of a file."""
        return self.metavar in {"FILE", "PATH"}


@dataclass(frozen=True, slots=True)
class Command:
    """A word after `kiosk`."""

    name: str
    help: str
    options: tuple[Option, ...]
    """Its own; those that all commands share are no part of them."""
    has_settings: bool
    """Whether it takes the flags of the settings too."""


@dataclass(frozen=True, slots=True)
class Program:
    """All that stands on the command line."""

    description: str
    exit_codes: str
    commands: tuple[Command, ...]
    settings: tuple[Option, ...]
    """The flags that commands share."""
    about: tuple[Option, ...]
    """What is about the program itself."""


class _AnyHandler(dict[str, object]):
    """Stands in for the handlers: which function carries out a command is of no matter here."""

    def __missing__(self, name: str) -> object:
        return name


def read_program() -> Program:
    """The program as its parser describes it."""
    parser = build_parser(_AnyHandler())  # type: ignore[arg-type]
    (group,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    helps = {choice.dest: choice.help or "" for choice in group._choices_actions}
    parsers = {name: child for name, child in group.choices.items() if name in helps}
    shared = _shared(parsers.values())
    commands = tuple(
        Command(
            name,
            child.description or helps[name],
            tuple(_option(action, child) for action in _actions(child) if _key(action) not in shared),
            any(_key(action) in shared for action in _actions(child)),
        )
        for name, child in parsers.items()
    )
    return Program(
        description=parser.description or "",
        exit_codes=(parser.epilog or "").removeprefix("exit codes:").strip(),
        commands=commands,
        settings=tuple(shared.values()),
        about=tuple(
            _option(action, parser) for action in parser._actions if not isinstance(action, argparse._SubParsersAction)
        ),
    )


def choices_of(setting: Setting) -> tuple[str, ...]:
    """The words that a setting may be, where its check knows them all: it names them to who gets it wrong."""
    try:
        setting.check(_IMPOSSIBLE)
    except ValueError as wrong:
        found = re.fullmatch(r"must be one of: (.+)", str(wrong))
        return tuple(found[1].split(", ")) if found else ()
    return ()


def _shared(parsers: Iterable[argparse.ArgumentParser]) -> dict[tuple[str, ...], Option]:
    """The flags that come from the table of settings or stand in the same group as those."""
    flags = {setting.flag: setting for setting in SETTINGS}
    found: dict[tuple[str, ...], Option] = {}
    for parser in parsers:
        for group in parser._action_groups:
            if any(flag in flags for action in group._group_actions for flag in action.option_strings):
                for action in group._group_actions:
                    if action.dest != "help":
                        found.setdefault(_key(action), _option(action, parser))
    return found


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    return (action for action in parser._actions if action.dest != "help" and action.help != argparse.SUPPRESS)


def _key(action: argparse.Action) -> tuple[str, ...]:
    return tuple(action.option_strings) or (action.dest,)


def _option(action: argparse.Action, parser: argparse.ArgumentParser) -> Option:
    by_flag = {setting.flag: setting for setting in SETTINGS}
    choices = tuple(map(str, action.choices or ()))
    for flag in action.option_strings:
        if not choices and flag in by_flag:
            choices = choices_of(by_flag[flag])
    metavar = action.metavar or ("|".join(choices) if choices else action.dest.upper())
    text = parser._get_formatter()._expand_help(action) if action.help else ""
    return Option(
        flags=tuple(action.option_strings),
        metavar="" if action.nargs == 0 else str(metavar),
        choices=choices,
        help=text,
        optional=action.nargs in {"?", "*"},
    )
