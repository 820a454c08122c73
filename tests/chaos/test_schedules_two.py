"""A quarter of the schedules that CI runs; a file of its own, so that another core can have it."""

from tests.chaos.check import check, quarter


@quarter(1)
def test_schedules(seed: int) -> None:
    check(seed)
