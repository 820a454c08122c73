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


def new_refresh_token() -> str:
    """Return a refresh token, shaped like an access token."""
    return new_access_token()


def new_salt() -> bytes:
    """Return what makes the tokens of one attempt unlike those of any other."""
    return secrets.token_bytes(32)


def derived_token(guid: str, salt: bytes, purpose: str) -> str:
    """Return a token that whoever knows the client GUID can be told again, though it is kept nowhere.

    The store has the GUID's hash and the salt: neither leads to the GUID, and without it none of them to the token.
    """
    digest = hmac.digest(guid.encode("utf-8", "replace"), purpose.encode() + b"\0" + salt, "sha256")
    return str(uuid.UUID(bytes=digest[:16], version=4))


def new_uid() -> str:
    """Return the id of a new account: 32 hex characters."""
    return secrets.token_hex(16)


def new_number() -> str:
    """Return the two digits that a screen shows and a person must pick; never a leading zero, which reads badly."""
    return str(10 + secrets.randbelow(90))


def hashed(secret: str) -> bytes:
    """Return the SHA-256 under which a client GUID, token or address is kept.

    The secrets are long and random, so a plain fast hash is enough: there is nothing to guess.
    """
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


class Secret:
    """A key or secret of the site, to compare with what callers send."""

    def __init__(self, expected: str) -> None:
        self._expected = hashed(expected)

    def is_same(self, given: str) -> bool:
        """Compare without telling by the time taken how much was right, or how long it is."""
        return hmac.compare_digest(hashed(given), self._expected)
