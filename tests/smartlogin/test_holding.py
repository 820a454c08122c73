"""Whether the next ping is held."""

from kiosk.smartlogin.holding import LONGEST_HOLD, MOST_CUTS, Holding


def offered(seconds: float = 20.0) -> Holding:
    it = Holding()
    assert it.ask(0.0, 900.0) == 0.0
    assert it.answered(0.1, seconds) is (seconds > 0)
    return it


def test_nothing_is_asked_for_that_the_service_did_not_offer() -> None:
    it = offered(0.0)
    assert it.ask(5.0, 900.0) == 0.0
    assert not it.known


def test_an_offer_is_taken_at_once_and_to_the_deadline_at_most() -> None:
    assert offered().ask(1.0, 900.0) == 20.0
    assert offered(3600.0).ask(1.0, 900.0) == LONGEST_HOLD
    assert offered().ask(895.0, 900.0) == 5.0
    assert offered().ask(899.5, 900.0) == 0.0
    assert offered().ask(905.0, 900.0) == 0.0


def test_one_hold_follows_the_other() -> None:
    it = offered()
    it.ask(1.0, 900.0)
    assert it.answered(21.0, 20.0)
    assert it.ask(21.0, 900.0) == 20.0


def test_a_hold_that_is_answered_early_is_followed_by_the_pace_of_polling() -> None:
    it = offered()
    it.ask(1.0, 900.0)
    assert not it.answered(1.1, 20.0)


def test_a_hold_that_breaks_off_is_no_outage_and_the_next_ping_is_an_ordinary_one() -> None:
    it = offered()
    it.ask(1.0, 900.0)
    assert it.failed(11.0)
    assert it.ask(11.0, 900.0) == 0.0
    assert not it.failed(11.2)  # this is one


def test_a_way_that_cuts_what_takes_long_is_polled() -> None:
    it = offered()
    for start in range(MOST_CUTS):
        assert it.ask(20.0 * start, 900.0) == 20.0
        assert it.failed(20.0 * start + 10)
        it.ask(20.0 * start + 10, 900.0)
        it.answered(20.0 * start + 10.1, 20.0)
    assert it.ask(100.0, 900.0) == 0.0
    assert it.known


def test_a_whole_hold_forgives_the_cuts_before_it() -> None:
    it = offered()
    for start in range(0, 300, 60):
        it.ask(start, 900.0)
        assert it.failed(start + 10)
        it.ask(start + 10, 900.0)
        it.answered(start + 10.1, 20.0)
        assert it.ask(start + 12, 900.0) == 20.0
        it.answered(start + 32, 20.0)


def test_a_failure_at_once_is_none_of_a_proxys_patience() -> None:
    it = offered()
    it.ask(1.0, 900.0)
    assert not it.failed(1.5)


def test_a_hold_that_this_machine_slept_through_is_overdue() -> None:
    it = offered()
    it.ask(1.0, 900.0)
    assert not it.overdue(20.0)
    assert it.overdue(3600.0)
