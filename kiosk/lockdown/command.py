"""`kiosk pin`: from a PIN that nobody sees to the line for kiosk.toml."""

import getpass
import os
import sys

from kiosk.exits import DONE, USAGE
from kiosk.language import gettext as _
from kiosk.lockdown.pin import FEWEST, MOST, hashed, is_pin
from kiosk.tty.terminal import complain


def print_hash() -> int:
    """Read a PIN, twice where a person types it, and print its hash."""
    try:
        if sys.stdin.isatty():
            pin = getpass.getpass(_("PIN:") + " ")
            again = getpass.getpass(_("The same again:") + " ")
        else:
            pin = again = sys.stdin.readline(256).rstrip("\r\n")
    except EOFError:
        pin = again = ""
    digits = pin.encode("utf-8", "surrogateescape")
    if not is_pin(digits):
        complain(_("a PIN is {fewest} to {most} digits").format(fewest=FEWEST, most=MOST))
        return USAGE
    if pin != again:
        complain(_("these were two different PINs"))
        return USAGE
    print(f'maintenance_pin = "{hashed(digits, os.urandom(16))}"')
    return DONE
