"""Nobody is here: a line that wanders, so that nothing burns into the panel. Any key brings the entry back."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Static

from kiosk.language import gettext as _
from kiosk.screens.base import Desk, FlowScreen
from kiosk.signin.states import Resting
from kiosk.text import clean

STEP = 20.0
"""Seconds that the line stays in one place."""

PLACES = ((0, 0), (2, 3), (1, 1), (3, 2), (0, 3), (2, 1), (1, 0), (3, 3), (0, 1), (2, 2), (1, 3), (3, 0))
"""Where it goes, in thirds of the free room across and down: never twice near the same place."""


class RestingScreen(FlowScreen[Resting]):
    """Draws `Resting`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._tick: Timer | None = None
        self._steps = 0

    def compose(self) -> ComposeResult:
        """One small block of words."""
        site = clean(self.desk.site_name)
        with Vertical(id="wanderer"):
            yield Static(_("Sign in to {site}").format(site=site) if site else _("Sign in"), id="title", markup=False)
            yield Static(_("Press any key"), id="any-key", markup=False)

    def draw(self, state: Resting) -> None:  # noqa: ARG002 - one like any other
        """Nothing in a resting state changes but the place."""
        self._place()

    def action_back(self) -> None:
        """Like every key: the app has told the sign-in already."""

    def on_mount(self) -> None:
        """Move on once in a while; only while this screen is the one that is shown."""
        self._tick = self.set_interval(STEP, self._wander)

    def on_screen_suspend(self) -> None:
        """Nobody looks."""
        if self._tick is not None:
            self._tick.pause()

    def on_screen_resume(self) -> None:
        """Nobody is there."""
        if self._tick is not None:
            self._tick.resume()

    def on_resize(self) -> None:
        """The free room is another."""
        self._place()

    def _wander(self) -> None:
        self._steps += 1
        self._place()

    def _place(self) -> None:
        across, down = PLACES[self._steps % len(PLACES)]
        wanderer = self.part("#wanderer", Vertical)
        free_width = max(0, self.content_size.width - wanderer.outer_size.width)
        free_height = max(0, self.content_size.height - wanderer.outer_size.height)
        wanderer.styles.offset = (free_width * across // 3, free_height * down // 3)
