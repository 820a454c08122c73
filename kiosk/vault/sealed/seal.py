r"""The sealed file's bytes.

    "KIOSK\0"  version  mark of the key  salt  nonce  AES-256-GCM of the entries, with its tag
       6         1            8           16     12

All entries are under one seal, their names with them: none can be read, changed, exchanged for another, added or put
back by itself. What a seal cannot show is that the whole file is an older one.
"""

import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.vault.problems import VaultError, VaultProblem

Entries = dict[tuple[str, str], str]
"""Secrets by service and name."""

MAGIC = b"KIOSK\0"
VERSION = 1
_MARK, _SALT, _NONCE, _TAG = 8, 16, 12, 16
_HEAD = len(MAGIC) + 1 + _MARK + _SALT + _NONCE


def seal(entries: Entries, key: bytes) -> bytes:
    """The file that holds these entries."""
    # A salt for each writing gives each a key of its own: nonces of years never meet.
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    head = MAGIC + bytes([VERSION]) + _mark(key, salt) + salt + nonce
    rows = [[service, name, secret] for (service, name), secret in entries.items()]
    return head + AESGCM(_sealing_key(key, salt)).encrypt(nonce, json.dumps(rows).encode(), head)


def unseal(data: bytes, key: bytes) -> Entries:
    """The entries that a file holds.

    Raises:
        VaultError: it is not whole, not ours, of another version, or sealed with another key.
    """
    head, sealed = data[:_HEAD], data[_HEAD:]
    if not head.startswith(MAGIC) or len(sealed) < _TAG:
        raise VaultError(VaultProblem.DAMAGED)
    if head[len(MAGIC)] != VERSION:
        raise VaultError(VaultProblem.NEWER)
    mark = head[len(MAGIC) + 1 :][:_MARK]
    salt, nonce = head[-_NONCE - _SALT : -_NONCE], head[-_NONCE:]
    if mark != _mark(key, salt):  # a mark is no secret: even time is not worth importing `hmac`
        raise VaultError(VaultProblem.OTHER_KEY)
    try:
        rows = json.loads(AESGCM(_sealing_key(key, salt)).decrypt(nonce, sealed, head))
    except InvalidTag:
        raise VaultError(VaultProblem.DAMAGED) from None
    return {(service, name): secret for service, name, secret in rows}


def _sealing_key(key: bytes, salt: bytes) -> bytes:
    return _derived(key, salt, b"kiosk sealed file: key", 32)


def _mark(key: bytes, salt: bytes) -> bytes:
    """Tells a wrong key from a damaged file; says nothing of the key."""
    return _derived(key, salt, b"kiosk sealed file: mark", _MARK)


def _derived(key: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, purpose).derive(key)
