"""The operator's PIN: kept as a salted scrypt hash, compared in constant time."""

import base64
import binascii
import re

FEWEST, MOST = 6, 12
"""Digits."""

_COST, _BLOCK, _LANES = 14, 8, 1
"""16 MB and some tenths of a second on a weak box."""

_KEPT = re.compile(r"scrypt\$(\d{2})\$([A-Za-z0-9+/]{22}==)\$([A-Za-z0-9+/]{43}=)")


def check_pin_hash(text: str) -> str:
    """What `kiosk pin` prints, or nothing; raises ValueError with what it must be."""
    found = _KEPT.fullmatch(text)
    if text and not (found and 12 <= int(found[1]) <= 17):
        raise ValueError("must be what `kiosk pin` prints")
    return text


def is_pin(digits: bytes | bytearray) -> bool:
    """Whether these are digits enough."""
    return FEWEST <= len(digits) <= MOST and all(0x30 <= digit <= 0x39 for digit in digits)


def hashed(pin: bytes | bytearray, salt: bytes) -> str:
    """What is kept of a PIN."""
    return f"scrypt${_COST}${_text(salt)}${_text(_scrypt(pin, salt, _COST))}"


def is_right(pin: bytes | bytearray, kept: str) -> bool:
    """Whether this is the PIN. Takes its time: not for the thread that draws."""
    import hmac

    found = _KEPT.fullmatch(kept)
    if found is None:
        return False
    try:
        salt, wanted = base64.b64decode(found[2]), base64.b64decode(found[3])
    except binascii.Error:
        return False
    return hmac.compare_digest(_scrypt(pin, salt, int(found[1])), wanted)


def _scrypt(pin: bytes | bytearray, salt: bytes, cost: int) -> bytes:
    import hashlib

    return hashlib.scrypt(pin, salt=salt, n=1 << cost, r=_BLOCK, p=_LANES, maxmem=1 << (cost + 11), dklen=32)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
