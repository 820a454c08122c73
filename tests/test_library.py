"""The sign-in as a screen of somebody else's app."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Button, Label, Static

import kiosk
from kiosk import Session, SettingsError, SignIn
from kiosk.service.server import EmbeddedService, Options
from tests.clock import until
from tests.mail import click, newest_mail
from tests.terminal import Terminal
from tests.tongues import speaking

ROOT = Path(__file__).parent.parent


@pytest.fixture
def service() -> Iterator[EmbeddedService]:
    service = EmbeddedService(Options(port=0))
    service.start()
    yield service
    service.stop()


class Theirs(App[None]):
    """An app with styles of its own, which name what ours name as well."""

    CSS = "#title { background: red; padding: 1; } Button { width: 30; }"

    def __init__(self, screen: SignIn) -> None:
        super().__init__()
        self.sign_in = screen
        self.results: list[Session | None] = []

    def compose(self) -> ComposeResult:
        yield Label("theirs", id="title")
        yield Button("x")

    def on_mount(self) -> None:
        self.push_screen(self.sign_in, self.results.append)


def screen_for(service: EmbeddedService) -> SignIn:
    return SignIn(api_url=service.url, api_key="demo-key", site_name="Theirs", keyring="off")


def _asks(app: Theirs) -> bool:
    return "EntryScreen" in str(app.screen)


async def test_a_session_comes_back_and_their_app_is_as_it_was(service: EmbeddedService) -> None:
    app = Theirs(screen_for(service))
    async with app.run_test(size=(80, 24)) as pilot:
        title = app.screen_stack[0].query_one("#title")
        before = (title.styles.padding, title.styles.background, app.theme)
        await until(partial(_asks, app), 20)
        await pilot.press(*"jane", "enter")
        await until(lambda: "WaitingScreen" in str(app.screen), 20)
        click(newest_mail(service.mailbox_url)["links"][0])
        await pilot.press("enter")  # I opened it
        await until(lambda: app.results, 20)
        (session,) = app.results
        assert session is not None
        assert session.profile.greeting == "Jane"
        assert len(session.token.access_token) == 36
        assert session.token.access_token not in repr(session)
        assert len(app.screen_stack) == 1
        assert (title.styles.padding, title.styles.background, app.theme) == before


async def test_whoever_leaves_brings_nothing(service: EmbeddedService) -> None:
    app = Theirs(screen_for(service))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(partial(_asks, app), 20)
        await pilot.press("escape")
        await until(lambda: app.results, 20)
        assert app.results == [None]
        assert len(app.screen_stack) == 1
        app.push_screen(screen_for(service), app.results.append)  # and again
        await until(partial(_asks, app), 20)
        await pilot.press("escape")
        await until(lambda: len(app.results) == 2, 20)


async def test_their_theme_may_be_any(service: EmbeddedService) -> None:
    for theme in ("textual-light", "nord", "ansi-dark"):
        app = Theirs(screen_for(service))
        app.theme = theme
        async with app.run_test(size=(80, 24)):
            await until(partial(_asks, app), 20)


async def test_it_speaks_as_it_is_told(service: EmbeddedService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setenv("KIOSK_API_URL", service.url)
    monkeypatch.setenv("KIOSK_API_KEY", "demo-key")
    monkeypatch.setenv("KIOSK_KEYRING", "off")
    named = SignIn(api_url=service.url, api_key="demo-key", keyring="off", lang="de")
    with speaking("en"):
        for screen, title in (
            (named, "Anmelden"),
            (SignIn.as_configured(), "Connexion"),
            (screen_for(service), "Sign"),
        ):
            app = Theirs(screen)
            async with app.run_test(size=(80, 24)):
                await until(partial(_asks, app), 20)
                assert str(app.screen.query_one("#title", Static).content).startswith(title)


def test_a_setting_that_cannot_be_used_says_so() -> None:
    with pytest.raises(SettingsError, match="unknown setting 'colour'"):
        SignIn(colour="red")
    with pytest.raises(SettingsError, match="wait_minutes"):
        SignIn(wait_minutes=0)
    with pytest.raises(AttributeError):
        _ = kiosk.nonsense  # type: ignore[attr-defined]


def test_the_name_costs_nothing_until_it_is_asked_for() -> None:
    code = "import sys, kiosk; assert 'textual' not in sys.modules; from kiosk import SignIn; print(SignIn.__name__)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "SignIn\n"


def test_the_example_signs_in(service: EmbeddedService, tmp_path: Path) -> None:
    environ = {
        "KIOSK_API_URL": service.url, "KIOSK_API_KEY": "demo-key", "KIOSK_KEYRING": "off", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    with Terminal([], tmp_path, environ=environ, program=ROOT / "packaging/examples/library.py") as it:
        it.see("Nobody is here.")
        it.press("\t", "enter")
        it.see("Type your email or username")
        it.press("jane", "enter")
        it.see("Check your email")
        click(newest_mail(service.mailbox_url)["links"][0])
        it.press("enter")
        it.see("Hello, Jane.")
        it.press("\x11")
        assert it.exit_code() == 0
