"""`python -m kiosk`."""

import sys


def main() -> int:
    """The `kiosk` command; returns its exit code."""
    from kiosk.cli import run_command

    return run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
