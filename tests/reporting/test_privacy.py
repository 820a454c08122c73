"""Secrets pushed through every path: none comes out in the log, the journal, the figures, on stderr or in a `repr`."""

import asyncio
import collections.abc
import dataclasses
import gc
import importlib
import json
import logging
import pkgutil
import sys
import threading
import types
import typing
import warnings
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from textual.message import Message

import kiosk.entry
import kiosk.handover
import kiosk.signin
import kiosk.smartlogin
import kiosk.vault
import kiosk.widgets
from kiosk.crash import crash_text
from kiosk.reporting.records import CALLS, Event, Level, plain, record
from kiosk.reporting.reporter import Reporter
from kiosk.service.server import EmbeddedService, Options
from kiosk.settings.loading import load_settings
from kiosk.signin.keeping import Restored
from kiosk.signin.states import Entering, State, Waiting, Welcome
from kiosk.smartlogin.client import SmartLoginClient
from kiosk.smartlogin.errors import SmartLoginError, TimedOut, Unreachable
from kiosk.smartlogin.models import Identifier, IdentifierKind, Token
from kiosk.values import Value, fields
from tests.cells import settled
from tests.clock import START
from tests.keyrings import BrokenKeyring
from tests.peer import refusal
from tests.reporting.sockets import Datagrams, datagrams
from tests.screens.stage import app_in
from tests.signin.world import world

SECRET = "jane.doe-7f3a91@example.org"


class Room:
    """A reporter whose every way out is looked at."""

    def __init__(self, folder: Path, journal: Datagrams, **more: str) -> None:
        self.folder, self.journal = folder, journal
        flags = {"log_level": "debug", "metrics_file": str(folder / "kiosk.prom"), "site_name": SECRET, **more}
        environ = {"NOTIFY_SOCKET": str(journal.path), "WATCHDOG_USEC": "1000000"}
        kept = load_settings(flags, {}, None)
        self.both = [
            Reporter(kept, environ, str(folder / "log")),
            Reporter(kept, environ, "journal", journal=journal.path),
        ]

    def said(self) -> str:
        """All that came out, the reporters ended."""
        for each in self.both:
            each.end(0)
        files = "".join(path.read_text() for path in self.folder.iterdir() if path.is_file())
        return files + "".join(self.journal.read())


def errors() -> list[type[SmartLoginError]]:
    def family(root: type[SmartLoginError]) -> list[type[SmartLoginError]]:
        return [root, *(kind for child in root.__subclasses__() for kind in family(child))]

    return family(SmartLoginError)


async def test_a_sign_in_with_every_kind_of_error_says_nothing_of_anybody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    codes = sorted({code for kind in errors() for code in kind.codes} - {1139})
    (tmp_path / "out").mkdir()
    with datagrams(tmp_path / "journal") as journal:
        room = Room(tmp_path / "out", journal)
        seen = ""
        for code in codes:
            async with world(BrokenKeyring()) as it:
                for each in room.both:
                    each.begin(it.sign_in, lambda _period, _feed: None)
                it.peer.will("smartlogin", refusal(code, access_token=SECRET, Description=SECRET))
                await it.type(SECRET)
                await asyncio.sleep(0)
                journal.read()
            for each in room.both:
                each._hooks.remove()
                each._hooks.install()
        seen = room.said()
    assert "IdentifierUnknown" in seen
    assert "Sending" in seen
    captured = capfd.readouterr()
    for text in (seen, captured.out, captured.err):
        assert SECRET not in text
        assert "jane" not in text.lower()


@given(secret=st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=8, max_size=40))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_given_as_a_fact_no_text_of_it_is_said(secret: str) -> None:
    secret = f"\N{SECTION SIGN}{secret}"  # unlike any name that stands in source code
    made = type(secret.encode().hex(), (SmartLoginError,), {})
    error = made(1139)
    error.add_note(secret)
    values: list[Any] = [secret, [secret], (secret,), {secret: secret}, ValueError(secret), error, made, Token(secret)]
    from kiosk.reporting.records import _READINGS

    for name in [*_READINGS, "message", secret]:
        for value in values:
            said = json.dumps(plain(**{name: value}), ensure_ascii=False)
            assert secret not in said
            assert secret.encode().hex() not in said


