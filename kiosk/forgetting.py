"""Nothing of who was here stays in memory: what the libraries under us remember of the texts they have seen.

Our own rooms let go by themselves: a step of the flow returns, a screen is wiped. But Textual and Rich keep each
text that they have ever measured, and a screen that is not shown keeps the lines that it showed last.

Freed memory is not wiped: Python has no way to do that.
"""

import functools
import gc
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from textual.app import App
from textual.geometry import NULL_SIZE
from textual.widget import Widget, _RenderCache

_LIBRARIES = ("textual", "rich")
"""Whose caches have texts of people in them. They fill again within a frame."""

_CACHE: type[Any] = type(functools.lru_cache(len))


def forget(app: App[Any]) -> None:
    """Have the libraries forget what they have seen. Call it when nobody is there: it takes some milliseconds."""
    for stack in app._screen_stacks.values():
        for screen in stack:
            forget_lines(screen)
    for cache in set(_caches()):
        cache.cache_clear()
    # What refers to itself in a circle is still there: errors and their frames, above all.
    gc.collect()


def forget_lines(screen: Widget) -> None:
    """What a screen has painted. One that is shown again paints itself anew; cells on the screen stay."""
    for widget in screen.walk_children(Widget, with_self=True):
        _forget_lines(widget)


def _forget_lines(widget: Widget) -> None:
    widget._render_cache = _RenderCache(NULL_SIZE, [])
    widget._set_dirty()
    widget._layout_cache.clear()
    widget.clear_cached_dimensions()


def _caches() -> Iterator[Any]:
    """All that the libraries keep by `functools`, wherever they have it: private names come and go with versions."""
    for name, module in tuple(sys.modules.items()):
        if name.partition(".")[0] in _LIBRARIES and isinstance(module, ModuleType):
            for value in tuple(vars(module).values()):
                if isinstance(value, _CACHE):
                    yield value
                elif isinstance(value, type):
                    yield from _caches_of(value)


def _caches_of(owner: type) -> Iterator[Any]:
    for value in tuple(vars(owner).values()):
        if isinstance(value, property):
            value = value.fget
        inner = getattr(value, "__func__", value)  # of a class method or a static one
        if isinstance(inner, _CACHE):
            yield inner
