"""`python -m kiosk`."""

import os
import sys

from kiosk import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` costs more than the way to the first frame
    from kiosk.firstframe.opening import Opening


def main() -> int:
    """The `kiosk` command; returns its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        print(f"kiosk {__version__}")
        return 0
    import signal

    from kiosk.firstframe.opening import open_with_frame

    # The wish to restart makes no sense yet, and must not end what has just been started.
    signal.signal(signal.SIGUSR1, lambda *_: None)
    # Before anything else is imported: all of it waits, and nobody sees it.
    opening = open_with_frame(arguments)
    if opening.plan:
        _answer_keys(opening)
    from kiosk.cli import run_command

    code = run_command(arguments, opening)
    if sys.flags.inspect:  # Python would go on with a prompt
        from kiosk.lockdown.process import end_at_once

        end_at_once(code)
    return code


def _answer_keys(opening: "Opening") -> None:
    try:
        from kiosk.firstframe.live import go_live

        go_live(opening, os.environ)
    except BaseException:
        opening.close()
        raise


if __name__ == "__main__":
    sys.exit(main())
