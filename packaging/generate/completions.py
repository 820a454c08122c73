"""Completions for bash, zsh and fish: commands, flags, and what may follow a flag."""

import shlex
from collections.abc import Iterator

from words import Command, Option, Program


def _flags(program: Program, command: Command) -> Iterator[Option]:
    """All that may follow a command."""
    yield from (option for option in command.options if option.flags)
    if command.has_settings:
        yield from program.settings


def _default(program: Program) -> Command:
    """`run`: what flags without a command are for."""
    return next(command for command in program.commands if command.name == "run")


# bash


def bash(program: Program) -> str:
    """For bash, with or without the functions of bash-completion."""
    lines = [
        "# bash completion for kiosk; generated from its parser.",
        "_kiosk() {",
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev= command= word words= flags=",
        "    COMPREPLY=()",
        "    ((COMP_CWORD)) && prev=${COMP_WORDS[COMP_CWORD-1]}",
        '    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
        "        case $word in",
        f"        {'|'.join(command.name for command in program.commands)}) command=$word; break ;;",
        "        esac",
        "    done",
        '    case "${command:-run} $prev" in',
        *_bash_values(program),
        "    esac",
        "    case $command in",
        *(f"    {command.name}) {_bash_words(program, command)} ;;" for command in program.commands),
        "    esac",
        f"    if [[ -z $command ]]; then {_bash_start(program)}; fi",
        "    [[ $cur == -* ]] && words=$flags",
        '    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")',
        "}",
        "complete -F _kiosk kiosk",
    ]
    return "\n".join(lines) + "\n"


def _bash_values(program: Program) -> Iterator[str]:
    for command in program.commands:
        for option in _flags(program, command):
            patterns = "|".join(f'"{command.name} {flag}"' for flag in option.flags)
            if option.choices:
                reply = f'mapfile -t COMPREPLY < <(compgen -W {shlex.quote(" ".join(option.choices))} -- "$cur")'
            elif option.takes_file:
                reply = 'compopt -o filenames 2>/dev/null || :; mapfile -t COMPREPLY < <(compgen -f -- "$cur")'
            else:
                reply = ":"
            if option.metavar and not option.optional:
                yield f"    {patterns}) {reply}; return ;;"


def _bash_words(program: Program, command: Command) -> str:
    flags = [flag for option in _flags(program, command) for flag in option.flags]
    words = [choice for option in command.options if not option.flags for choice in option.choices]
    return f"words={shlex.quote(' '.join(words))}; flags={shlex.quote(' '.join([*flags, '--help']))}"


def _bash_start(program: Program) -> str:
    words = " ".join(command.name for command in program.commands)
    about = [flag for option in program.about for flag in option.flags if flag.startswith("--")]
    flags = [flag for option in _flags(program, _default(program)) for flag in option.flags]
    return f"words={shlex.quote(words)}; flags={shlex.quote(' '.join([*flags, *about]))}"


# zsh


def zsh(program: Program) -> str:
    """For zsh."""
    lines = [
        "#compdef kiosk",
        "# Generated from the parser of kiosk.",
        "_kiosk() {",
        "    local curcontext=$curcontext state line",
        "    typeset -A opt_args",
        "    local -a commands=(",
        *(f"        {shlex.quote(f'{one.name}:{_plain(one.help)}')}" for one in program.commands),
        "    )",
        "    _arguments -C \\",
        *(f"        {_zsh_option(option)} \\" for option in (*program.about, *_flags(program, _default(program)))),
        "        '1:command:->command' '*::argument:->argument'",
        "    case $state in",
        "    command) _describe -t commands 'kiosk command' commands ;;",
        "    argument)",
        "        case $words[1] in",
        *(f"        {one.name}) _arguments {_zsh_arguments(program, one)} ;;" for one in program.commands),
        "        esac ;;",
        "    esac",
        "}",
        '_kiosk "$@"',
    ]
    return "\n".join(lines) + "\n"


def _zsh_arguments(program: Program, command: Command) -> str:
    options = [_zsh_option(option) for option in _flags(program, command)]
    rest = [
        shlex.quote(f"{number}:{option.metavar.replace(':', ' ')}:({' '.join(option.choices)})")
        for number, option in enumerate((one for one in command.options if not one.flags), 1)
    ]
    return " ".join([*options, *rest, "'--help[show the help]'"])


def _zsh_option(option: Option) -> str:
    words = _plain(option.help).replace("[", "(").replace("]", ")")
    value = ""
    if option.metavar:
        action = f"({' '.join(option.choices)})" if option.choices else ("_files" if option.takes_file else " ")
        value = f"{':' if option.optional else ''}:{option.metavar.lower().replace(':', ' ')}:{action}"
    return " ".join(shlex.quote(f"{flag}[{words}]{value}") for flag in option.flags)


# fish


def fish(program: Program) -> str:
    """For fish."""
    names = " ".join(command.name for command in program.commands)
    lines = ["# Generated from the parser of kiosk.", "complete -c kiosk -f"]
    for command in program.commands:
        start = f"-n 'not __fish_seen_subcommand_from {names}'"
        lines.append(f"complete -c kiosk {start} -a {command.name} -d {_fish_quote(_plain(command.help))}")
    start = f"-n 'not __fish_seen_subcommand_from {names}'"
    lines += [_fish_option(option, start) for option in (*program.about, *_flags(program, _default(program)))]
    for command in program.commands:
        there = f"-n '__fish_seen_subcommand_from {command.name}'"
        lines += [_fish_option(option, there) for option in _flags(program, command)]
        for option in command.options:
            if not option.flags and option.choices:
                lines.append(f"complete -c kiosk {there} -a {_fish_quote(' '.join(option.choices))}")
    return "\n".join(lines) + "\n"


def _fish_option(option: Option, condition: str) -> str:
    names = " ".join(f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags)
    value = ""
    if option.metavar and not option.optional:
        value = (
            f" -x -a {_fish_quote(' '.join(option.choices))}"
            if option.choices
            else (" -r -F" if option.takes_file else " -x")
        )
    return f"complete -c kiosk {condition} {names}{value} -d {_fish_quote(_plain(option.help))}"


def _fish_quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _plain(text: str) -> str:
    """Help without the marks of code, on one line."""
    return " ".join(text.replace("`", "").replace(":", " -").split())
