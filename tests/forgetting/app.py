"""The full-screen app as `kiosk` starts it, by a clock that leaps; on SIGUSR2 it writes down what it holds."""

import asyncio
import base64
import json
import os
import signal
import sys
import time
from pathlib import Path
from unittest.mock import patch

from kiosk import clock
from kiosk.clock import SystemClock
from kiosk.firstframe.opening import open_with_frame
from kiosk.settings.loading import load_settings
from kiosk.tty.terminal import prepare
from tests.forgetting import heap

FOLDER = "FORGETTING_FOLDER"
AHEAD = "ahead"
"""Name of the file that says by how many seconds the clock is put forward."""
GO = "go"
"""Name of the file whose coming lets Textual be imported; until then keys are answered on the remembered frame."""
HELD = "held.json"
WANTED, HOLDERS = "wanted.json", "holders.txt"
"""Hashes of the texts whose holders are asked for, and the answer: the texts themselves never come in here."""

PERSONAL = {
    "kiosk.smartlogin.models": ("Identifier", "Token", "Profile", "Session"),
    "kiosk.smartlogin.attempt": ("Attempt", "Snapshot"),
    "kiosk.vault.entries": ("Kept",),
    "kiosk.vault.pending": ("Pending",),
    "kiosk.signin.states": ("Sending", "Waiting", "Ended", "PolicyDue", "Welcome", "SigningOut"),
    "kiosk.signin.intents": ("Submit",),
}
"""Classes whose values are about somebody."""


class AheadClock(SystemClock):
    """Time goes by as it does, and in leaps as the test wants."""

    def now(self) -> float:
        ahead = Path(os.environ[FOLDER]) / AHEAD
        return super().now() + (float(ahead.read_text()) if ahead.exists() else 0.0)

    async def sleep(self, seconds: float) -> None:
        end = self.now() + seconds
        while (left := end - self.now()) > 0:  # noqa: ASYNC110 - time is what is waited for
            await asyncio.sleep(min(left, 0.1))


def write_down(folder: Path) -> None:
    """Tell what is held; where hashes were left, who holds it."""
    wanted = folder / WANTED
    found = heap.texts()
    if wanted.exists():
        hashes = {bytes.fromhex(each) for each in json.loads(wanted.read_text("utf-8"))}
        wanted.unlink()
        holding = [holder for key, (_, holder) in found.items() if key in hashes]
        found.clear()
        name, answer = HOLDERS, "\n\n".join(heap.chains(each) for each in holding)
    else:
        name = HELD
        answer = json.dumps({"texts": [_packed(text) for text, _ in found.values()], "things": heap.count(PERSONAL)})
    found.clear()
    draft = folder / f"{name}.new"
    draft.write_text(answer, "utf-8")
    draft.rename(folder / name)


def _packed(text: str | bytes | bytearray) -> str:
    return base64.b64encode(heap.as_bytes(text)).decode()


def main() -> int:
    """Show the app."""
    opening = open_with_frame(sys.argv[1:])
    folder = Path(os.environ[FOLDER])
    signal.signal(signal.SIGUSR2, lambda *_: write_down(folder))
    with patch.object(clock, "SystemClock", AheadClock):
        if opening.plan:
            from kiosk.firstframe.live import go_live

            go_live(opening, os.environ)
            while not (folder / GO).exists():
                time.sleep(0.02)
        prepare(os.environ)
        from kiosk import fullscreen

        return fullscreen.show(load_settings({}, os.environ, None), opening=opening)


if __name__ == "__main__":
    sys.exit(main())
