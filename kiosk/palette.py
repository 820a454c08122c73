"""Textual's command palette, left out of a start.

It is shut (kiosk/doors.py), but every app of Textual's imports it, with the tree, the select box and the lists that it
is made of: a fourth of the time that Textual takes to be there, and 1.2 MB for as long as the app runs.
"""

import sys
from importlib import import_module
from types import ModuleType

NAME = "textual.command"
_TAKEN = ("CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider")
"""What Textual takes from it as it is imported, and uses nowhere but behind the actions that are shut."""


class _LeftOut(ModuleType):
    """In its place. Whoever asks for more than the app does, as another version of Textual may, gets the real one."""

    def __init__(self) -> None:
        super().__init__(NAME)
        vars(self).update({name: type(name, (), {}) for name in _TAKEN})

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # asked by the import itself
            raise AttributeError(name)
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]
        real = import_module(NAME)
        vars(self).update({taken: getattr(real, taken) for taken in _TAKEN if hasattr(real, taken)})
        return getattr(real, name)


def leave_out_palette() -> None:
    """Have Textual imported without its palette: in a process that shows our app and no other.

    Where Textual is there already it is somebody else's too, and nothing changes.
    """
    if "textual" not in sys.modules:
        sys.modules[NAME] = _LeftOut()
