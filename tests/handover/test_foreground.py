"""The terminal lent and taken back, where it is a Linux console; what every terminal has is tested with the program."""

import fcntl
import os
import pty
import struct

import pytest

from kiosk.handover.foreground import Foreground

KDGKBMODE, KDSKBMODE, KDGETMODE, KDSETMODE = 0x4B44, 0x4B45, 0x4B3B, 0x4B3A
K_UNICODE, K_OFF, KD_TEXT, KD_GRAPHICS = 3, 4, 0, 1


class Console:
    """What the kernel does for a console that there is none of here."""

    def __init__(self) -> None:
        self.modes = {KDGKBMODE: K_UNICODE, KDGETMODE: KD_TEXT}

    def ioctl(self, _descriptor: int, request: int, argument: int | bytes) -> int | bytes:
        """Ask, or set."""
        if isinstance(argument, bytes):
            return struct.pack("i", self.modes[request])
        self.modes[{KDSKBMODE: KDGKBMODE, KDSETMODE: KDGETMODE}[request]] = argument
        return 0


def test_a_console_shows_and_takes_keys_again_whatever_the_program_has_done(monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console()
    monkeypatch.setattr(fcntl, "ioctl", console.ioctl)
    controller, worker = pty.openpty()
    with Foreground(worker).given_to(os.getpgrp()):
        console.modes |= {KDGKBMODE: K_OFF, KDGETMODE: KD_GRAPHICS}
    assert console.modes == {KDGKBMODE: K_UNICODE, KDGETMODE: KD_TEXT}
    os.close(controller)
    os.close(worker)
