"""The form in which something is said to people."""

from typing import NamedTuple


class Words(NamedTuple):
    """What is said about one thing."""

    headline: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.headline} {self.advice}".strip()
