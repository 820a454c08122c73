"""When pings are due."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kiosk.smartlogin.pace import (
    BUSY_INTERVAL,
    LONGEST_INTERVAL,
    LONGEST_PAUSE,
    LONGEST_TAIL,
    SHORTEST_GAP,
    SILENCE,
    SPREAD,
    Pace,
    spacing,
)


def pace(dice: float = 0.0) -> Pace:
    return Pace(100.0, lambda: dice)


def test_the_first_ping_is_due_at_once() -> None:
    assert pace().due == 100.0


def test_the_interval_counts_from_the_sending() -> None:
    it = pace()
    it.sent(100.0)
    it.answered()  # however long the answer took
    assert it.due == 105.0


def test_pings_come_closely_when_clicks_do_and_thin_out_after() -> None:
    assert spacing(0) == 5.0
    assert spacing(30) == BUSY_INTERVAL < spacing(90) < spacing(200) < spacing(900) < spacing(36_000) == LONGEST_TAIL


def test_another_mail_brings_the_dense_pings_back() -> None:
    it = pace()
    it.sent(1000.0)
    assert it.due > 1010
    it.mailed(1001.0)
    assert it.due == 1000 + BUSY_INTERVAL


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
    assert it.due == 150 + BUSY_INTERVAL
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


def test_boxes_that_met_the_same_429_come_apart() -> None:
    dues = []
    for dice in (0.0, 0.5, 0.99):
        it = pace(dice)
        it.sent(100.0)
        it.limited(101.0, 20.0)
        dues.append(it.due)
    assert dues[0] == 121.0
    assert dues == sorted(set(dues))
    assert dues[-1] <= 121 + SPREAD * LONGEST_INTERVAL


def test_the_429s_of_one_jam_slow_down_once() -> None:
    it = pace()
    for moment in (100.0, 110.0):
        it.sent(moment)
        it.limited(moment, None)
    assert it.due == 120.0


def test_the_services_word_on_the_next_ping_counts() -> None:
    it = pace()
    it.sent(100.0)
    it.answered(12.0)
    assert it.due == 112.0
    it.answered(0.0)
    assert it.due == 101.0
    it.answered(1e9)
    assert it.due == 160.0


def test_a_key_after_a_silence_pings_and_typing_on_does_not() -> None:
    it = pace()
    it.sent(400.0)
    it.touched(401.5)
    assert it.due == 401.5
    it.sent(401.5)
    it.answered()
    due = it.due
    assert due == 401.5 + BUSY_INTERVAL  # and closely for a while
    for tenth in range(20):
        it.touched(402 + tenth / 10)
    assert it.due == due


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
    for _ in range(80):
        it.sent(now)
        it.limited(now, None)
        now = it.due
    it.sent(now)
    assert it.due == now + 60


Step = tuple[str, float, float | None, float]
_STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.sampled_from(["answered", "limited", "failed", "hurry", "touched", "mailed", "hinted"]),
        st.floats(0, 40),  # seconds that the answer takes, or until the person acts
        st.none() | st.floats(0, 3600),
        st.floats(0, 0.999),
    ),
    max_size=60,
)


def live(steps: list[Step], check: Callable[[Pace, dict[str, Any]], None]) -> None:
    """Ping when it is due, as the waiting does: one at a time, and no two within the same answer."""
    dice = [0.0]
    now, sent, allowed = 50.0, -1e9, -1e9
    it = Pace(now, lambda: dice[0])
    for kind, later, word, dice[0] in steps:
        if kind in {"hurry", "touched", "mailed"}:
            now += later
            getattr(it, kind)(now)
            check(it, {"kind": kind, "now": now, "sent": sent, "allowed": allowed})
            continue
        now = max(now, it.due)
        assert now >= sent + SHORTEST_GAP
        assert now >= allowed
        it.sent(now)
        sent, now = now, now + later
        if kind == "limited":
            it.limited(now, word)
            allowed = max(allowed, now + (word or 0.0))
        elif kind == "hinted":
            it.answered(word)
        else:
            it.failed(now) if kind == "failed" else it.answered()
        check(it, {"kind": kind, "now": now, "sent": sent, "allowed": allowed})


@given(_STEPS)
def test_no_ping_is_sooner_than_manners_and_the_services_word_allow(steps: list[Step]) -> None:
    def check(it: Pace, seen: dict[str, Any]) -> None:
        assert it.due >= seen["sent"] + SHORTEST_GAP
        assert it.due >= seen["allowed"]

    live(steps, check)


@given(_STEPS)
def test_it_never_stops(steps: list[Step]) -> None:
    def check(it: Pace, seen: dict[str, Any]) -> None:
        latest = max(seen["now"], seen["sent"] + LONGEST_INTERVAL, seen["allowed"])
        assert it.due <= latest + LONGEST_INTERVAL * (1 + SPREAD)

    live(steps, check)


@given(_STEPS, st.floats(0, 4000))
def test_haste_never_delays_a_ping(steps: list[Step], later: float) -> None:
    kept: list[Pace] = []
    live([*steps, ("answered", 0.0, None, 0.0)], lambda it, _: kept.append(it))
    it = kept[-1]
    for haste in (it.mailed, it.touched, it.hurry):
        before = it.due
        haste(before + later)
        assert it.due <= max(before, it.earliest)


@given(st.integers(0, 2000), st.floats(0, 0.999))
def test_one_answer_makes_it_normal_however_long_it_failed(failures: int, dice: float) -> None:
    it, now = Pace(0.0, lambda: dice), 0.0
    for _ in range(failures):
        now = max(now, it.due)
        it.sent(now)
        it.failed(now + 10)
        assert now + 10 < it.due <= now + 10 + LONGEST_PAUSE
    now = max(now, it.due)
    it.sent(now)
    it.answered()
    assert it.due == now + spacing(now)


def test_a_year_without_network_and_a_year_of_sleep_are_times_like_any_other() -> None:
    year = 365 * 86_400.0
    it, now = pace(), 100.0
    for _ in range(3000):
        it.sent(now)
        it.failed(now)
        now += year / 3000
    it.sent(now + year)
    it.answered()
    assert it.due == now + year + LONGEST_TAIL
    it.touched(now + year + SILENCE)
    it.hurry(now + year + SILENCE)
    assert it.due == now + year + SILENCE
