"""When pings are due."""

from kiosk.smartlogin.pace import Pace


def pace(dice: float = 0.0) -> Pace:
    return Pace(100.0, lambda: dice)


def test_the_first_ping_is_due_at_once() -> None:
    assert pace().due == 100.0


def test_the_interval_counts_from_the_sending() -> None:
    it = pace()
    it.sent(100.0)
    it.answered()  # however long the answer took
    assert it.due == 105.0


def test_failures_double_the_pause_up_to_thirty_seconds() -> None:
    it, pauses = pace(), []
    for moment in (100.0, 200.0, 300.0, 400.0, 500.0):
        it.sent(moment)
        it.failed(moment + 2)
        pauses.append(it.due - (moment + 2))
    assert pauses == [5, 10, 20, 30, 30]


def test_the_jitter_shortens_a_pause_by_a_fifth_at_most() -> None:
    it = pace(dice=1.0)
    it.failed(100.0)
    assert it.due == 104.0


def test_one_answer_makes_everything_normal_again() -> None:
    it = pace()
    for moment in (100.0, 110.0, 120.0):
        it.sent(moment)
        it.failed(moment)
    it.sent(150.0)
    it.answered()
    assert it.due == 155.0
    it.sent(155.0)
    it.failed(155.0)
    assert it.due == 160.0


def test_a_429_slows_down_for_good() -> None:
    it = pace()
    it.sent(100.0)
    it.limited(101.0, None)
    assert it.due == 110.0
    it.sent(110.0)
    it.answered()
    assert it.due == 120.0


def test_a_429_with_a_time_waits_for_it_and_no_hurry_shortens_it() -> None:
    it = pace()
    it.sent(100.0)
    it.limited(101.0, 40.0)
    it.hurry(102.0)
    assert it.due == 141.0


def test_hurry_pings_at_once_but_not_twice_a_second() -> None:
    it = pace()
    it.sent(100.0)
    it.hurry(100.2)
    assert it.due == 101.0
    it.sent(101.0)
    it.hurry(103.0)
    assert it.due == 103.0


def test_a_night_without_network_does_not_overflow() -> None:
    it = pace()
    for count in range(1100):
        it.failed(30.0 * count)
    assert it.due <= 30.0 * 1100 + 30


def test_429s_stretch_the_interval_to_a_minute_at_most() -> None:
    it, now = pace(), 100.0
    for _ in range(50):
        it.sent(now)
        it.limited(now, None)
        now = it.due
    it.sent(now)
    assert it.due == now + 60
