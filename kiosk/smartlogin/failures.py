"""What a failed exchange means: Python's errors, and h11's, in the protocol's own terms."""

import socket
import sys

import h11

from kiosk.smartlogin.errors import (
    BadAnswer,
    ClockWrong,
    Intercepted,
    NameNotFound,
    TimedOut,
    TlsError,
    TransportError,
    Unreachable,
    WrongHost,
)

_VERIFY_CODES = {
    9: ClockWrong,
    10: ClockWrong,
    62: WrongHost,
    64: WrongHost,
    18: Intercepted,
    19: Intercepted,
    20: Intercepted,
    21: Intercepted,
}
"""OpenSSL's X509_V_ERR_*: not valid yet, expired; wrong host, wrong IP address; self-signed (leaf, chain), and two ways
of an unknown issuer."""


def failure_of(error: Exception) -> TransportError:
    """The failure that an exception stands for; it carries nothing of it. To be raised outside of its handler."""
    ssl = sys.modules.get("ssl")  # where it was never imported (tls.py), nothing has failed of it
    if ssl is not None and isinstance(error, ssl.SSLError):
        return _VERIFY_CODES.get(getattr(error, "verify_code", 0), TlsError)()
    match error:
        case socket.gaierror():
            return NameNotFound()
        case TimeoutError():
            return TimedOut()
        case h11.RemoteProtocolError() | UnicodeError():
            return BadAnswer()
    return Unreachable()
