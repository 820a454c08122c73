"""The texts that a running process holds: all that is alive, whoever holds it.

Freed memory is not looked at: Python cannot wipe it. Nor is what no Python object holds, such as a C library's buffers.
`test_the_snapshot_sees_into_every_corner` shows how far it sees.
"""

import gc
import hashlib
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any

Text = str | bytes | bytearray

_DEEPEST = 8


def texts() -> dict[bytes, tuple[Text, Any]]:
    """Every live text by its hash, and an object through which the collector reaches it."""
    found: dict[bytes, tuple[Text, Any]] = {}
    for text, holder in _walk():
        found.setdefault(hash_of(text), (text, holder))
    return found


def as_bytes(text: Text) -> bytes:
    """A text as UTF-8, surrogates and all."""
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)


def hash_of(text: Text) -> bytes:
    """What names a text to whoever must not have it."""
    return hashlib.sha256(as_bytes(text)).digest()


def count(classes: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """How many live values there are of these classes, of each of which there is one; those with none are left out."""
    kinds = {getattr(sys.modules[module], name) for module, names in classes.items() for name in names}
    counts: dict[str, int] = {}
    for each in _all_objects():
        if type(each) in kinds:
            counts[type(each).__name__] = counts.get(type(each).__name__, 0) + 1
    return counts


def _all_objects() -> list[Any]:
    gc.unfreeze()  # what is frozen is shown to nobody
    gc.collect()
    return gc.get_objects()


def _walk() -> Iterator[tuple[Text, Any]]:
    """All that can be reached: from what the collector knows into what it has stopped looking at, down to the texts."""
    known = [*_all_objects(), *_running()]
    through: dict[int, Any] = {id(each): each for each in known}
    kept: list[Any] = []  # so that no address is given out twice meanwhile
    ours = {id(known), id(through), id(kept)}
    keys: list[Any]
    queue = deque(known)
    ours.add(id(queue))
    del known
    while queue:
        each = queue.popleft()
        if id(each) in ours or (isinstance(each, FrameType) and each.f_code is _walk.__code__):
            continue
        holder = through[id(each)]
        # A dict whose keys are all texts shows the collector its values alone.
        keys = list(dict.keys(each)) if isinstance(each, dict) else []
        for held in (*keys, *gc.get_referents(each)):
            if isinstance(held, Text):
                yield held, holder
            elif isinstance(held, memoryview):
                yield held.tobytes(), holder
            elif id(held) not in through:
                through[id(held)] = holder
                kept.append(held)
                queue.append(held)


def _running() -> Iterator[Any]:
    """What the threads are at: a frame that runs does not show its values to the collector."""
    for top in sys._current_frames().values():
        frame: FrameType | None = top
        while frame is not None:
            if frame.f_code.co_filename != __file__:
                yield dict(frame.f_locals)
            frame = frame.f_back


def chains(target: Any, most: int = 10) -> str:
    """Who holds it, each line from the target up to something that everybody knows: for whoever mends a leak."""
    lines = [_name(target, None)]
    queue: deque[tuple[Any, str, int]] = deque([(target, "", 0)])
    hold: list[Any] = [target]
    seen = {id(target), id(lines), id(queue), id(hold)}
    while queue and len(lines) <= most:
        step = queue.popleft()
        what, path, depth = step
        seen |= {id(step), id(referrers := gc.get_referrers(what))}
        for each in referrers:
            if id(each) in seen or (isinstance(each, FrameType) and each.f_code.co_filename == __file__):
                continue
            seen.add(id(each))
            hold.append(each)
            chain = f"{path} < {_name(each, what)}"
            if depth == _DEEPEST or hasattr(each, "_styles_cache") or (isinstance(each, dict) and "__name__" in each):
                lines.append(chain)
            else:
                queue.append((each, chain, depth + 1))
    return "\n  ".join(lines)


def _name(holder: Any, held: Any) -> str:
    """A holder by its kind and place, without any value."""
    kind = type(holder).__qualname__
    if isinstance(holder, dict):
        keys = [key for key in holder if isinstance(key, str) and key.isidentifier()]
        return f"{kind} of {', '.join(key for key in keys if held is None or holder[key] is held)[:200]}"
    if isinstance(holder, FrameType):
        return f"{kind} {holder.f_code.co_qualname}:{holder.f_lineno}"
    return f"{kind} {getattr(holder, '__qualname__', '')}".rstrip()
