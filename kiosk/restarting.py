"""A restart that the operator wishes, for new settings: it comes as soon as nobody is busy."""

from collections.abc import Callable
from typing import Any

from kiosk.screens.base import FlowScreen
from kiosk.signin.intents import Intent, Restart

QUIET = 2.0
"""Seconds without a key that make a quiet moment."""

LEFT = 60.0
"""Seconds without a key after which what somebody has begun is taken for left behind."""


class Restarting:
    """Waits for the quiet moment.

    Args:
        screen: What somebody may be busy at; None where nobody is to be disturbed at all.
        send: What takes intents to the sign-in.
        now: Monotonic seconds.
    """

    def __init__(
        self, screen: Callable[[], FlowScreen[Any] | None], send: Callable[[Intent], None], now: Callable[[], float]
    ) -> None:
        self._screen = screen
        self._send = send
        self._now = now
        self._touched_at = now()

    def touch(self) -> None:
        """Somebody is there."""
        self._touched_at = self._now()

    def restart_if_quiet(self) -> None:
        """Restart, if this is the moment. To be called every `QUIET` seconds."""
        if (screen := self._screen()) is None:
            return
        if self._now() - self._touched_at >= (QUIET if screen.vacant else LEFT):
            self._send(Restart())  # makes no sense to a flow that is busy, and then does nothing
