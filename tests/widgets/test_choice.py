"""A choice whose label changes by the second."""

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from kiosk.widgets.choice import Choice


class OneChoice(App[None]):
    """A choice that counts."""

    def compose(self) -> ComposeResult:
        """It alone."""
        yield Choice("もう一度送信 (28 秒後)")


@pytest.mark.parametrize(
    ("label", "painted"),
    [
        ("もう一度送信 (27 秒後)", Region(17, 0, 1, 1)),
        ("もう一度送信 (30 秒後)", Region(16, 0, 2, 1)),
        ("もう一度送信 (9 秒後)", "anew"),
        ("もう一度送信 (28 秒後)", None),
    ],
)
async def test_what_differs_is_painted_and_nothing_is_placed_anew_where_it_needs_no_other_room(
    label: str, painted: Region | str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = OneChoice()
    async with app.run_test() as pilot:
        choice = app.query_one(Choice)
        calls: list[Region | str] = []
        refresh = choice.refresh

        def spy(*regions: Region, layout: bool = False, **others: Any) -> Choice:
            calls.extend(["anew"] if layout else regions)
            return refresh(*regions, layout=layout, **others)

        monkeypatch.setattr(choice, "refresh", spy)
        choice.label = label
        await pilot.pause()
        assert set(calls) == ({painted} if painted else set())
        assert choice.size.width == choice.get_content_width(app.size, app.size)
        assert label in str(choice.render())
