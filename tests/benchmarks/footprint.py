"""What a process takes, and how much of it is there: memory by the kernel, objects by the garbage collector."""

import asyncio
import gc
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.app import KioskApp


@dataclass(frozen=True)
class Footprint:
    """Bytes, as the kernel counts them."""

    rss: int
    pss: int
    own: int
    """Anonymous pages: what is shared, and so the other two, hangs on who else runs."""


def footprint(pid: int | str = "self") -> Footprint:
    """Of a process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {name: int(rest.split()[0]) << 10 for name, _, rest in (line.partition(":") for line in lines[1:])}
    return Footprint(sizes["Rss"], sizes["Pss"], sizes["Anonymous"])


def kinds() -> Counter[str]:
    """How many objects there are of each kind, of those that the garbage collector knows."""
    gc.collect()
    return Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects())


@dataclass(frozen=True)
class Holdings:
    """What an app in this process has, apart from memory: none of it may add up."""

    objects: int
    """What the garbage collector knows of."""
    threads: int
    files: int
    tasks: int
    screens: int
    widgets: int


def holdings(app: "KioskApp") -> Holdings:
    """Look."""
    gc.collect()
    screens = [screen for stack in app._screen_stacks.values() for screen in stack]
    return Holdings(
        objects=len(gc.get_objects()),
        threads=threading.active_count(),
        files=len(list(Path("/proc/self/fd").iterdir())),
        tasks=len(asyncio.all_tasks()),
        screens=len(screens),
        widgets=sum(1 for screen in screens for _ in screen.walk_children(with_self=True)),
    )
