"""The reporting itself: the sinks that the settings name, and what feeds them."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from kiosk import __version__
from kiosk.clock import Clock, SystemClock
from kiosk.exits import DONE, GIVEN_UP, MAINTENANCE, RESTART, TIMED_OUT
from kiosk.folders import runtime_folder
from kiosk.news import News
from kiosk.reporting.background import Background
from kiosk.reporting.figures import Figures, write_figures
from kiosk.reporting.front import JOURNAL, OFF
from kiosk.reporting.hooks import Hooks
from kiosk.reporting.journal import SOCKET, Journal
from kiosk.reporting.limited import Limited
from kiosk.reporting.logfile import LogFile
from kiosk.reporting.observer import Observer
from kiosk.reporting.records import Event, Level, Record, record
from kiosk.reporting.rendering import as_json
from kiosk.reporting.running import BEAT, RunningFile
from kiosk.reporting.supervisor import Supervisor
from kiosk.settings.loading import Settings
from kiosk.signin.flow import SignIn
from kiosk.signin.states import State
from kiosk.smartlogin.observing import Call

STATUS_PAUSE = 1.0
"""Seconds between two lines for `systemctl status`."""

FIGURES_PAUSE = 15.0
"""Seconds between two writings of the figures: how often they are collected, and what a flash card stands."""

FIGURES_BEAT = 60.0
"""Seconds after which they are written again, news or none: a file that grows old is that of an app that hangs."""

RUNNING_PAUSE = 1.0
"""Seconds between two writings for `kiosk status`: into memory, and so more often."""

LAST_WORDS = 0.5
"""Seconds that a slow disk may hold up the end."""


class Reporter:
    """Looks on from the first frame to the end. Whatever goes wrong in here, the sign-in does not notice."""

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        log: str,
        *,
        site: str = "",
        after_fault: bool = False,
        clock: Clock | None = None,
        journal: Path = SOCKET,
    ) -> None:
        """Build it.

        Args:
            settings: The settings in force.
            environ: Where systemd says how it is reached.
            log: `journal`, `off`, or the path of the log file.
            site: What `kiosk status` asks for this app by; empty for one that it does not ask for.
            after_fault: The last run has died and left a trace.
            clock: The clocks; this machine's by default.
            journal: The journal's socket.
        """
        self._settings = settings
        self._clock = clock or SystemClock()
        self._most = Level[settings.text("log_level").upper()]
        self._background = Background()
        self._journal = Journal(journal) if log == JOURNAL else None
        self._file = LogFile(Path(log), settings.number("log_kilobytes") * 1024) if log not in {JOURNAL, OFF} else None
        self._figures = Figures(__version__, self._clock.wall().timestamp())
        self._figures_file = Path(path) if (path := settings.text("metrics_file")) else None
        self._observer = Observer(self._tell, self._figures, self._clock)
        self._supervisor = Supervisor(environ)
        runtime = runtime_folder(environ) if site else None
        self._running = RunningFile(runtime, site) if runtime else None
        self._begun = self._clock.now()
        self._heard = False
        """Why it ends was told when it came."""
        self._status = ""
        self._statuses = Limited(STATUS_PAUSE, self._send_status)
        self._writings = Limited(FIGURES_PAUSE, self._write_figures)
        self._runnings = Limited(RUNNING_PAUSE, self._write_running)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hooks = Hooks(self._on_foreign)
        self._safely(self._hooks.install)
        self._safely(lambda: self._tell(_start(settings, self._clock, after_fault=after_fault)))

    def begin(self, sign_in: SignIn, pulse: Callable[[float, Callable[[], None]], object]) -> None:
        """Look on from here; `pulse` has the sign of life given by whatever must not hang."""
        self._loop = asyncio.get_running_loop()
        self._hooks.watch(self._loop)
        self._supervisor.ready()
        if period := self._supervisor.feeding:
            self._supervisor.feed()
            pulse(period, self._supervisor.feed)
        if self._running is not None:
            self._background.put(self._running.sweep)
            pulse(BEAT, self._runnings.ask)
        if self._figures_file is not None:
            pulse(FIGURES_BEAT, self._writings.ask)
        sign_in.subscribe(self.on_state)
        self.on_state(sign_in.state)

    def on_state(self, state: State) -> None:
        """A state follows."""
        self._safely(lambda: self._on_state(state))

    def on_call(self, call: Call) -> None:
        """A call has ended."""
        self._safely(lambda: self._on_call(call))

    def on_news(self, what: News | signal.Signals) -> None:
        """Something happens beside the sign-in."""
        self._safely(lambda: self._on_news(what))

    def end(self, code: int, crash: BaseException | None = None) -> None:
        """Tell how it ended, and let everything go. After the loop has ended, or without one."""
        self._safely(lambda: self._end(code, crash))

    def _on_state(self, state: State) -> None:
        self._observer.on_state(state)
        self._statuses.ask()
        self._writings.ask()
        self._runnings.ask()

    def _on_call(self, call: Call) -> None:
        self._observer.on_call(call)
        self._writings.ask()
        self._runnings.ask()

    def _on_news(self, what: News | signal.Signals) -> None:
        wall = self._clock.wall()
        match what:
            case News.TERMINAL_LOST:
                self._heard = True
                self._tell(record(Event.TERMINAL_LOST, Level.WARNING, wall))
            case News.RESTART_WISHED:
                self._tell(record(Event.RESTART_WISHED, Level.INFO, wall))
            case _:
                self._heard = True
                self._tell(record(Event.SIGNAL, Level.INFO, wall, signal=what))

    def _on_foreign(self, *, logger: object, severity: object, error: object) -> None:
        self._safely(lambda: self._observer.on_foreign(logger=logger, severity=severity, error=error))

    def _end(self, code: int, crash: BaseException | None) -> None:
        self._supervisor.stopping()
        self._statuses.stop()
        self._writings.stop()
        self._runnings.stop()
        wall = self._clock.wall()
        if crash is not None:
            self._tell(record(Event.CRASH, Level.ERROR, wall, error=crash, frames=crash))
        if code > 128 and code != GIVEN_UP and not self._heard:
            with suppress(ValueError):
                self._tell(record(Event.SIGNAL, Level.INFO, wall, signal=signal.Signals(code - 128)))
        level = Level.INFO if code in {DONE, RESTART, MAINTENANCE, TIMED_OUT, GIVEN_UP} or code > 128 else Level.ERROR
        self._tell(record(Event.END, level, wall, exit=code))
        self._write_figures(up=False)
        if self._running is not None:
            self._background.put(self._running.remove)
        self._background.finish(LAST_WORDS)
        self._hooks.remove()

    def _tell(self, entry: Record) -> None:
        """Have a record written, if it is worth a line."""
        if entry.level > self._most:
            return
        if self._journal is not None:
            self._journal.write(entry)
        if self._file is not None:
            self._background.put(partial(self._file.write, as_json(entry)))

    def _send_status(self) -> None:
        if (line := self._observer.status) != self._status:
            if self._supervisor.status(line):
                self._status = line
            else:
                self._statuses.ask()

    def _write_figures(self, *, up: bool = True) -> None:
        if self._figures_file is not None:
            self._background.put(partial(write_figures, self._figures_file, self._figures.text(up=up)))

    def _write_running(self) -> None:
        if self._running is not None:
            said = {**self._figures.report(), "since_at": self._observer.since, "started_at": self._begun}
            self._background.put(partial(self._running.write, self._clock.now(), said))

    def _safely(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:  # noqa: BLE001 - a boundary: a bug in the reporting must not end anybody's sign-in
            return


def _start(settings: Settings, clock: Clock, *, after_fault: bool) -> Record:
    """Which version, and what was set where; what it was set to is nobody's business."""
    places: dict[str, list[str]] = {"from_flag": [], "from_environment": [], "from_file": []}
    for name, source in settings.sources.items():
        if source.startswith("--"):
            places["from_flag"].append(name)
        elif source.startswith("KIOSK_"):
            places["from_environment"].append(name)
        elif source.startswith("/") or source.endswith(".toml"):
            places["from_file"].append(name)
    return record(Event.START, Level.INFO, clock.wall(), version=__version__, after_fault=after_fault, **places)
