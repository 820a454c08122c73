#!/usr/bin/env python3
"""An app of somebody's own that asks who is there, by the screens of kiosk.

KIOSK_API_KEY=... python packaging/examples/library.py
"""

import sys

from textual.app import App, ComposeResult
from textual.widgets import Button, Label

from kiosk import Session, SettingsError, SignIn


class Example(App[None]):
    """Greets whoever signs in."""

    def compose(self) -> ComposeResult:
        """A line, and a button for the next person."""
        yield Label("Nobody is here.", id="who", markup=False)
        yield Button("Sign in", id="sign-in")

    def on_button_pressed(self) -> None:
        """Ask."""
        self.push_screen(SignIn.as_configured(), self.greet)

    def greet(self, session: Session | None) -> None:
        """Say what came of it."""
        if session is None:
            self.query_one("#who", Label).update("Another time, then.")
        else:
            # session.token.access_token is what your own service wants to see.
            self.query_one("#who", Label).update(f"Hello, {session.profile.greeting}.")


if __name__ == "__main__":
    try:
        SignIn.as_configured()
    except SettingsError as wrong:
        sys.exit(str(wrong))
    Example().run()
