"""A locked app in a real pseudo-terminal: garbage of all shapes, and the operator's way out of it."""

import os
import random
import signal
import time
from pathlib import Path

from kiosk.settings.table import MAINTENANCE_KEYS
from tests.lockdown.test_locked import BOX
from tests.lockdown.test_maintenance import HASH, PIN
from tests.terminal import Terminal

SEED = int(os.environ.get("FUZZ_SEED") or 20261125)
INPUTS = 4000
FOREIGN = "ЖΩ"
"""Letters that no key of the board types: where they stand in the field, a sequence has become text."""


def shape(dice: random.Random) -> bytes:
    """One input: a sequence whole, cut or spoilt, a report, a paste of what is no line, bytes that are no text."""
    numbers = ";".join(str(dice.choice((0, 1, 5, 999, 65536, 10**9))) for _ in range(dice.randrange(4)))
    payload = "".join(dice.choices(FOREIGN, k=dice.randrange(1, 60)))
    whole = dice.choice(
        [
            f"\x1b[{numbers}{dice.choice('@ABCDEFGHIJKLPSTXZ`abcdefghilmnpqrstuvwxyz{|}~^$')}",
            f"\x1b[{dice.choice('<=>?')}{numbers}{dice.choice('hlcnMmuJK')}",
            f"\x1bO{dice.choice('ABCDFHPQRSZ')}",
            f"\x1b]52;c;{payload}\x07",
            f"\x1b]{numbers}1;{payload}\x1b\\",
            f"\x1bP1$r{payload}\x1b\\",
            f"\x1b_G{payload}\x1b\\",
            f"\x1b[<{dice.randrange(99)};{dice.randrange(300)};{dice.randrange(90)}{dice.choice('Mm')}",
            "\x1b[M" + "".join(chr(dice.randrange(33, 120)) for _ in range(3)),
            f"\x1b[200~\x1b[31m\x1b[201~{numbers and ''}",
            "\x03\x1a\x1c\x11\x10\x04\x0f\x13",
        ]
    ).encode()
    match dice.randrange(6):
        case 0:
            return bytes(dice.choices(range(0x80, 0xC0), k=8)) + b"\xff\xfe\xc0\xf5"
        case 1 if whole.startswith(b"\x1b[") and b"200~" not in whole and b"[M" not in whole:
            return whole[:-1] + b"\x18\x1b[I"  # cut, and another follows
    return whole


def test_whatever_comes_it_lives_and_none_of_it_is_typed(tmp_path: Path) -> None:
    print("FUZZ_SEED", SEED)
    dice = random.Random(SEED)
    with Terminal(["--locked"], tmp_path, environ=BOX) as it:
        it.see("Type your email or username")
        for _ in range(INPUTS // 20):
            rest = b"".join(shape(dice) for _ in range(20))
            while rest:
                rest = rest[os.write(it._controller, rest[:512]) :]
                it.read(0)
            assert it.process.poll() is None
        it.press("\x1b[200~")  # an open paste, and then a person
        end = time.monotonic() + 8
        while time.monotonic() < end and it.process.poll() is None:
            it.read()
            if not set(FOREIGN) & set(it.text) and time.monotonic() > end - 6:
                break
        assert not set(FOREIGN) & set(it.text), it.text
        assert not [
            path for path in tmp_path.rglob("*") if path.is_file() and path.name not in {"entry.json", "first-frame"}
        ]
        assert b"\x1b]52" not in it.raw
        it.press("zzyx")
        it.see("zzyx")
        it.process.send_signal(signal.SIGTERM)
        assert it.exit_code() == 143
        assert it.restored()


def test_the_pin_ends_it_with_a_code_of_its_own(tmp_path: Path) -> None:
    with Terminal(["--locked"], tmp_path, environ={**BOX, "KIOSK_MAINTENANCE_PIN": HASH}) as it:
        it.see("Type your email or username")
        it.press(*MAINTENANCE_KEYS.split())
        it.see("Maintenance")
        it.press("111111", "down", "down", "right", "enter")
        it.see("This PIN is wrong")
        it.press(PIN.decode(), "enter")
        assert it.exit_code() == 80
        assert it.restored()
        assert PIN not in it.raw
