"""What the screens look like in German and in Japanese: pictures that a person has looked at."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.signin.states import Entering
from tests.lockdown.test_maintenance import ARROWS, locked_app
from tests.screens.stage import app_in
from tests.screens.test_looks import STATES
from tests.tongues import speaking

Compare = Callable[..., bool]


@pytest.mark.parametrize(
    "name",
    [
        "entering",
        "waiting",
        "waiting-offline",
        "welcome",
        "problem",
        "welcome-starting",
        "welcome-held",
        "welcome-not-kept",
    ],
)
@pytest.mark.parametrize("language", ["de", "ja"])
def test_in_other_languages(language: str, name: str, snap_compare: Compare) -> None:
    with speaking(language):
        assert snap_compare(app_in(STATES[name]), terminal_size=(80, 24))


@pytest.mark.parametrize("name", ["entering", "site-refused"])
@pytest.mark.parametrize("language", ["de", "ja"])
def test_locked_in_other_languages(language: str, name: str, snap_compare: Compare) -> None:
    with speaking(language):
        assert snap_compare(app_in(STATES[name], locked=True), terminal_size=(80, 24))


@pytest.mark.parametrize("language", ["de", "ja"])
def test_maintenance_in_other_languages(language: str, snap_compare: Compare, tmp_path: Path) -> None:
    with speaking(language):
        app = locked_app(Entering(), tmp_path)
        assert snap_compare(app, terminal_size=(80, 24), press=[*ARROWS, "1", "2", "3"])
