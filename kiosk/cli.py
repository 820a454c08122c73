"""The command line: parse, build the parts, hand over. Every heavy import stands inside its command."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from kiosk import __version__
from kiosk.exits import CONFIGURATION, DONE, GIVEN_UP, INTERNAL, USAGE
from kiosk.language import gettext as _
from kiosk.language import speak_as_set
from kiosk.settings import SETTINGS, Settings, SettingsError, load_settings, settings_file

_DESCRIPTION = """Password-free sign-in for screens without a keyboard.

  kiosk demo       try it: the app against a Smart Login service of its own, no account needed
  kiosk            the app, as configured
  kiosk login      the same sign-in as lines of text
  kiosk serve      the Smart Login service by itself"""

_EXIT_CODES = """exit codes: 0 signed in or done, 1 nobody is signed in, 2 usage, 70 internal error, 78 configuration,
124 timed out, 130 given up, 143 SIGTERM, 129 SIGHUP"""


def run_command(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(_with_default_command(arguments))
    handler: Callable[[argparse.Namespace], int] = options.handler
    if sys.stdout is not None and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a name that this locale cannot write must not end anything
    try:
        code = handler(options)
        if sys.stdout is not None:
            sys.stdout.flush()
    except SettingsError as wrong:
        return _fail(str(wrong), CONFIGURATION)
    except KeyboardInterrupt:
        return GIVEN_UP
    except OSError as error:
        return _output_failed(error, GIVEN_UP if handler is _login else DONE)
    except Exception as error:  # noqa: BLE001 - the outermost boundary: exit 1 would say that nobody is signed in
        from kiosk.crash import crash_text

        sys.stderr.write(crash_text(error))
        return INTERNAL
    return code


def _output_failed(error: OSError, broken_pipe_code: int) -> int:
    """What is left to say when standard output cannot be written."""
    # The interpreter flushes once more at exit, and must not complain about it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if isinstance(error, BrokenPipeError):
        return broken_pipe_code  # whoever read it has seen enough
    return _fail(error.strerror or type(error).__name__, INTERNAL)


def _with_default_command(arguments: Sequence[str]) -> list[str]:
    """`kiosk --theme light` is `kiosk run --theme light`; only what is about the program itself stands alone."""
    first = arguments[0] if arguments else "run"
    if first.startswith("-") and first not in {"-h", "--help", "--version"}:
        return ["run", *arguments]
    return list(arguments) or ["run"]


def _parser() -> argparse.ArgumentParser:
    settings = argparse.ArgumentParser(add_help=False)
    group = settings.add_argument_group("settings, in place of environment and file")
    group.add_argument("--config", type=Path, metavar="FILE", help="the settings file to read")
    for setting in SETTINGS:
        group.add_argument(setting.flag, dest=f"set_{setting.name}", metavar="VALUE", help=setting.help)

    parser = argparse.ArgumentParser(
        "kiosk",
        description=_DESCRIPTION,
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"kiosk {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, handler: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text, parents=[settings], allow_abbrev=False)
        command.set_defaults(handler=handler)
        return command

    add("run", _run, "the app, as configured (what `kiosk` alone does)")
    add("demo", _demo, "the app against a Smart Login service of its own on this machine")
    for name, handler, text in (
        ("login", _login, "the same sign-in as lines of text, for pipes and screen readers"),
        ("token", _token, "print the kept access token"),
        ("status", _status, "whether somebody is signed in, and where it is kept"),
        ("logout", _logout, "sign out, here and at the service"),
    ):
        add(name, handler, text).add_argument("--json", action="store_true", help="answer in JSON")
    config = add("config", _config, "the settings in force and where each comes from")
    config.add_argument("what", nargs="?", choices=("show", "path"), default="show")

    serve = commands.add_parser("serve", help="the Smart Login service by itself", allow_abbrev=False)
    serve.set_defaults(handler=_serve)
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
    return parser


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError("must be 0 to 65535")


def _workers(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 64:
        return int(text)
    raise argparse.ArgumentTypeError("must be 1 to 64")


def _settings(options: argparse.Namespace) -> Settings:
    given = {setting.name: getattr(options, f"set_{setting.name}") for setting in SETTINGS}
    flags = {name: value for name, value in given.items() if value is not None}
    settings = load_settings(flags, os.environ, settings_file(os.environ, options.config))
    speak_as_set(settings.text("lang"), os.environ)
    return settings


def _fail(line: str, code: int) -> int:
    from kiosk.tty.terminal import complain

    complain(line)
    return code


def _run(options: argparse.Namespace) -> int:
    return _show(_settings(options))


def _show(settings: Settings, mailbox_url: str = "") -> int:
    from kiosk.tty.terminal import prepare, unfit

    if reason := unfit(os.environ):
        return _fail(_("{reason}; `kiosk login` signs in with lines of text").format(reason=reason), USAGE)
    prepare(os.environ)
    from kiosk.fullscreen import show

    return show(settings, mailbox_url)


def _demo(options: argparse.Namespace) -> int:
    from kiosk.tty.terminal import unfit

    settings = _settings(options)
    if reason := unfit(os.environ):
        return _fail(_("{reason}; `kiosk serve` and `kiosk login` work without one").format(reason=reason), USAGE)
    from kiosk.service.errors import ServiceError
    from kiosk.service.server import EmbeddedService, Options
    from kiosk.wiring import demo_settings, demo_store

    service = EmbeddedService(Options(port=0, store=demo_store(os.environ)))
    try:
        service.start()
    except ServiceError as error:
        return _fail(f"{error} (the demo keeps nothing of worth: its file can be removed)", CONFIGURATION)
    try:
        return _show(demo_settings(settings, service.url), service.mailbox_url)
    finally:
        service.stop()


def _login(options: argparse.Namespace) -> int:
    from kiosk.plain import login

    return login(_settings(options), as_json=options.json)


def _serve(options: argparse.Namespace) -> int:
    from kiosk.service.errors import ServiceError
    from kiosk.service.server import Options, serve

    try:
        return serve(
            Options(
                host=options.host,
                port=options.port,
                store=options.store,
                mail=options.mail,
                site=options.site,
                workers=options.workers,
                proxies=tuple(part.strip() for part in options.behind_proxy.split(",") if part.strip()),
            )
        )
    except ServiceError as error:
        return _fail(str(error), CONFIGURATION)


def _token(options: argparse.Namespace) -> int:
    from kiosk.kept import token

    return token(_settings(options), as_json=options.json)


def _status(options: argparse.Namespace) -> int:
    from kiosk.kept import status

    return status(_settings(options), as_json=options.json)


def _logout(options: argparse.Namespace) -> int:
    from kiosk.kept import logout

    return logout(_settings(options), as_json=options.json)


def _config(options: argparse.Namespace) -> int:
    if options.what == "path":
        path = settings_file(os.environ, options.config)
        print(path or _("no settings file"))
        return DONE
    settings = _settings(options)
    for setting in SETTINGS:
        print(f"{setting.name} = {settings.values[setting.name]!r}  # {settings.sources[setting.name]}")
    return DONE
