"""The full-screen app as `kiosk` starts it, on a sign-in that stands still: SIGUSR1 brings the next state.

That it was heard is told by a colour that no terminal has.
"""

import asyncio
import os
import signal
import sys
from unittest.mock import patch

from kiosk.settings.loading import load_settings
from kiosk.tty.terminal import prepare

MARK = "\x1b[0;{}m"
FIRST_MARK = 900


def main() -> int:
    """Show the states that are named in the arguments."""
    prepare(os.environ)
    from textual._context import active_app

    from kiosk import fullscreen
    from kiosk.signin.states import Outcome
    from tests.clock import FakeClock
    from tests.screens.stage import Still
    from tests.screens.test_looks import STATES

    states = [STATES[name] for name in sys.argv[1:]]

    class Walk(Still):
        number = 0

        async def run(self) -> Outcome:
            driver = active_app.get()._driver
            assert driver is not None

            def step() -> None:
                self.number += 1
                self.become(states[self.number])
                driver.write(MARK.format(FIRST_MARK + self.number))

            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, step)
            driver.write(MARK.format(FIRST_MARK))
            return await super().run()

    with (
        patch.object(fullscreen, "sign_in_for", lambda _settings, **_parts: Walk(states[0])),
        patch.object(fullscreen, "SystemClock", FakeClock),
    ):
        return fullscreen.show(load_settings({"device_name": "Lobby TV"}, os.environ, None))


if __name__ == "__main__":
    sys.exit(main())
