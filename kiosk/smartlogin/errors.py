"""What a Smart Login call can end in, other than the wanted answer: no answer that can be used, or a no.

    SmartLoginError
    ├── TransportError                  no answer that can be used; asking again may help
    │   ├── Unreachable                 refused, reset, no route
    │   │   ├── NameNotFound            the service's name does not resolve
    │   │   └── TimedOut                nobody answered in time
    │   ├── TlsError                    the certificate cannot be trusted
    │   │   ├── ClockWrong              not valid yet or expired: most often the clock of this box
    │   │   ├── WrongHost               made out to somebody else
    │   │   └── Intercepted             signed by nobody we know: a network that reads along
    │   └── BadAnswer                   HTML, truncated, too large, not what was asked for
    ├── ServiceTrouble                  950, 5xx: the service's own trouble
    ├── BoxMisconfigured                (found on this side) no client can be made
    ├── RateLimited                     429
    └── Refusal                         the service says no: refusals.py, with all that is below it

The numbers are LoginRadius' public error codes. A class knows its codes, so that each stands in one place.
"""

from typing import ClassVar


class SmartLoginError(Exception):
    """What a Smart Login call ended in. Its text and `repr` carry the code and never what the service wrote."""

    codes: ClassVar[frozenset[int]] = frozenset()
    """LoginRadius' error codes that mean this class."""

    def __init__(self, code: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        """LoginRadius' error code, or the HTTP status where the body named none; None when found on this side."""
        self.retry_after = retry_after
        """Seconds to wait by the service's own word (`Retry-After`, RFC 9110 section 10.2.3), or None."""

    def __str__(self) -> str:
        name = type(self).__name__
        return name if self.code is None else f"{name} ({self.code})"

    def __repr__(self) -> str:
        return f"<{self}>"


class TransportError(SmartLoginError):
    """No usable answer came; asking again may help."""


class Unreachable(TransportError):
    """The service cannot be reached: refused, reset, no route."""


class NameNotFound(Unreachable):
    """The service's host name does not resolve."""


class TimedOut(Unreachable):
    """The service did not answer in time."""


class TlsError(TransportError):
    """The service's certificate cannot be trusted."""


class ClockWrong(TlsError):
    """The certificate is not valid now: most often it is the clock of this box that is wrong."""


class WrongHost(TlsError):
    """The certificate is made out to another host."""


class Intercepted(TlsError):
    """The certificate is signed by nobody whom this box knows: a network that reads along."""


class BadAnswer(TransportError):
    """The answer is not what was asked for: HTML, truncated, too large, a redirect, a wrong shape."""


class ServiceTrouble(SmartLoginError):
    """The service has trouble of its own (950, 5xx)."""

    codes = frozenset({950})


class BoxMisconfigured(SmartLoginError):
    """No client can be made: a certificate file or a proxy in the environment of this box cannot be used."""


class RateLimited(SmartLoginError):
    """Too many requests for this API key (HTTP 429)."""

    codes = frozenset({429})
