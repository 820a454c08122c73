"""What the screens look like in German and in Japanese: pictures that a person has looked at."""

from collections.abc import Callable

import pytest

from tests.screens.stage import app_in
from tests.screens.test_looks import STATES
from tests.tongues import speaking

Compare = Callable[..., bool]


@pytest.mark.parametrize("name", ["entering", "waiting", "waiting-offline", "welcome", "problem"])
@pytest.mark.parametrize("language", ["de", "ja"])
def test_in_other_languages(language: str, name: str, snap_compare: Compare) -> None:
    with speaking(language):
        assert snap_compare(app_in(STATES[name]), terminal_size=(80, 24))
