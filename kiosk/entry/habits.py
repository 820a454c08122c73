"""What the entry remembers from one run to the next: the layout and the domains that were used last.

A plain file, for there is nothing in it that names anybody: of domains it holds only such as are offered to everyone.
A shared screen remembers nothing.
"""

import json
from pathlib import Path

from kiosk.entry.domains import Domains
from kiosk.entry.layouts import LAYOUTS
from kiosk.values import Value, hidden

MOST_DOMAINS = 3
"""More would say more about a household than it helps."""

_LARGEST = 4096


class Habits(Value):
    """How people type here."""

    layout: str | None = None
    domains: tuple[str, ...] = hidden(default=())
    """The last one first."""

    def using(self, layout: str, domain: str, offered: Domains) -> "Habits":
        """The same after another address was typed."""
        used = [domain] if domain in offered.names else []
        return Habits(layout, tuple(dict.fromkeys((*used, *self.domains)))[:MOST_DOMAINS])


def read_habits(path: Path) -> Habits:
    """What the file holds; nothing, if it is not there or not what was written."""
    try:
        with path.open(encoding="utf-8") as file:
            found = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return Habits()
    if not isinstance(found, dict):
        return Habits()
    layout, domains = found.get("layout"), found.get("domains")
    names = [name for name in domains if name in Domains().names] if isinstance(domains, list) else []
    known = isinstance(layout, str) and layout in LAYOUTS
    return Habits(layout if known else None, tuple(names[:MOST_DOMAINS]))


def write_habits(path: Path, habits: Habits) -> None:
    """Put them into the file, as a whole or not at all. Where that cannot be, nobody is the worse for it."""
    if read_habits(path) == habits:
        return  # flash wears, and the first frame is kept with the time of this file
    draft = path.with_suffix(".new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({"layout": habits.layout, "domains": habits.domains}), encoding="utf-8")
        draft.replace(path)
    except OSError:
        return
