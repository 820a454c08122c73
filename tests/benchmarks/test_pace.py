"""The pace keeps its promises, in a short run of the simulation."""

import pytest

from tests.benchmarks import pace


@pytest.mark.parametrize("seed", [1, 8628])
def test_the_promises_are_kept(seed: int) -> None:
    assert pace.unmet(pace.report(attempts=3000, seed=seed)) == []
