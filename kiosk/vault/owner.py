"""Which process an entry belongs to: two screens of one box must not both wait for the same click."""

import os
from pathlib import Path


def this_process() -> str:
    """A name for this process that no other of this run of the machine has; empty where nobody can tell."""
    return _name(str(os.getpid()))


def lives_on(owner: str) -> bool:
    """Whether another process than this one still runs under that name."""
    number, _, _ = owner.partition(":")
    return number.isascii() and number.isdigit() and owner != this_process() and _name(number) == owner


def _name(number: str) -> str:
    try:
        stat = Path("/proc", number, "stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    # The name of the program, in brackets, may hold anything; what follows its last bracket are plain fields.
    fields = stat.rpartition(")")[2].split()
    dead = not fields or fields[0] in "ZX"
    return "" if dead or len(fields) < 20 else f"{number}:{fields[19]}"
