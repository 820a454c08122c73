"""What a running app says of itself to `kiosk status`: a small file in memory, of this machine's user alone.

One file a process, in the folder of this login or of this service, gone with it. Moments in it are seconds since the
boot: a box whose clock is put right meanwhile still says truly since when. Whose process has ended without removing
its file was killed, and the file says by which process it was: numbers of processes come again.

Nothing heavy is imported here: this is also read by `kiosk status`.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.clock import Clock
from kiosk.values import Value
from kiosk.vault.owner import lives_on, this_process

BEAT = 30.0
"""Seconds from one sign of life to the next."""

SILENT = 3 * BEAT
"""Seconds without one after which an app does not respond."""

LARGEST = 64 * 1024
"""Bytes of a file; more is none of ours."""

Report = dict[str, Any]
"""What `kiosk status --json` shows as `app`."""


class RunningFile:
    """The file of this process."""

    def __init__(self, runtime: Path, site: str) -> None:
        """Name it.

        Args:
            runtime: The folder of this login or service, such as `$XDG_RUNTIME_DIR`.
            site: What the session of this app is kept under.
        """
        self._folder = runtime / "kiosk"
        self._site = site
        self._path = self._folder / f"app-{os.getpid()}.json"
        self._owner = this_process()

    def write(self, now: float, said: Mapping[str, object]) -> None:
        """Put this in place of what stood there, at once.

        Raises:
            OSError: it cannot be written.
        """
        if not self._folder.is_dir():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"owner": self._owner, "site": self._site, "at": now, "app": said}, file)
        fresh.replace(self._path)

    def sweep(self) -> None:
        """Remove what was left by those that were killed."""
        for path in self._folder.glob("app-*"):
            number = path.stem.removeprefix("app-")
            if path != self._path and not (number.isdigit() and Path("/proc", number).exists()):
                with suppress(OSError):
                    path.unlink()

    def remove(self) -> None:
        """The app has ended."""
        for path in (self._path, self._path.with_suffix(".new")):
            with suppress(OSError):
                path.unlink()


class _Told(Value):
    """One file, read without trust."""

    owner: str
    site: str
    at: float
    app: Mapping[str, Any]


def running(runtime: Path | None, site: str, clock: Clock) -> Report:
    """What the app of this site says of itself: the one that was started last, where several run."""
    told = [each for each in _all_told(runtime) if each.site == site] if runtime else []
    alive = [each for each in told if lives_on(each.owner)]
    if not alive:
        return {"running": False, "killed": bool(told)}
    last = max(alive, key=lambda each: _number(each.app.get("started_at")))
    now, wall = clock.now(), clock.wall()
    report: Report = {
        "running": True,
        "responding": now - last.at < SILENT,
        "pid": int(last.owner.partition(":")[0]),
    }
    for name, value in last.app.items():
        if name.endswith("_at"):
            report[name.removesuffix("_at")] = _moment(_number(value), now, wall)
        else:
            report[name] = value
    return report


def _all_told(runtime: Path) -> list[_Told]:
    told = []
    for path in sorted((runtime / "kiosk").glob("app-*.json")):
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
            with path.open("rb") as file:
                read = json.loads(file.read(LARGEST))
            if isinstance(read["app"], dict):
                told.append(_Told(str(read["owner"]), str(read["site"]), float(read["at"]), read["app"]))
    return told


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _moment(at: float, now: float, wall: datetime) -> str:
    return (wall - timedelta(seconds=max(0.0, now - at))).isoformat(timespec="seconds")
