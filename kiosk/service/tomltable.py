"""A TOML table that is read key by key and then checked for keys that nobody asked for."""

import unicodedata
from collections.abc import Iterator
from typing import Any, NoReturn, TypeVar

from kiosk.service.errors import ServiceError

_Choice = TypeVar("_Choice", bound=str)
_LONGEST_TEXT = 100_000


class Table:
    """One table of a file; every complaint names the file and the key."""

    def __init__(self, data: dict[str, Any], file: str, prefix: str = "") -> None:
        """Wrap `data`, found in `file` under the dotted `prefix`."""
        self._data = data
        self._file = file
        self._prefix = prefix
        self._asked: set[str] = set()

    def where(self, key: str) -> str:
        """Name file and key for a message."""
        return f"{self._file}: {self._prefix}{key}"

    def fail(self, key: str, complaint: str) -> NoReturn:
        """Complain about a key.

        Raises:
            ServiceError: always.
        """
        raise ServiceError(f"{self.where(key)}: {complaint}")

    def finish(self) -> None:
        """Complain about the first key that was not asked for.

        Raises:
            ServiceError: there is one.
        """
        for key in self._data:
            if key not in self._asked:
                self.fail(key, "unknown key")

    def text(self, key: str, *, required: bool = False, lines: bool = False) -> str:
        """Read a string; "" when absent. With `lines` it may hold line breaks and tabs."""
        value = self._get(key)
        if value is None:
            if required:
                self.fail(key, "is missing")
            return ""
        return self._checked_text(key, value, required=required, lines=lines)

    def texts(self, key: str, *, one: bool = False) -> list[str]:
        """Read a list of strings; with `one` a single string is fine too."""
        value = self._get(key)
        if value is None:
            return []
        if one and isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            self.fail(key, "must be a list of strings")
        return [self._checked_text(key, item, required=True) for item in value]

    def flag(self, key: str, *, default: bool) -> bool:
        """Read true or false."""
        value = self._get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fail(key, "must be true or false")
        return value

    def number(self, key: str, *, default: int, low: int, high: int) -> int:
        """Read a whole number from `low` to `high`."""
        value = self._get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(key, "must be a whole number")
        if not low <= value <= high:
            self.fail(key, f"must be from {low} to {high}")
        return value

    def choice(self, key: str, choices: tuple[_Choice, ...]) -> _Choice:
        """Read one of `choices`; the first is the default."""
        value = self._get(key)
        if value is None:
            return choices[0]
        for choice in choices:
            if value == choice:
                return choice
        return self.fail(key, "must be one of " + ", ".join(choices))

    def table(self, key: str) -> "Table":
        """Read a table; an empty one when absent."""
        value = self._get(key)
        if not isinstance(value, dict | None):
            self.fail(key, "must be a table")
        return Table(value or {}, self._file, f"{self._prefix}{key}.")

    def tables_by_name(self, key: str) -> Iterator[tuple[str, "Table"]]:
        """Read a table of tables."""
        part = self.table(key)
        for name in part._data:
            yield name, part.table(name)

    def tables(self, key: str) -> Iterator["Table"]:
        """Read an array of tables, counted from 1 in messages."""
        value = self._get(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.fail(key, f"must be written as [[{key}]]")
        for number, item in enumerate(value, 1):
            if not isinstance(item, dict):
                self.fail(key, f"must be written as [[{key}]]")
            yield Table(item, self._file, f"{self._prefix}{key}[{number}].")

    def _get(self, key: str) -> Any:
        self._asked.add(key)
        return self._data.get(key)

    def _checked_text(self, key: str, value: object, *, required: bool, lines: bool = False) -> str:
        if not isinstance(value, str):
            self.fail(key, "must be a string")
        if required and not value.strip():
            self.fail(key, "must not be empty")
        if len(value) > _LONGEST_TEXT:
            self.fail(key, f"is longer than {_LONGEST_TEXT} characters")
        plain = value.replace("\n", "").replace("\t", "").replace("\r", "") if lines else value
        # Spaces of other scripts (no-break, ideographic) are text; Python counts them as unprintable.
        if not all(char.isprintable() or unicodedata.category(char) == "Zs" for char in plain):
            self.fail(key, "holds a control character")
        return value
