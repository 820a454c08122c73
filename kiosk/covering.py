"""The operator's PIN over what the sign-in shows: asked for by a sequence of keys, gone again if it is not typed."""

from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App

from kiosk.exits import MAINTENANCE
from kiosk.lockdown.maintenance import Maintenance
from kiosk.screens.base import FlowScreen


class Cover:
    """Lies over the sign-in, which goes on meanwhile, and is drawn again afterwards.

    Args:
        app: What shows the screens.
        maintenance: Knows the sequence; None where nothing asks for a PIN.
        draw: Shows the newest state of the sign-in.
    """

    def __init__(self, app: App[Any], maintenance: Maintenance | None, draw: Callable[[], Awaitable[None]]) -> None:
        self._app = app
        self._maintenance = maintenance
        self._draw = draw
        self._covered: FlowScreen[Any] | None = None

    @property
    def laid(self) -> bool:
        """The PIN is asked for: whoever presses keys is the operator, and nobody who signs in."""
        return self._covered is not None

    def asked_for_by(self, key: str) -> bool:
        """Whether this key is the last of the sequence. Every key is to come by here."""
        return self._maintenance is not None and not self.laid and self._maintenance.sequence.completed_by(key)

    async def lay(self) -> None:
        """Ask for the PIN."""
        if isinstance(screen := self._app.screen, FlowScreen):
            self._covered = screen
            screen.covered = True
            await self._app.switch_mode("maintenance")

    def end(self, right: bool) -> None:  # noqa: FBT001 - as the screen tells it
        """The PIN was right, which ends the app, or nobody has typed it."""
        if right:
            self._app.exit(return_code=MAINTENANCE)
        else:
            self._app.call_next(self._take_away)

    async def _take_away(self) -> None:
        covered, self._covered = self._covered, None
        await self._draw()
        if covered is not None:
            covered.covered = False
            if covered is not self._app.screen:
                covered.wipe()
