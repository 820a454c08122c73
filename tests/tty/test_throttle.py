"""People pass, floods do not."""

from kiosk.tty.throttle import Throttle
from tests.clock import FakeClock


def test_the_throttle_lets_people_through_and_floods_not() -> None:
    clock = FakeClock()
    throttle = Throttle(10, 5.0, clock.now)
    assert [throttle.admits() for _ in range(12)] == [True] * 10 + [False] * 2
    clock._now += 0.2
    assert [throttle.admits() for _ in range(2)] == [True, False]
    clock._now += 3600
    assert sum(throttle.admits() for _ in range(100)) == 10
