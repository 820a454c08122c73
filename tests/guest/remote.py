"""Runs in the guest, as root: a remote on /dev/uinput that is plugged in, presses keys, and is unplugged.

    remote.py [--hold SECONDS] [--settle SECONDS] CODE...

Numbers are those of linux/input-event-codes.h, requests those of linux/uinput.h.
"""

import argparse
import fcntl
import os
import struct
import time

UI_DEV_CREATE, UI_DEV_DESTROY, UI_DEV_SETUP = 0x5501, 0x5502, 0x405C5503
UI_SET_EVBIT, UI_SET_KEYBIT = 0x40045564, 0x40045565
EV_SYN, EV_KEY = 0, 1
BUS_USB = 3
HAS = (1, 28, 103, 105, 106, 108, 139, 158, 172, 174, 352, 353, 398, 399, 400, 401, *range(512, 522))
EVENT = struct.Struct("llHHi")


def main() -> None:
    """Plug in, press, unplug."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hold", type=float, default=0.0, help="seconds that each key is held")
    parser.add_argument("--settle", type=float, default=3.0, help="seconds until somebody reads it")
    parser.add_argument("codes", type=int, nargs="*")
    options = parser.parse_args()
    device = os.open("/dev/uinput", os.O_WRONLY)
    fcntl.ioctl(device, UI_SET_EVBIT, EV_KEY)
    for code in {*HAS, *options.codes}:
        fcntl.ioctl(device, UI_SET_KEYBIT, code)
    fcntl.ioctl(device, UI_DEV_SETUP, struct.pack("HHHH80sI", BUS_USB, 0x1D57, 0xAD02, 1, b"A remote", 0))
    fcntl.ioctl(device, UI_DEV_CREATE)
    time.sleep(options.settle)
    for code in options.codes:
        for value in (1, 0):
            os.write(device, EVENT.pack(0, 0, EV_KEY, code, value) + EVENT.pack(0, 0, EV_SYN, 0, 0))
            time.sleep(options.hold or 0.05)
        time.sleep(0.3)
    time.sleep(1)
    fcntl.ioctl(device, UI_DEV_DESTROY)


if __name__ == "__main__":
    main()
