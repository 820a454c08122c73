"""Care for a session that lasts: its expiry is moved forward in time, and its end is noticed."""

import asyncio
from enum import Enum, auto

from kiosk.signin.keeping import care_due, slide
from kiosk.signin.stage import Stage
from kiosk.smartlogin.errors import SmartLoginError
from kiosk.smartlogin.refusals import AccountRefused, SiteRefused, TokenRefused
from kiosk.vault.problems import VaultProblem


class News(Enum):
    """What the service has said of the session."""

    GOOD = auto()
    UNSURE = auto()
    """It could not be asked, or would not say."""
    ENDED = auto()


class Care:
    """Asks the service about the session when that is due. `close` it, whatever comes."""

    def __init__(self, stage: Stage, *, checked: bool) -> None:
        self._stage = stage
        self._due = care_due(stage, checked=checked)
        self._sliding: asyncio.Task[VaultProblem | None] | None = None
        self.vault_problem: VaultProblem | None = None
        """Why the session as it was last renewed is not kept."""

    @property
    def due(self) -> float | None:
        """When `begin` is wanted next; None while the service is being asked."""
        return None if self._sliding else self._due

    def begin(self) -> None:
        """Ask, if it is time."""
        session = self._stage.session
        if self._sliding is None and session is not None and self._stage.parts.clock.now() >= self._due:
            self._sliding = self._stage.start(slide(self._stage, session))

    def news(self, event: object) -> News | None:
        """What it means that `event` has happened; None when it has nothing to do with the session's care."""
        if self._sliding is None or event is not self._sliding:
            return None
        sliding, self._sliding = self._sliding, None
        try:
            self.vault_problem = sliding.result()
        except (TokenRefused, AccountRefused):
            return News.ENDED
        except SmartLoginError as error:
            # A site that refuses to answer will not change its mind within seconds.
            self._due = care_due(self._stage, checked=isinstance(error, SiteRefused))
            return News.UNSURE
        self._due = care_due(self._stage, checked=True)
        return News.GOOD

    def close(self) -> None:
        """Ask no more."""
        if self._sliding is not None:
            self._sliding.cancel()
