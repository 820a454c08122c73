"""The languages of the hosted page and the mails: one catalogue a language, `en.toml` and its neighbours.

A catalogue holds every text, in sections; `{name}` marks what the page fills in, `#Name#` what the mail fills in. A
test compares all catalogues key by key, so a text that is missing in one of them is found there and not by a person.
"""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final, Literal

Language = Literal["en", "de", "fr", "es", "ja"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "de", "fr", "es", "ja")
_LONGEST_HEADER: Final = 500


@dataclass(frozen=True)
class Words:
    """The texts of one language."""

    language: str
    texts: dict[str, str] = field(repr=False)
    """By `section.key`."""

    def __call__(self, key: str, **values: str) -> str:
        """The text named `section.key`, with `values` filled in; a value is never looked at for further marks."""
        return self.texts[key].format(**values)


@cache
def words(language: str) -> Words:
    """Read the catalogue of a language that is in LANGUAGES."""
    text = resources.files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return Words(
        language,
        {f"{section}.{key}": value for section, part in tomllib.loads(text).items() for key, value in part.items()},
    )


def preferred(accept_language: str, default: str) -> str:
    """Return the language that an Accept-Language header likes best among ours; `default` when it likes none."""
    best, best_weight = default, 0.0
    for part in accept_language[:_LONGEST_HEADER].split(","):
        name, _, parameter = part.partition(";")
        language = name.strip().casefold().partition("-")[0]
        weight = _weight(parameter)
        if weight > best_weight and (language in LANGUAGES or language == "*"):
            best, best_weight = default if language == "*" else language, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().casefold() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
