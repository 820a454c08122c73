"""The themes as pictures that a person has looked at; `dark`, and more states of `light`, are with the screens'.

`console` is not: an SVG knows no palette. tests/test_console_drawn.py sees it.
"""

from collections.abc import Callable

import pytest

from kiosk.looks import Brand, Look, look_for
from tests.screens.stage import app_in
from tests.screens.test_looks import STATES

LOOKS = {
    "light": look_for("light", 1 << 24, console=False),
    "high-contrast": look_for("high-contrast", 1 << 24, console=False),
    "brand": look_for("dark", 1 << 24, console=False, brand=Brand("#d33682", "#2aa198")),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("state", ["entering", "waiting", "welcome", "problem"])
def test_themes(state: str, look: Look, snap_compare: Callable[..., bool]) -> None:
    app = app_in(STATES[state], look=look, site="Acme", logo="ACME TV" if look is LOOKS["brand"] else "")
    assert snap_compare(app, terminal_size=(80, 24))
