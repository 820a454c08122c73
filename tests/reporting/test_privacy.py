"""Secrets pushed through every path: none comes out in the log, the journal, the figures, on stderr or in a `repr`."""

import asyncio
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
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kiosk.entry
import kiosk.signin
import kiosk.smartlogin
import kiosk.vault
from kiosk.crash import crash_text
from kiosk.reporting.records import CALLS, Event, Level, plain, record
from kiosk.reporting.reporter import Reporter
from kiosk.settings.loading import load_settings
from kiosk.signin.states import State
from kiosk.smartlogin.client import SmartLoginClient
from kiosk.smartlogin.errors import SmartLoginError
from kiosk.smartlogin.models import Token
from tests.keyrings import BrokenKeyring
from tests.peer import refusal
from tests.reporting.sockets import Datagrams, datagrams
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

        for name in ("httpx", "httpcore.http11", "asyncio", "keyring", "textual", SECRET):
            logging.getLogger(name).critical("%s", SECRET)
            try:
                fail()
            except ValueError:
                logging.getLogger(name).critical(SECRET, exc_info=True)
        logging.getLogger("httpx").error("%d %d", SECRET)  # a format that does not fit
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


def dataclasses_of(package: types.ModuleType) -> list[type]:
    found = []
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(info.name)
        ours = [kind for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == info.name]
        found += [kind for kind in ours if dataclasses.is_dataclass(kind)]
    return found


HOLDERS = {
    kind.__qualname__: kind
    for package in (kiosk.signin, kiosk.smartlogin, kiosk.vault)
    for kind in dataclasses_of(package)
}
PUBLIC = {"api_url", "code", "site", "name"}
"""Texts that may be shown: they are of the operator's settings, such as a keyring's name."""


@pytest.mark.parametrize("name", sorted(HOLDERS))
def test_no_repr_shows_a_text_that_came_from_somebody(name: str) -> None:
    for field in dataclasses.fields(HOLDERS[name]):
        texts = field.type is str or str(field.type) in {"str", "str | None", "tuple[str, ...]"}
        if texts and (name == "Welcome" or field.name not in PUBLIC):
            assert not field.repr, f"{name}.{field.name} is shown"


def test_the_calls_that_are_named_are_those_of_the_client() -> None:
    wrapped = {name for name, value in vars(SmartLoginClient).items() if hasattr(value, "__wrapped__")}
    assert wrapped == CALLS


def test_every_state_has_its_words_for_systemd() -> None:
    from kiosk.reporting.observer import _DOING

    assert set(_DOING) == {state.__name__ for state in typing.get_args(State)}
