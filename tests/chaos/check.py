"""How CI checks schedules: 500 of them, in four files."""

import pytest

from tests.chaos.run import AT_ONCE, run_schedules

SCHEDULES = 500
QUARTER = SCHEDULES // 4


def quarter(number: int) -> pytest.MarkDecorator:
    """Parametrize a test with the first seed of each batch in that quarter."""
    return pytest.mark.parametrize("seed", range(number * QUARTER, (number + 1) * QUARTER, AT_ONCE))


def check(seed: int) -> None:
    """One batch of schedules, from that seed on."""
    reports = run_schedules(range(seed, seed + AT_ONCE))
    wrong = [
        f"python -m tests.chaos --seed {report.seed} --count 1: {report.wrong}" for report in reports if report.wrong
    ]
    assert not wrong, "\n".join(wrong)
    assert all(report.signed_in for report in reports)
