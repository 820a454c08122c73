"""`kiosk(1)` and `kiosk.toml(5)` in man's own language."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from settingsfile import toml_value
from words import Command, Option, Program

from kiosk import __version__
from kiosk.settings.table import SETTINGS, Setting


def roff(text: str) -> str:
    """Text that nothing in it commands the formatter, and whose hyphens can be copied as they are."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return re.sub(r"^([.])", r"\\&\1", text, flags=re.MULTILINE)


def bold(text: str) -> str:
    """What is to be typed as it stands."""
    return f"\\fB{roff(text)}\\fR"


def italic(text: str) -> str:
    """What is to be replaced by something; nothing for nothing."""
    return f"\\fI{roff(text)}\\fR" if text else ""


def _prose(text: str) -> str:
    """Text in which backquotes mark what is typed."""
    return "".join(bold(part) if number % 2 else roff(part) for number, part in enumerate(re.split(r"`([^`]*)`", text)))


def _title(name: str, section: int, epoch: int) -> str:
    day = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d")
    return f'.TH {name.upper()} {section} {day} "kiosk {__version__}" "Password\\-free sign\\-in"'


def _tagged(tag: str, *body: str) -> list[str]:
    return [".TP", tag, *body]


def _option(option: Option) -> list[str]:
    value = italic(option.metavar) if option.metavar else ""
    if option.optional:
        value = f"[{value}]"
    names = ", ".join(map(bold, option.flags))
    words = _prose(option.help) if option.help else "the first of these, unless given"
    return _tagged(f"{names} {value}".strip(), words)


def _command(command: Command) -> list[str]:
    usage = [bold(command.name)]
    for option in command.options:
        word = " ".join(filter(None, (bold(option.flags[-1]) if option.flags else "", italic(option.metavar))))
        usage.append(f"[{word}]" if option.flags or option.optional else word)
    lines = _tagged(" ".join(usage), _prose(command.help))
    flags = [option for option in command.options if option.flags]
    if flags:
        lines += [".RS", *(line for option in flags for line in _option(option)), ".RE"]
    return lines


def _exit_codes(text: str) -> Iterable[str]:
    """`0 done, 1 nobody` as a list."""
    for number, words in re.findall(r"(\d+) ([^,]+?)\s*(?:,|$)", " ".join(text.split())):
        yield from _tagged(bold(number), _prose(words))


_FILES = (
    ("$XDG_CONFIG_HOME/kiosk/kiosk.toml", "a person's own settings; ~/.config unless the variable is set"),
    ("/etc/kiosk/kiosk.toml", "the box's settings; see kiosk.toml(5)"),
    ("/etc/credstore.encrypted/kiosk.key", "the sealed key under which the service on a box keeps the session"),
    ("/var/lib/kiosk", "what the service on a box keeps"),
)


def kiosk_1(program: Program, epoch: int) -> str:
    """The page of the command."""
    about, _, examples = program.description.partition("\n\n")
    lines = [
        _title("kiosk", 1, epoch),
        ".SH NAME",
        "kiosk \\- password\\-free sign\\-in for screens without a keyboard",
        ".SH SYNOPSIS",
        f".B kiosk\n[{italic('COMMAND')}]\n[{italic('OPTIONS')}]",
        ".SH DESCRIPTION",
        _prose(about),
        ".PP",
        "A person enters an e\\-mail or username with a remote control, opens the link that arrives on their phone,",
        "and the screen says welcome. The access token goes to the keyring.",
    ]
    for line in examples.splitlines():
        command, _, words = line.strip().partition("  ")
        lines += _tagged(bold(command), _prose(words.strip()))
    lines += [".SH COMMANDS", f"Without a command, {bold('run')} is meant."]
    for one in program.commands:
        lines += _command(one)
    sharing = [command.name for command in program.commands if command.has_settings]
    lines += [
        ".SH OPTIONS",
        f"These set for one run of {', '.join(map(bold, sharing))} what else is set as {bold('kiosk.toml')}(5) says.",
        *(line for option in program.settings for line in _option(option)),
        *(line for option in program.about for line in _option(option)),
        ".SH EXIT STATUS",
        *_exit_codes(program.exit_codes),
        ".SH ENVIRONMENT",
        *_tagged(bold("KIOSK_*"), f"Each setting as a variable, such as {bold('KIOSK_API_KEY')}."),
        *_tagged(bold("KIOSK_CONFIG"), "The settings file to read."),
        ".SH FILES",
        *(line for path, words in _FILES for line in _tagged(italic(path), _prose(words))),
        ".SH SEE ALSO",
        ".BR kiosk.toml (5),\n.BR systemd.service (5)",
    ]
    return "\n".join(lines) + "\n"


def _setting(setting: Setting) -> list[str]:
    where = f"As a variable {bold(setting.variable)}, on the command line {bold(setting.flag)}."
    default = f"Default: {bold(toml_value(setting.default))}."
    return _tagged(bold(setting.name), _prose(setting.help), ".br", default, where)


def kiosk_toml_5(epoch: int) -> str:
    """The page of the settings file."""
    lines = [
        _title("kiosk.toml", 5, epoch),
        ".SH NAME",
        "kiosk.toml \\- settings of the password\\-free sign\\-in",
        ".SH SYNOPSIS",
        f"{italic('/etc/kiosk/kiosk.toml')}, {italic('$XDG_CONFIG_HOME/kiosk/kiosk.toml')}",
        ".SH DESCRIPTION",
        "A file in TOML: one line a setting, text in quotes, numbers without. Flags win over variables,",
        "variables over the file, the file over defaults. A setting that is not known or cannot be used ends",
        f"{bold('kiosk')}(1) with status 78 and one line that says which and why; {bold('kiosk config show')}",
        "prints what is in force and where each value comes from.",
        ".SH SETTINGS",
        *(line for setting in SETTINGS for line in _setting(setting)),
        ".SH EXAMPLE",
        ".EX",
        roff('api_key = "your-site-s-api-key"\nsite_name = "Example TV"\ndevice_name = "Lobby TV"'),
        ".EE",
        ".SH SEE ALSO",
        ".BR kiosk (1)",
    ]
    return "\n".join(lines) + "\n"
