"""The Textual shell: it draws the sign-in's state on screens, and passes on signals and exit codes."""

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment, Segments
from textual import events
from textual.filter import LineFilter, Monochrome, NoColor
from textual.worker import WorkerFailed

from kiosk.covering import Cover
from kiosk.crash import crash_text
from kiosk.doors import ShutApp
from kiosk.exits import INTERNAL
from kiosk.firstframe.opening import Opening
from kiosk.lending import Lending
from kiosk.looks import Look
from kiosk.loop import wait_for_no_thread
from kiosk.news import News
from kiosk.paths import SHEETS
from kiosk.restarting import QUIET, Restarting
from kiosk.screens.base import Desk, FlowScreen
from kiosk.screens.cast import screen_makers, screen_name
from kiosk.sheets import Sheets
from kiosk.signin.flow import SignIn
from kiosk.signin.intents import Touch
from kiosk.signin.states import (
    Finished,
    HandedOver,
    Outcome,
    Resting,
    State,
    nobody,
)
from kiosk.themes import theme_of
from kiosk.tty.console import Dress
from kiosk.tty.fitting import filters_for

if TYPE_CHECKING:
    from kiosk.handover.program import Program


class KioskApp(ShutApp[Outcome], inherit_bindings=False):
    """The full-screen app. Its screens live as long as it does: built once, they leave memory flat over months."""

    CSS_PATH: ClassVar[list[Any]] = list(SHEETS)
    DEFAULT_MODE = "entry"

    dress = Dress()
    """What the driver writes to the terminal before the first frame and after the last."""
    keys: Mapping[str, str] = {}
    """Keys that arrive under other names, and ours; the driver puts these in their place."""
    remote = False
    """Have the driver read remotes' keys beside the terminal."""

    first_frame: Callable[[], None] | None = None
    """Called once the first state has been drawn, and people can use it."""

    tell: Callable[[News | signal.Signals], None] | None = None
    """Called with what happens beside the sign-in."""

    crash: BaseException | None = None
    """The bug that ended it."""

    opening: Opening | None = None
    """How the terminal was taken before the driver was there, if it was."""

    painted: Callable[[State], None] | None = None
    """Called once, when the first state is on the screen."""

    def __init__(self, sign_in: SignIn, desk: Desk, look: Look, program: "Program | None" = None) -> None:
        super().__init__()
        self._sign_in = sign_in
        self._lending = Lending(self, sign_in, program)
        self._veil: ExitStack | None = None
        self._locked = desk.locked
        self._cover = Cover(self, desk.maintenance, self._draw)
        self._last_touch: events.Event | None = None
        self._restarting = Restarting(self._at_hand, sign_in.send, desk.clock.now)
        self._before: State = sign_in.state
        self._restart_wished = False
        self._fitting = filters_for(look)
        self.register_theme(theme_of(look.scheme))
        self.theme = look.scheme.name
        self.stylesheet = Sheets(variables=self.get_css_variables())
        for mode, make in screen_makers(desk, self._cover.end).items():
            self.add_mode(mode, make)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What each line goes through on its way to the terminal."""
        filters = super().get_line_filters()
        if self.native_ansi_color:
            # For NO_COLOR there is a theme; Textual's filters would paint greys, or spoil the QR code.
            filters = [each for each in filters if not isinstance(each, Monochrome | NoColor)]
        return [*filters, *self._fitting]

    def on_mount(self) -> None:
        """Take the signals that would otherwise leave the terminal raw, and begin."""
        # Textual would paint while the screen still learns its size: thrice what is wanted once, in other places first.
        self._veil = ExitStack()
        self._veil.enter_context(self.batch_update())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, *([] if self._locked else [signal.SIGINT])):
            loop.add_signal_handler(number, self._leave, number)
        loop.add_signal_handler(signal.SIGUSR1, self._wish_restart)
        self._sign_in.subscribe(self._on_state)
        self.call_next(self._draw)
        self.run_worker(self._run(), name="sign-in", group="sign-in", description="the sign-in")

    def on_resize(self) -> None:
        """Paint everything: a terminal that is as large as before by now may have lost its cells meanwhile."""
        self.refresh()

    async def on_event(self, event: events.Event) -> None:
        """Every key tells the sign-in that somebody is there, whatever else it does."""
        # Keys that no widget takes come by a second time, bubbling.
        if isinstance(event, events.Key | events.Paste) and event is not self._last_touch:
            self._last_touch = event
            self._restarting.touch()
            if isinstance(event, events.Key) and self._cover.asked_for_by(event.key):
                self.call_next(self._cover.lay)
                return
            if not self._cover.laid:
                wakes = isinstance(self._sign_in.state, Resting)
                self._sign_in.send(Touch())
                if wakes:
                    return  # when it had bubbled up to the bindings, the entry would take it for a press
                if self._answered(event):
                    return
        await super().on_event(event)

    def _answered(self, event: events.Event) -> bool:
        screen = self.screen
        return isinstance(event, events.Key) and isinstance(screen, FlowScreen) and screen.answer(event.key)

    async def _run(self) -> None:
        wait_for_no_thread()
        self.exit(await self._sign_in.run())

    def _on_state(self, state: State) -> None:
        self._lending.on_state(state)
        self.call_next(self._draw)

    async def _draw(self) -> None:
        """Show the newest state; those that came and went meanwhile nobody misses."""
        state = self._sign_in.state
        if isinstance(state, Finished) or self._cover.laid:
            return
        await self.switch_mode(screen_name(state))
        if isinstance(state, HandedOver):
            if isinstance(self._sign_in.state, HandedOver):
                self._lending.hand_over()
            return
        screen = self.screen
        if isinstance(screen, FlowScreen):
            screen.draw(state)
        # Through the screen's own queue: behind what it still has to learn of its size.
        screen.call_later(self._unveil, state)
        before, self._before = self._before, state
        if nobody(state) and (isinstance(state, Resting) or not nobody(before)):
            screen.call_after_refresh(self._forget)

    def _forget(self) -> None:
        """Who was here is gone, and so is what the libraries remember of them."""
        from kiosk.forgetting import forget

        self._last_touch = None
        forget(self)

    def _unveil(self, state: State) -> None:
        """Let the first frame be seen."""
        if self._veil is None:
            return
        self._go_on_from_opening()
        self._veil.close()
        self._veil = None
        self.screen.refresh(layout=True)
        if self.first_frame is not None:
            self.call_after_refresh(self.first_frame)
        if self.painted is not None:
            self.call_after_refresh(self.painted, state)

    def _go_on_from_opening(self) -> None:
        """What was typed on the remembered frame goes on here, in the same cells, and so do keys."""
        board = self.opening.pass_keys_on() if self.opening is not None else None
        if board is None:
            return
        self._restarting.touch()
        self._sign_in.send(Touch())
        if isinstance(self.screen, FlowScreen):
            self.screen.go_on_from(board)

    def _wish_restart(self) -> None:
        """Restart with new settings, as soon as nobody is busy. Not by SIGHUP: that is a terminal which has gone."""
        if not self._restart_wished:
            self._restart_wished = True
            self._news(News.RESTART_WISHED)
            self.set_interval(QUIET, self._restarting.restart_if_quiet)

    def _at_hand(self) -> FlowScreen[Any] | None:
        """The screen that somebody may be busy at; not while the operator's PIN is asked for."""
        screen = self.screen
        return screen if isinstance(screen, FlowScreen) and not self._cover.laid else None

    def terminal_lost(self) -> None:
        """The driver says that there is no terminal any more, and that this is the end."""
        self._news(News.TERMINAL_LOST)

    def _news(self, what: News | signal.Signals) -> None:
        if self.tell is not None:
            self.tell(what)

    def _leave(self, number: int) -> None:
        self._news(signal.Signals(number))
        self._lending.leave(128 + number)

    def _fatal_error(self) -> None:
        """The crash page: what kind of error and where in our code, without the values that Textual would show."""
        error: BaseException | None = self._exception
        if isinstance(error, WorkerFailed):
            error = error.error
        self._return_code = INTERNAL
        self.crash = self.crash or error
        if not self._exit_renderables:  # the first bug is the one that matters; others follow from it
            self._exit_renderables.append(Segments([Segment(crash_text(error))]))
        self._close_messages_no_wait()
