"""The full-screen app as `kiosk` starts it, by a clock that runs faster: a session is renewed within seconds."""

import asyncio
import os
import sys
from unittest.mock import patch

from kiosk import clock
from kiosk.clock import SystemClock
from kiosk.settings.loading import load_settings
from kiosk.tty.terminal import prepare

SPEED = 10.0


class FastClock(SystemClock):
    """Ten seconds go by in one. Every process of one boot reads the same."""

    def now(self) -> float:
        return super().now() * SPEED

    async def sleep(self, seconds: float) -> None:
        end = self.now() + seconds
        while (left := end - self.now()) > 0:  # noqa: ASYNC110 - time is what is waited for
            await asyncio.sleep(min(left / SPEED, 1.0))


def main() -> int:
    """Show the app."""
    prepare(os.environ)
    with patch.object(clock, "SystemClock", FastClock):
        from kiosk import fullscreen

        return fullscreen.show(load_settings({}, os.environ, None))


if __name__ == "__main__":
    sys.exit(main())
