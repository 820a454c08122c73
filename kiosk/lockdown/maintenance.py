"""The operator's way out of a locked screen: the sequence asks for the PIN, the PIN ends the app."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from kiosk.lockdown.keys import KeySequence
from kiosk.lockdown.pin import is_right
from kiosk.lockdown.tries import Tries, this_boot
from kiosk.values import Value


class Maintenance(Value):
    """What the app and its maintenance screen need."""

    sequence: KeySequence
    tries: Tries
    pin_hash: str

    async def wait(self) -> float:
        """Seconds until a PIN may be tried."""
        return await asyncio.to_thread(self.tries.wait)

    async def admits(self, pin: bytearray) -> bool:
        """Whether this is the PIN and may be tried now; it is wiped either way."""
        return await asyncio.to_thread(self._admits, pin)

    def _admits(self, pin: bytearray) -> bool:
        try:
            if self.tries.wait():
                return False
            self.tries.count()
            if not is_right(pin, self.pin_hash):
                return False
            self.tries.forgive()
            return True
        finally:
            pin[:] = bytes(len(pin))


def maintenance(keys: str, pin_hash: str, folder: Path | None, clock: Callable[[], float]) -> Maintenance | None:
    """The way out, where a PIN is set; without one there is none.

    Args:
        keys: The sequence.
        pin_hash: What `kiosk pin` printed.
        folder: Where state is kept.
        clock: Seconds since the boot.
    """
    if not pin_hash:
        return None
    path = None if folder is None else folder / "maintenance.json"
    return Maintenance(KeySequence(keys, clock), Tries(path, clock, this_boot()), pin_hash)
