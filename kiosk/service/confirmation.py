"""What a person did on the hosted page before it verified, where the site asks for something."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

_NUMBER: Final = re.compile(r"[0-9]{2}")
_YES: Final = frozenset({"yes", "true", "1"})


@dataclass(frozen=True)
class Confirmation:
    """Nothing, a press of the button, or a number."""

    pressed: bool = False
    number: str = field(default="", repr=False)
    """Two digits; "" for none."""

    @classmethod
    def read(cls, pressed: Sequence[str], numbers: Sequence[str]) -> Self:
        """Read the values of both parameters; whoever sends several of one has decided nothing."""
        number = numbers[0].strip() if len(numbers) == 1 else ""
        return cls(
            pressed=len(pressed) == 1 and pressed[0].strip().casefold() in _YES,
            number=number if _NUMBER.fullmatch(number) else "",
        )


UNCONFIRMED: Final = Confirmation()
