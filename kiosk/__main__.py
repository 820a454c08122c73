"""`python -m kiosk`."""

import sys


def main() -> int:
    """The `kiosk` command; returns its exit code."""
    from kiosk.cli import run_command

    code = run_command(sys.argv[1:])
    if sys.flags.inspect:  # Python would go on with a prompt
        from kiosk.lockdown.process import end_at_once

        end_at_once(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
