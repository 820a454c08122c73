"""What an onlooker may know of a call: its name, its time, what it ended in. Never what was asked or answered."""

import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

from kiosk.smartlogin.errors import SmartLoginError


class Call(NamedTuple):
    """One call that has ended. Its error is named and not carried: an exception may hold a token."""

    name: str
    seconds: float
    kind: type[SmartLoginError] | None = None
    """What it ended in; None for the wanted answer."""
    code: int | None = None


Onlooker = Callable[[Call], None]


class Observed(Protocol):
    """Whose calls are looked at."""

    onlooker: Onlooker | None


S = TypeVar("S", bound=Observed)
P = ParamSpec("P")
T = TypeVar("T")


def observed(
    call: Callable[Concatenate[S, P], Awaitable[T]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """Tell the onlooker of every call that has ended. One that was given up on, cancelled, did not end."""

    @wraps(call)
    async def told(self: S, /, *arguments: P.args, **named: P.kwargs) -> T:
        begun = time.monotonic()

        def tell(kind: type[SmartLoginError] | None = None, code: int | None = None) -> None:
            if self.onlooker is not None:
                self.onlooker(Call(call.__name__, time.monotonic() - begun, kind, code))

        try:
            answer = await call(self, *arguments, **named)
        except SmartLoginError as error:
            tell(type(error), error.code)
            raise
        tell()
        return answer

    return told
