"""Password-free sign-in for screens without a keyboard."""

__version__ = "0.1.0"

_LIBRARY = frozenset({"Session", "SettingsError", "SignIn"})


def __getattr__(name: str) -> object:
    """`from kiosk import SignIn`: the face for other apps, at its price (Textual) only for those who ask."""
    if name in _LIBRARY:
        from importlib import import_module

        return getattr(import_module("kiosk.library"), name)
    raise AttributeError(f"module 'kiosk' has no attribute {name!r}")
