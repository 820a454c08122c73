"""Keys that arrive under other names than ours: the `[keys]` of the settings, as `kiosk doctor --keys` writes it.

[keys]
back = ["f9", "browser_back"]
red = "f5"
"""

import re

from kiosk.remote.table import BY_NAME

_NAME = re.compile(r"(?:[a-z]+\+)*(?:[a-z0-9_]+|[A-Z])")
"""Textual's names of keys."""


def check_keys(value: object) -> str:
    """A table of actions and the keys that mean them, or such a table as `back=f9 f12, red=f5`; kept as such a line.

    Raises:
        ValueError: an action or a key that there is not, or one key for two actions.
    """
    table = _from_line(value) if isinstance(value, str) else value
    if not isinstance(table, dict):
        raise ValueError('must be a table of actions and keys, such as back = "f9"')
    meant: dict[str, str] = {}
    for action, keys in table.items():
        if action not in BY_NAME:
            raise ValueError(f"knows no action {action!r} (known: {', '.join(BY_NAME)})")
        for key in keys if isinstance(keys, list) else [keys]:
            if not isinstance(key, str) or not _NAME.fullmatch(key):
                raise ValueError(f"has no key {key!r} for {action}; `kiosk doctor --keys` shows what arrives")
            if meant.setdefault(key, action) != action:
                raise ValueError(f"gives {key} to {meant[key]} and to {action}")
    actions = dict.fromkeys(meant.values())
    return ", ".join(f"{action}={' '.join(key for key in meant if meant[key] == action)}" for action in actions)


def _from_line(line: str) -> dict[str, list[str]]:
    pairs = [part.partition("=") for part in line.split(",") if part.strip()]
    return {action.strip(): keys.split() or [""] for action, _, keys in pairs}


def translation(line: str) -> dict[str, str]:
    """From the key that arrives to the key that the app knows.

    Args:
        line: What `check_keys` gave.
    """
    return {key: BY_NAME[action].key for action, keys in _from_line(line).items() for key in keys}


def as_table(keys: dict[str, str]) -> str:
    """The section of a settings file, from actions and the key that each arrives as."""
    return "\n".join(["[keys]", *(f'{action} = "{key}"' for action, key in keys.items())]) + "\n"
