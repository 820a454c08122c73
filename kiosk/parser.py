"""What can stand on the command line: commands, flags, and the words of `--help`."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from kiosk import __version__
from kiosk.options import Handler
from kiosk.settings.table import SETTINGS

_DESCRIPTION = """Password-free sign-in for screens without a keyboard.

  kiosk demo       try it: the app against a Smart Login service of its own, no account needed
  kiosk            the app, as configured; -- COMMAND is started once somebody is signed in
  kiosk login      the same sign-in as lines of text
  kiosk serve      the Smart Login service by itself"""

_EXIT_CODES = """exit codes: 0 signed in or done, 1 nobody is signed in, 2 usage, 70 internal error, 78 configuration,
75 to be restarted, 80 ended by the maintenance PIN,
124 timed out, 130 given up, 143 SIGTERM, 129 SIGHUP"""


def build_parser(handlers: Mapping[str, Handler], wanted: str = "") -> argparse.ArgumentParser:
    """The parser; the handler of the command that is asked for comes out of it as `handler`.

    Args:
        handlers: What carries out each command.
        wanted: The only command whose flags are needed; all of them, unless it is one: a thousand flags take longer to
            name than a token to print.
    """
    settings = argparse.ArgumentParser(add_help=False)
    group = settings.add_argument_group("settings, in place of environment and file")
    group.add_argument("--config", type=Path, metavar="FILE", help="the settings file to read")
    for setting in SETTINGS:
        name = f"set_{setting.name}"
        if setting.switch:
            group.add_argument(setting.flag, dest=name, action="store_const", const="true", help=setting.help)
        elif not setting.secret:
            group.add_argument(setting.flag, dest=name, metavar="VALUE", help=setting.help)

    parser = argparse.ArgumentParser(
        "kiosk",
        description=_DESCRIPTION,
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"kiosk {__version__}")
    strangers = {wanted} - set(handlers)
    # Named, or argparse works the name out, with a formatter that imports archives for the width of the terminal.
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, prog=parser.prog)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        parents = [settings] if wanted in {name, *strangers} else []
        command = commands.add_parser(name, help=text, description=text, parents=parents, allow_abbrev=False)
        command.set_defaults(handler=handlers[name])
        return command

    for name, text in (
        ("run", "the app, as configured (what `kiosk` alone does)"),
        ("demo", "the app against a Smart Login service of its own on this machine"),
    ):
        add(name, text).add_argument(
            "program",
            nargs="*",
            metavar="-- COMMAND",
            help="start this program once somebody is signed in, and come back when it ends",
        )
    for name, text in (
        ("login", "the same sign-in as lines of text, for pipes and screen readers"),
        ("token", "print the kept access token"),
        ("status", "whether somebody is signed in, and where it is kept"),
        ("logout", "sign out, here and at the service"),
    ):
        add(name, text).add_argument("--json", action="store_true", help="answer in JSON")
    doctor = add("doctor", "what is wrong with this box, and how it is mended")
    doctor.add_argument("--json", action="store_true", help="answer in JSON")
    doctor.add_argument(
        "--keys",
        nargs="?",
        const="-",
        metavar="FILE",
        help="ask for the keys of a remote, and write the [keys] of a settings file to FILE (alone: show it)",
    )
    doctor.add_argument("--mail", action="store_true", help="have a login mail sent; asks to whom")
    add("pin", "hash a PIN for maintenance_pin: typed twice, or one line of standard input")
    config = add("config", "the settings in force and where each comes from")
    config.add_argument("what", nargs="?", choices=("show", "path"), default="show")
    _add_serve(commands, handlers["serve"])
    return parser


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", handler: Handler) -> None:
    serve = commands.add_parser("serve", help="the Smart Login service by itself", allow_abbrev=False)
    serve.set_defaults(handler=handler)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=_port, default=8787, help="port to listen on, 0 for any (default: %(default)s)")
    serve.add_argument(
        "--store",
        default="memory:",
        metavar="URL",
        help="memory:, sqlite:///PATH or redis://HOST[:PORT][/DB] (default: %(default)s)",
    )
    serve.add_argument(
        "--mail", metavar="URL", help="smtp://[USER:PASSWORD@]HOST[:PORT]; without it, mails are read at /mailbox"
    )
    serve.add_argument("--site", type=Path, metavar="FILE", help="the site's TOML file; without it, a sample site")
    serve.add_argument(
        "--workers", type=_workers, default=1, metavar="N", help="processes that serve together (default: %(default)s)"
    )
    serve.add_argument(
        "--behind-proxy",
        nargs="?",
        const="127.0.0.1,::1",
        default="",
        metavar="ADDRESSES",
        help="believe the forwarded headers of these reverse proxies, split by commas (alone: those of this machine)",
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError("must be 0 to 65535")


def _workers(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 64:
        return int(text)
    raise argparse.ArgumentTypeError("must be 1 to 64")
