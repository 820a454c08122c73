"""Secrets: made from the system's CSPRNG, and the one-way form in which they are kept."""

import hashlib
import hmac
import secrets
import uuid


def new_verification_token() -> str:
    """Return the secret of a login link: 32 hex characters, as LoginRadius' are."""
    return secrets.token_hex(16)


def new_access_token() -> str:
    """Return an access token: a GUID of 36 characters, as LoginRadius' usually are."""
    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))


def new_number() -> str:
    """Return the two digits that a screen shows and a person must pick; never a leading zero, which reads badly."""
    return str(10 + secrets.randbelow(90))


def hashed(secret: str) -> bytes:
    """Return the SHA-256 under which a client GUID, token or address is kept.

    The secrets are long and random, so a plain fast hash is enough: there is nothing to guess.
    """
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def same_secret(given: str, expected: str) -> bool:
    """Compare without telling by the time taken how much was right."""
    return hmac.compare_digest(hashed(given), hashed(expected))
