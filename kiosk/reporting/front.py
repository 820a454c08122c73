"""What the app begins with: it costs nothing before the first frame, and then brings in the rest."""

import errno
import os
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.settings.loading import Settings, SettingsError

if TYPE_CHECKING:
    from signal import Signals

    from kiosk.news import News
    from kiosk.reporting.reporter import Reporter
    from kiosk.signin.flow import SignIn
    from kiosk.smartlogin.observing import Call

EARLY = 50
"""Calls that are remembered until there is somebody to look at them."""

_PASSING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM})

JOURNAL = "journal"
OFF = "off"
AUTO = "auto"


class Front:
    """The reporting of one run, from before its first frame until after its last."""

    def __init__(self, settings: Settings, environ: Mapping[str, str], pid: int, site: str = "") -> None:
        """Look whether it can be done as the settings say.

        Args:
            settings: The settings in force.
            environ: Where systemd says how it is reached, and where files of this login are.
            pid: This process.
            site: What `kiosk status` asks for this app by; empty for one that it does not ask for.

        Raises:
            SettingsError: the log or the figures cannot be written where they should.
        """
        self._settings = settings
        self._environ = environ
        self._site = site
        self._log = log_target(settings.text("log"), environ, pid)
        self._early: deque[Call] = deque(maxlen=EARLY)
        self._reporter: Reporter | None = None
        _check(settings, self._log)
        self._after_fault = False
        if self._log != OFF:
            from kiosk.reporting.faults import fault_file, keep_faults

            file = fault_file(None if self._log == JOURNAL else Path(self._log), environ)
            self._after_fault = file is not None and keep_faults(file)

    def on_call(self, call: "Call") -> None:
        """A call has ended."""
        if self._reporter is None:
            self._early.append(call)
        else:
            self._reporter.on_call(call)

    def on_news(self, what: "News | Signals") -> None:
        """Something happens beside the sign-in."""
        self._open().on_news(what)

    def begin(self, sign_in: "SignIn", pulse: Callable[[float, Callable[[], None]], object]) -> None:
        """People can use it now: tell systemd, and look on from here. In the loop that runs the sign-in.

        Args:
            sign_in: The flow.
            pulse: Has something done every so many seconds by whatever must not hang.
        """
        reporter = self._open()
        reporter.begin(sign_in, pulse)
        while self._early:
            reporter.on_call(self._early.popleft())

    def end(self, code: int, crash: BaseException | None = None) -> None:
        """It is over, with this exit code; because of this bug, if it was one."""
        self._open().end(code, crash)

    def _open(self) -> "Reporter":
        if self._reporter is None:
            from kiosk.reporting.reporter import Reporter

            self._reporter = Reporter(
                self._settings, self._environ, self._log, site=self._site, after_fault=self._after_fault
            )
        return self._reporter


def log_target(named: str, environ: Mapping[str, str], pid: int) -> str:
    """`journal`, `off` or a path. `auto` is the journal where systemd runs us as a service, and otherwise off.

    Whether it does is told by `NOTIFY_SOCKET`, or by `SYSTEMD_EXEC_PID` being ours: `INVOCATION_ID` and
    `JOURNAL_STREAM` are inherited by every shell of a desktop that systemd has started.
    """
    if named != AUTO:
        return named
    return JOURNAL if environ.get("NOTIFY_SOCKET") or environ.get("SYSTEMD_EXEC_PID") == str(pid) else OFF


def _check(settings: Settings, log: str) -> None:
    if log not in {JOURNAL, OFF}:
        from kiosk.reporting.logfile import open_log

        try:
            os.close(open_log(Path(log)))
        except OSError as error:
            # A full disk is no mistake in the settings, and no reason to let nobody in.
            if error.errno not in _PASSING:
                why = "is a symbolic link" if error.errno == errno.ELOOP else error.strerror
                raise SettingsError(f"log ({settings.sources['log']}): {log}: {why}") from None
    if (figures := settings.text("metrics_file")) and not os.access(Path(figures).parent, os.W_OK | os.X_OK):
        raise SettingsError(f"metrics_file ({settings.sources['metrics_file']}): {figures}: cannot be written there")
