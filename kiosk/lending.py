"""The terminal lent to the operator's program while the sign-in says so, and drawn on again when it is back."""

from typing import TYPE_CHECKING, Any

from textual.app import App

from kiosk.signin.flow import SignIn
from kiosk.signin.intents import ProgramEnded
from kiosk.signin.states import HandedOver, State

if TYPE_CHECKING:
    from kiosk.handover.program import Program

PROGRAM_TERMINAL = 2
"""Textual draws on stderr, so that is where the terminal is; stdout may be a log."""


class Lending:
    """Runs the program once for each time that the sign-in hands over."""

    def __init__(self, app: App[Any], sign_in: SignIn, program: "Program | None") -> None:
        self._app = app
        self._sign_in = sign_in
        self._program = program
        self._handed = False
        """The program was started, or has ended already and the sign-in has not said yet what follows."""
        self._leaving: int | None = None

    def on_state(self, state: State) -> None:
        """The sign-in has moved on."""
        if not isinstance(state, HandedOver):
            self._handed = False

    def hand_over(self) -> None:
        """Start the program; while it runs, see that it has the newest token."""
        program, session = self._program, self._sign_in.session
        assert program is not None, "only a sign-in that was told of a program hands over"  # noqa: S101
        if session is None:  # it has ended: the program has, too, or finds out by itself
            return
        if not self._handed:
            self._handed = True
            self._app.run_worker(self._run(program), name="program", group="program", description="the program")
        elif program.running:
            program.renew(session.token.access_token)

    async def _run(self, program: "Program") -> None:
        session, driver = self._sign_in.session, self._app._driver  # as it is now: it may have been renewed since
        if session is None or driver is None or not driver.can_suspend:
            self._sign_in.send(ProgramEnded(None))
            return
        with self._app.suspend():
            ended = await program.run(session.token.access_token, PROGRAM_TERMINAL)
        if self._leaving is not None:
            self._app.exit(return_code=self._leaving)
        self._sign_in.send(ended)

    def leave(self, code: int) -> None:
        """End the app with this exit code; a program that runs is ended first."""
        self._leaving = code
        if self._program is not None and self._program.running:
            self._program.stop()
        else:
            self._app.exit(return_code=code)
