"""A bug that nothing else has caught: told where the log goes, without any of the parts that may be what is broken."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.exits import INTERNAL
from kiosk.reporting.front import AUTO, JOURNAL, OFF, log_target
from kiosk.reporting.journal import SOCKET, Journal
from kiosk.reporting.logfile import LogFile
from kiosk.reporting.records import Event, Level, record
from kiosk.reporting.rendering import as_json
from kiosk.settings.loading import Settings


def tell_crash(
    error: BaseException, settings: Settings | None, environ: Mapping[str, str], pid: int, journal: Path = SOCKET
) -> None:
    """Tell of the bug by kind and place, and that this was the end; without settings, where `auto` would."""
    log = log_target(settings.text("log") if settings else AUTO, environ, pid)
    wall = SystemClock().wall()
    entries = (
        record(Event.CRASH, Level.ERROR, wall, error=error, frames=error),
        record(Event.END, Level.ERROR, wall, exit=INTERNAL),
    )
    with suppress(OSError):
        if log == JOURNAL:
            to = Journal(journal)
            for entry in entries:
                to.write(entry)
            to.close()
        elif log != OFF and settings is not None:
            file = LogFile(Path(log), settings.number("log_kilobytes") * 1024)
            for entry in entries:
                file.write(as_json(entry))
