"""What can happen to an exchange between a device and its service, and how a schedule of it is drawn."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kiosk.smartlogin import errors


class Fault(StrEnum):
    """One way of an exchange not to go well."""

    REFUSED = "connection refused"
    BLACK_HOLE = "connections lead nowhere"
    RESET_BEFORE = "reset before the service heard of it"
    RESET_AFTER = "reset after the service answered"
    RESET_MIDDLE = "reset in the middle of the answer"
    CLOSED = "closed without an answer"
    TRUNCATED = "answer cut short"
    STALL_BEFORE = "no answer, the service never heard of it"
    STALL_AFTER = "no answer, though the service gave one"
    STALL_MIDDLE = "the answer stops half-way"
    DRIP = "the answer drips in, byte by byte"
    LATE = "the answer is late, but comes"
    ERROR_500 = "500 with HTML"
    ERROR_502 = "502 with HTML"
    ERROR_503 = "503 with HTML"
    LIMITED = "429"
    LIMITED_SECONDS = "429 with Retry-After in seconds"
    LIMITED_DATE = "429 with Retry-After as a date"
    PORTAL_200 = "captive portal, 200"
    PORTAL_302 = "captive portal, 302 to another host"
    PORTAL_511 = "captive portal, 511"
    REDIRECT = "307 to another host"
    GIGANTIC = "an answer without end"
    WRONG_LENGTH = "answer longer than its content-length"
    GARBAGE = "bytes that are no HTTP"
    WILD_DATE = "the service's Date is wild"
    UNKNOWN_GUID = "1140 to a first ping"
    USED_GUID = "1136 to a mail request"


SILENT = {Fault.BLACK_HOLE, Fault.STALL_BEFORE, Fault.STALL_AFTER, Fault.STALL_MIDDLE, Fault.DRIP}
HARMLESS = {Fault.LATE, Fault.WILD_DATE, Fault.UNKNOWN_GUID, Fault.USED_GUID}

TOLD: dict[Fault, tuple[type[errors.SmartLoginError], ...]] = {
    Fault.REFUSED: (errors.Unreachable,),
    Fault.RESET_BEFORE: (errors.Unreachable,),
    Fault.RESET_AFTER: (errors.Unreachable,),
    Fault.RESET_MIDDLE: (errors.Unreachable,),
    Fault.CLOSED: (errors.Unreachable,),
    Fault.TRUNCATED: (errors.Unreachable,),
    **dict.fromkeys(SILENT, (errors.TimedOut,)),
    Fault.ERROR_500: (errors.ServiceTrouble,),
    Fault.ERROR_502: (errors.ServiceTrouble,),
    Fault.ERROR_503: (errors.ServiceTrouble,),
    Fault.LIMITED: (errors.RateLimited,),
    Fault.LIMITED_SECONDS: (errors.RateLimited,),
    Fault.LIMITED_DATE: (errors.RateLimited,),
    Fault.PORTAL_200: (errors.BadAnswer,),
    Fault.PORTAL_302: (errors.BadAnswer,),
    Fault.PORTAL_511: (errors.BadAnswer,),
    Fault.REDIRECT: (errors.BadAnswer,),
    Fault.GIGANTIC: (errors.BadAnswer,),
    Fault.WRONG_LENGTH: (errors.BadAnswer,),
    Fault.GARBAGE: (errors.BadAnswer,),
}
"""What the person is to be told of each; the class of the problem that the screen has words for."""


@dataclass(frozen=True)
class Stroke:
    """A fault with its measure."""

    fault: Fault
    seconds: float
    """How long it lasts, is late, or asks to wait."""
    roll: float
    """Between 0 and 1, for whatever else is to be chosen."""


def schedule(dice: random.Random, length: int) -> Iterator[Stroke | None]:
    """What happens to each exchange in turn; None: nothing. Faults come alone and in showers."""
    drawn = 0
    while drawn < length:
        fault = dice.choice(list(Fault)) if dice.random() < 0.55 else None
        for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
            drawn += 1
            seconds = dice.choice((1, 3, 8, 20, 45)) * (0.5 + dice.random())
            yield None if fault is None else Stroke(fault, seconds, dice.random())
