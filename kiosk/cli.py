"""The command line: parse, build the parts, hand over. Every heavy import stands inside its command."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kiosk.exits import CONFIGURATION, DONE, GIVEN_UP, INTERNAL, USAGE
from kiosk.firstframe.opening import Opening
from kiosk.language import gettext as _
from kiosk.language import speak_as_set
from kiosk.options import Handler, Options, read_options
from kiosk.palette import leave_out_palette
from kiosk.settings.loading import Settings, SettingsError, drop_ins, load_settings, settings_file


def run_command(arguments: Sequence[str], opening: Opening | None = None) -> int:
    """Run one command; returns its exit code.

    Args:
        arguments: Those of the command line.
        opening: The terminal, if it was taken already; whatever is said here is said after it was given back.
    """
    opening = opening or Opening()
    try:
        options = read_options(arguments, _HANDLERS)
    except BaseException:
        opening.close()
        raise
    handler, options.opening = options.handler, opening
    if sys.stdout is not None and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a name that this locale cannot write must not end anything
    try:
        try:
            code = handler(options)
        finally:
            opening.close()
        if sys.stdout is not None:
            sys.stdout.flush()
    except SettingsError as wrong:
        return _fail(str(wrong), CONFIGURATION)
    except KeyboardInterrupt:
        return GIVEN_UP
    except OSError as error:
        return _output_failed(error, GIVEN_UP if handler is _login else DONE)
    except Exception as error:  # noqa: BLE001 - the outermost boundary: exit 1 would say that nobody is signed in
        return _crashed(error, options)
    return code


def _crashed(error: Exception, options: Options) -> int:
    """The last word of a bug: to the log, if the command keeps one, and to whoever sees stderr."""
    from kiosk.crash import Told, crash_text

    bug = error.__cause__ if isinstance(error, Told) else error
    if bug is error and options.handler in {_run, _demo, _login}:
        from kiosk.reporting.lastwords import tell_crash

        tell_crash(error, getattr(options, "settings", None), os.environ, os.getpid())
    sys.stderr.write(crash_text(bug))
    return INTERNAL


def _output_failed(error: OSError, broken_pipe_code: int) -> int:
    """What is left to say when standard output cannot be written."""
    # The interpreter flushes once more at exit, and must not complain about it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if isinstance(error, BrokenPipeError):
        return broken_pipe_code  # whoever read it has seen enough
    return _fail(error.strerror or type(error).__name__, INTERNAL)


def _settings(options: Options) -> Settings:
    flags = options.flags()
    if options.program:
        import shlex

        flags["command"] = shlex.join(options.program)
    if options.config:
        os.environ["KIOSK_CONFIG"] = str(options.config.absolute())  # for whatever is started from here
    settings = options.settings = load_settings(flags, os.environ, settings_file(os.environ, options.config))
    speak_as_set(settings.text("lang"), os.environ)
    return settings


def _fail(line: str, code: int, opening: Opening | None = None) -> int:
    if opening is not None:
        opening.close()
    from kiosk.tty.terminal import complain

    complain(line)
    return code


def _run(options: Options) -> int:
    return _show(_settings(options), opening=options.opening)


def _lock(settings: Settings) -> None:
    """Take the way out away as soon as it is known that there is to be none."""
    if settings.on("locked"):
        from kiosk.lockdown.process import lock

        lock(os.environ)


def _show(settings: Settings, mailbox_url: str = "", *, opening: Opening) -> int:
    from kiosk.smartlogin.tls import leave_out_tls
    from kiosk.tty.terminal import prepare, unfit

    if reason := unfit(os.environ):
        return _fail(_("{reason}; `kiosk login` signs in with lines of text").format(reason=reason), USAGE, opening)
    prepare(os.environ)
    if "WATCHDOG_USEC" in os.environ:
        from kiosk.reporting.supervisor import feed_before_imports

        feed_before_imports()
    _lock(settings)
    # Textual makes much and throws nothing away while it is imported: looking for garbage then is in vain.
    gc.disable()
    leave_out_palette()
    leave_out_tls()
    from kiosk.fullscreen import show

    return show(settings, mailbox_url, opening)


def _demo(options: Options) -> int:
    from kiosk.tty.terminal import unfit

    settings = _settings(options)
    if reason := unfit(os.environ):
        return _fail(
            _("{reason}; `kiosk serve` and `kiosk login` work without one").format(reason=reason),
            USAGE,
            options.opening,
        )
    _lock(settings)
    from kiosk.service.errors import ServiceError
    from kiosk.service.server import EmbeddedService, Options
    from kiosk.wiring import demo_settings, demo_store

    service = EmbeddedService(Options(port=0, store=demo_store(os.environ)))
    try:
        service.start()
    except ServiceError as error:
        return _fail(
            f"{error} (the demo keeps nothing of worth: its file can be removed)", CONFIGURATION, options.opening
        )
    try:
        return _show(demo_settings(settings, service.url), service.mailbox_url, opening=options.opening)
    finally:
        service.stop()


def _login(options: Options) -> int:
    from kiosk.plain import login

    return login(_settings(options), as_json=options.json)


def _serve(options: Options) -> int:
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


def _token(options: Options) -> int:
    with _garbage_let_lie():
        from kiosk.kept import token

        return token(_settings(options), as_json=options.json)


def _status(options: Options) -> int:
    with _garbage_let_lie():
        from kiosk.kept import status

        return status(_settings(options), as_json=options.json)


@contextmanager
def _garbage_let_lie() -> Iterator[None]:
    """For what answers and ends: no search for garbage meanwhile, nor, which would take longer, as Python ends."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _logout(options: Options) -> int:
    from kiosk.kept import logout

    return logout(_settings(options), as_json=options.json)


def _doctor(options: Options) -> int:
    settings = _settings(options)
    if options.keys:
        return _check_keys(settings, options.keys)
    from kiosk.doctor.visit import visit

    return visit(settings, settings_file(os.environ, options.config), as_json=options.json, mail=options.mail)


def _check_keys(settings: Settings, file: str) -> int:
    from kiosk.tty.terminal import prepare, unfit

    if reason := unfit(os.environ):
        return _fail(reason, USAGE)
    prepare(os.environ)
    from kiosk.loop import run
    from kiosk.remote.keys import as_table, translation
    from kiosk.tty.keycheck import KeyCheck, say

    found = run(KeyCheck(say, 0, translation(settings.text("keys"))).run())
    if not found:
        say(_("Nothing has to be set."))
        return DONE
    if file == "-":
        print(as_table(found), end="")
    else:
        Path(file).write_text(as_table(found), encoding="utf-8")
        say(_("Written to {file}").format(file=file))
    return DONE


def _config(options: Options) -> int:
    if options.what == "path":
        path = settings_file(os.environ, options.config)
        print(*([path, *drop_ins(path)] if path else [_("no settings file")]), sep="\n")
        return DONE
    from kiosk.settings.table import SETTINGS

    settings = _settings(options)
    for setting in SETTINGS:
        value = "(set)" if setting.secret and settings.values[setting.name] else repr(settings.values[setting.name])
        print(f"{setting.name} = {value}  # {settings.sources[setting.name]}")
    return DONE


def _pin(options: Options) -> int:
    from kiosk.lockdown.command import print_hash

    speak_as_set(options.flags().get("lang", ""), os.environ)
    return print_hash()


_HANDLERS: dict[str, Handler] = {
    "run": _run,
    "demo": _demo,
    "login": _login,
    "token": _token,
    "status": _status,
    "logout": _logout,
    "pin": _pin,
    "config": _config,
    "doctor": _doctor,
    "serve": _serve,
}
