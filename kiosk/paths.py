"""Where the files that ship with the package are found."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "styles"

STYLES = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "styles"
"""The `.tcss` files: inside the package in a wheel, beside it in a checkout or an editable install."""

_NAMES = ("app", "entry", "waiting", "welcome", "message", "resting", "maintenance")

SHEETS = tuple(STYLES / f"{name}.tcss" for name in _NAMES)
"""All of them: what the screens share first."""
