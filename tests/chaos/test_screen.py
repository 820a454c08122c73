"""Some schedules with the real app around the flow: what the screen says is what happened."""

import pytest

from tests.chaos.run import run_schedules

SCHEDULES = 4


@pytest.mark.parametrize("seed", [10_000, 20_000])
def test_the_screen_says_what_happened(seed: int) -> None:
    reports = run_schedules(range(seed, seed + SCHEDULES), on_screen=True)
    wrong = [f"seed {report.seed}: {report.wrong}" for report in reports if report.wrong]
    assert not wrong, "\n".join(wrong)
    assert all(report.signed_in for report in reports)
    assert sum(report.looks for report in reports) > 60
    assert sum(report.problems for report in reports) > 12
