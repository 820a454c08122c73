"""The sign-in as a screen of somebody else's Textual app.

    from kiosk import SignIn

    session = await self.push_screen_wait(SignIn(api_key="…", site_name="Example TV"))

It takes the app's theme, draws the same screens as `kiosk` does, keeps the session in the same keyring, and is gone
with the session, or with None where the person left. A session that is kept already comes back without a mail, renewed
where the service could be asked.
"""

import os
import sys
from collections.abc import Mapping
from typing import Any, Self

from textual.screen import Screen

from kiosk.clock import SystemClock
from kiosk.entry.domains import Domains
from kiosk.language import fall_back, language_for, speak
from kiosk.paths import SHEETS
from kiosk.screens.base import Desk, FlowScreen
from kiosk.screens.cast import screen_makers, screen_name
from kiosk.settings.loading import Settings, SettingsError, load_settings, settings_file
from kiosk.settings.table import SETTINGS
from kiosk.signin.intents import Continue
from kiosk.signin.states import Finished, Outcome, Welcome
from kiosk.smartlogin.models import Session
from kiosk.tty.glyphs import glyphs_of
from kiosk.tty.terminal import is_console
from kiosk.wiring import sign_in_for

_STAND_INS = {
    "muted": "$text-muted",
    "border": "$foreground",
    "key-red": "$error",
    "key-green": "$success",
    "key-yellow": "$warning",
    "key-blue": "$primary",
}
"""What our styles ask of a theme and other people's themes do not have, in words of those."""


class SignIn(Screen[Session | None]):
    """Asks who is there; is dismissed with the session, or with None where nobody signed in.

    Args:
        values: Settings by name, as in kiosk.toml: `api_key`, `api_url`, `site_name`, `device_name`, `keyring` …
            Neither environment nor files are read; `as_configured` does that. Without `lang` it speaks English.

    Raises:
        SettingsError: a setting is unknown, or has a value that it cannot have.
    """

    def __init__(self, **values: str | int) -> None:
        super().__init__()
        if unknown := sorted(set(values) - {setting.name for setting in SETTINGS}):
            raise SettingsError(f"unknown setting {unknown[0]!r}")
        self._take(load_settings({name: str(value) for name, value in values.items()}, {}, None), {})

    @classmethod
    def as_configured(cls) -> Self:
        """With the settings that `kiosk` itself would run with here.

        Raises:
            SettingsError: they cannot be used.
        """
        screen = cls()
        screen._take(load_settings({}, os.environ, settings_file(os.environ)), os.environ)
        return screen

    def _take(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._language = language_for(settings.text("lang"), environ)
        self._flow = sign_in_for(settings, attended=True)
        self._makers = screen_makers(
            Desk(
                send=self._flow.send,
                clock=SystemClock(),
                site_name=settings.text("site_name"),
                device_name=settings.text("device_name"),
                help_url=settings.text("help_url"),
                half_blocks=not is_console(os.environ),
                logo=settings.text("brand_logo"),
                layout=settings.text("layout"),
                domains=Domains.of(settings.text("domains").replace(",", " ").split(), ()),
            )
        )
        self._shown: tuple[str, FlowScreen[Any]] | None = None

    def on_mount(self) -> None:
        """Begin."""
        self._speak()
        self._dress()
        self._flow.subscribe(lambda _state: self.call_next(self._draw))
        self.call_next(self._draw)
        self.run_worker(self._run(), name="sign-in", group="sign-in", description="the sign-in")

    def _speak(self) -> None:
        # Here and not before: there may be other screens like this one, with languages of their own.
        speak(self._language)
        if (terminal := sys.__stderr__) is not None:
            fall_back(glyphs_of(2, terminal.encoding, console=is_console(os.environ)).draws)

    def _dress(self) -> None:
        """Add our styles to the app's; they name our own screens and no others."""
        known = self.app.get_css_variables()
        missing = "".join(f"${name}: {same};\n" for name, same in _STAND_INS.items() if name not in known)
        for sheet in SHEETS:
            if not self.app.stylesheet.has_source(str(sheet), ""):
                self.app.stylesheet.add_source(missing + sheet.read_text(encoding="utf-8"), (str(sheet), ""))
        self.app.refresh_css(animate=False)

    async def _run(self) -> None:
        outcome = await self._flow.run()
        session = self._flow.session if outcome is Outcome.SIGNED_IN else None
        while self._shown is not None and self.app.screen is not self:
            await self.app.pop_screen()
        self.dismiss(session)

    async def _draw(self) -> None:
        """Show the newest state on a screen on top of this one."""
        state = self._flow.state
        if isinstance(state, Welcome):
            self._flow.send(Continue())  # whoever pushed this screen greets in their own words
        if isinstance(state, Welcome | Finished):
            return
        name = screen_name(state)
        if self._shown is None or self._shown[0] != name:
            made = self._makers[name]()
            assert isinstance(made, FlowScreen)  # noqa: S101 - for mypy
            shown, self._shown = self._shown, (name, made)
            await (self.app.push_screen(made) if shown is None else self.app.switch_screen(made))
        self._shown[1].draw(state)
