"""Where the interpreter leaves a trace when it dies: of the watchdog's SIGABRT, of a crash inside a library.

Off the screen, and of bounded size: one trace of this run, and the last one of those before. A trace has the names of
functions, their files and lines; no values (`faulthandler` shows none).
"""

import faulthandler
import os
from collections.abc import Mapping
from pathlib import Path

from kiosk.reporting.logfile import open_log

NAME = "fault.txt"


def fault_file(log: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Where the trace goes: beside the log file, else where systemd has this service's files; else nowhere."""
    if log is not None:
        return log.with_name(f"{log.name}.fault")
    for name in ("LOGS_DIRECTORY", "STATE_DIRECTORY"):
        if (folder := Path(environ.get(name, "").partition(":")[0])).is_absolute():
            return folder / NAME
    return None


def keep_faults(file: Path) -> bool:
    """Have a trace left in this file, should it come to that. Whether an earlier run has left one: `….1` has it now."""
    try:
        left = _put_aside(file)
        # Open until the process ends: when it dies there is no time to open anything.
        faulthandler.enable(open_log(file))
    except OSError:
        return False
    return left


def _put_aside(file: Path) -> bool:
    try:
        if os.lstat(file).st_size == 0:
            return False
    except FileNotFoundError:
        return False
    os.replace(file, file.with_name(f"{file.name}.1"))  # noqa: PTH105 - beside its siblings of os
    return True
