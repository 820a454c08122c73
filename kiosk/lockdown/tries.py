"""How often the PIN may be tried: five times, and then ever more slowly, over restarts and power cuts too."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from kiosk.values import Value

FREE = 5
"""Wrong PINs before the first pause."""
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 900.0
"""Seconds; doubling. At the longest, all PINs of six digits take 28 years."""

_LARGEST = 512


class Tally(Value):
    """What is remembered: nothing of any PIN."""

    wrong: int = 0
    at: float = 0.0
    """When the last was tried, in seconds since the boot."""
    boot: str = ""

    def free_at(self, boot: str) -> float:
        """When the next may be tried, in seconds since this boot. After another boot the pause begins anew."""
        if self.wrong < FREE:
            return 0.0
        pause = min(FIRST_PAUSE * 2.0 ** min(self.wrong - FREE, 10), LONGEST_PAUSE)
        return (self.at if self.boot == boot else 0.0) + pause


class Tries:
    """The tally of one box.

    Args:
        path: Where it is kept. Where it cannot be, every run begins as after five wrong PINs.
        clock: Seconds since the boot.
        boot: Which boot this is.
    """

    def __init__(self, path: Path | None, clock: Callable[[], float], boot: str) -> None:
        self._path = path
        self._clock = clock
        self._boot = boot
        self._tally: Tally | None = None

    def wait(self) -> float:
        """Seconds until the next PIN may be tried."""
        return max(0.0, self._now().free_at(self._boot) - self._clock())

    def count(self) -> None:
        """One more, taken for wrong until it has proved right: pulling the plug meanwhile wins nothing."""
        self._keep(Tally(self._now().wrong + 1, self._clock(), self._boot))

    def forgive(self) -> None:
        """The PIN was right."""
        self._keep(Tally())

    def _now(self) -> Tally:
        if self._tally is None:
            found = self._read()
            self._tally = found or Tally(FREE, self._clock(), self._boot)
            if not self._keep(self._tally) and self._tally.wrong < FREE:
                self._tally = Tally(FREE, self._clock(), self._boot)
        return self._tally

    def _read(self) -> Tally | None:
        """What is kept: a fresh tally where there is no file yet, None where it cannot be read or believed."""
        if self._path is None:
            return None
        try:
            with self._path.open(encoding="utf-8") as file:
                found = json.loads(file.read(_LARGEST))
            at = max(0.0, min(float(found["at"]), self._clock()))  # nobody has tried it in times to come
            return Tally(max(0, min(int(found["wrong"]), 1000)), at, str(found["boot"]))
        except FileNotFoundError:
            return Tally()
        except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None

    def _keep(self, tally: Tally) -> bool:
        self._tally = tally
        if self._path is None:
            return False
        draft = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with draft.open("w", encoding="utf-8") as file:
                json.dump({"wrong": tally.wrong, "at": tally.at, "boot": tally.boot}, file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
        except OSError:
            return False
        return True


def this_boot() -> str:
    """What tells one boot from another."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