def test_libraries_and_the_interpreter_are_heard_by_name_and_not_in_words(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    with datagrams(tmp_path / "journal") as journal:
        room = Room(tmp_path / "out", journal)

        class Falls:
            def __del__(self) -> None:
                raise ValueError(SECRET)

        def fail() -> None:
            raise ValueError(SECRET)

        for name in ("asyncio", "keyring", "textual", SECRET):
            logging.getLogger(name).critical("%s", SECRET)
            try:
                fail()
            except ValueError:
                logging.getLogger(name).critical(SECRET, exc_info=True)
        unfit = logging.LogRecord("asyncio", logging.ERROR, __file__, 1, "%d %d", (SECRET,), None)
        for handler in logging.getLogger().handlers:
            if type(handler).__module__.startswith("kiosk."):  # pytest's own fail at a format that does not fit
                handler.handle(unfit)
        thread = threading.Thread(target=fail, name=SECRET)
        thread.start()
        thread.join()
        Falls()
        gc.collect()
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = room.both[-1]._hooks._on_warning
            warnings.warn(SECRET, UserWarning, stacklevel=1)
        with pytest.raises(ValueError, match=SECRET) as caught:
            fail()
        error = caught.value
        sys.excepthook(ValueError, error, error.__traceback__)
        assert SECRET not in crash_text(error)
        assert SECRET not in repr(record(Event.CRASH, Level.ERROR, datetime.now(UTC), error=error, frames=error))
        said = room.said()
    captured = capfd.readouterr()
    assert "ValueError" in said
    assert '"logger":"keyring"' in said
    for text in (said, captured.out, captured.err):
        assert SECRET not in text


async def test_a_task_that_nobody_waited_for_is_named_only(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    with datagrams(tmp_path / "journal") as journal:
        room = Room(tmp_path / "out", journal)
        async with world() as it:
            room.both[0].begin(it.sign_in, lambda _period, _feed: None)

            async def fail() -> None:
                raise ValueError(SECRET)

            task = asyncio.create_task(fail(), name=SECRET)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            del task
            gc.collect()
        said = room.said()
    captured = capfd.readouterr()
    assert '"logger":"asyncio"' in said
    for text in (said, captured.out, captured.err):
        assert SECRET not in text


def holds_fields(kind: type) -> bool:
    """A class that says what its instances hold: a value of ours, or a dataclass."""
    return dataclasses.is_dataclass(kind) or (issubclass(kind, Value) and kind is not Value)


def fields_of(kind: Any) -> list[str]:
    """The names of what they hold."""
    return list(fields(kind)) if issubclass(kind, Value) else [each.name for each in dataclasses.fields(kind)]


def values_of(package: types.ModuleType) -> list[type]:
    """All of a package, and those inside its classes: the messages of our widgets."""
    found = []
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(info.name)
        ours = [kind for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == info.name]
        inner = [each for kind in ours for each in vars(kind).values() if isinstance(each, type)]
        found += [kind for kind in {*ours, *inner} if holds_fields(kind)]
    return found


HOLDERS = {
    f"{kind.__module__}.{kind.__qualname__}": kind
    for package in (kiosk.signin, kiosk.smartlogin, kiosk.vault, kiosk.entry, kiosk.widgets, kiosk.handover)
    for kind in values_of(package)
}
PUBLIC = {
    ("Kept", "api_url"),
    ("Parts", "api_url"),
    ("Choice", "name"),
    ("Habits", "layout"),
    ("Layout", "name"),
    ("Stamp", "boot"),
}
"""Texts that may be shown: the operator's settings, our own words, the run of the machine."""


LATER = {"SmartLoginClient": SmartLoginClient, "Keyring": KeyringBackend, "Restored": Restored}
"""What modules import for their types alone."""


def filled(kind: type) -> Any:
    """One whose every text is the secret, and whose parts are filled as well; its own checks do not object."""
    made: Any = object.__new__(kind)
    hints = typing.get_type_hints(kind, vars(sys.modules[kind.__module__]) | LATER)
    for name in fields_of(kind):
        public = (kind.__name__, name) in PUBLIC
        object.__setattr__(made, name, "public" if public else value_of(hints[name]))
    return made


def value_of(hint: Any) -> Any:
    """A value of that type, with the secret in every text."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        texts = [each for each in arguments if each is str]
        return value_of((texts or [each for each in arguments if each is not type(None)])[0])
    if origin is tuple:
        return tuple(value_of(each) for each in arguments if each is not Ellipsis)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if isinstance(hint, type) and holds_fields(hint):
        return filled(hint)
    if isinstance(hint, type) and issubclass(hint, str | bytes):
        return SECRET.encode() if hint is bytes else SECRET
    return {SECRET: SECRET} if origin in {dict, collections.abc.Mapping} else [SECRET] if origin is list else 7


@pytest.mark.parametrize("name", sorted(HOLDERS))
def test_no_repr_shows_a_text_that_came_from_somebody(name: str) -> None:
    assert SECRET not in repr(filled(HOLDERS[name]))


def test_the_calls_that_are_named_are_those_of_the_client() -> None:
    wrapped = {name for name, value in vars(SmartLoginClient).items() if hasattr(value, "__wrapped__")}
    assert wrapped == CALLS


def test_every_state_has_its_words_for_systemd() -> None:
    from kiosk.reporting.observer import _DOING

    assert set(_DOING) == {state.__name__ for state in typing.get_args(State)}


async def test_asyncio_told_to_log_everything_while_calls_are_made(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Somebody turns it on after the client was made, as a debugging session might. It knows bytes, and tells none."""
    (tmp_path / "out").mkdir()
    with datagrams(tmp_path / "journal") as journal:
        room = Room(tmp_path / "out", journal)
        names = ("", "asyncio")
        before = {name: logging.getLogger(name).level for name in names}
        heard: list[logging.LogRecord] = []
        ear = logging.Handler()
        ear.emit = heard.append  # type: ignore[method-assign, assignment]
        logging.getLogger().addHandler(ear)
        loop = asyncio.get_running_loop()
        with EmbeddedService(Options(port=0)) as service:
            client = SmartLoginClient(service.url, "demo-key", onlooker=room.both[0].on_call)
            try:
                for name in names:
                    logging.getLogger(name).setLevel(logging.DEBUG)
                loop.set_debug(True)
                loop.slow_callback_duration = 0.0  # each step of each task is told, with the task's `repr`
                await client.request_login(Identifier(IdentifierKind.EMAIL, SECRET), f"guid-{SECRET}")
            except SmartLoginError:
                pass  # nobody of the sample site
            finally:
                await client.close()
                loop.set_debug(False)
                logging.getLogger().removeHandler(ear)
                for name, level in before.items():
                    logging.getLogger(name).setLevel(level)
        said = room.said()
    assert any(record.name == "asyncio" and "connected to" in record.getMessage() for record in heard), "it was on"
    captured = capfd.readouterr()
    for text in (said, captured.out, captured.err, *(each.getMessage() for each in heard)):
        assert "jane" not in text


@pytest.mark.parametrize("code", [429, 500, 1139, 1140, 1093, 1137])
async def test_errors_while_waiting_through_the_whole_record(tmp_path: Path, code: int) -> None:
    (tmp_path / "out").mkdir()
    with datagrams(tmp_path / "journal") as journal:
        room = Room(tmp_path / "out", journal)
        async with world() as it:
            for each in room.both:
                each.begin(it.sign_in, lambda _period, _feed: None)
            it.peer.will("ping", refusal(1139))
            await it.wait(SECRET)
            bad = httpx.Response(code, text=SECRET) if code < 1000 else refusal(code, Description=SECRET)
            for _ in range(3):
                it.peer.will("ping", bad, Unreachable(), TimedOut())
                await it.clock.advance(60)
            journal.read()
        said = room.said()
    assert '"state":"Waiting"' in said
    assert "Unreachable" in said or code in {1093, 1137}
    assert "jane" not in said


async def test_workers_and_messages_of_the_app_say_nothing_of_whom_it_is_for() -> None:
    who = Identifier(IdentifierKind.EMAIL, SECRET)
    states: list[State] = [Entering(typed=SECRET), Waiting(who, START + 900, START + 30), Welcome(SECRET)]
    seen: list[str] = []

    def look(message: Message) -> None:
        seen.append(repr(message))

    for state in states:
        app = app_in(state)
        async with app.run_test(size=(80, 24), message_hook=look) as pilot:
            await settled(pilot)
            seen += [repr(worker) + str(worker.description) for worker in app.workers]
            await pilot.press("left")
            await settled(pilot)
    assert any("sign-in" in each for each in seen)
    assert any("Changed(" in each for each in seen)
    assert not [each for each in seen if "jane" in each]
