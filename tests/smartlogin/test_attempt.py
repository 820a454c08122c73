"""One login attempt."""

import uuid

from kiosk.smartlogin.attempt import MOST_GUIDS, Attempt, Ruling, new_client_guid
from kiosk.smartlogin.errors import RateLimited, SmartLoginError, TimedOut
from kiosk.smartlogin.models import Identifier, IdentifierKind
from kiosk.smartlogin.refusals import AccountLocked, GuidInvalid, LinkSpent, NotClickedYet

JANE = Identifier(IdentifierKind.EMAIL, "jane@x.org")


def attempt() -> Attempt:
    guids = iter("abcdefgh")
    return Attempt(JANE, 0.0, 900.0, lambda: next(guids))


def turns(it: Attempt, count: int, now: float = 1000.0) -> str:
    return "".join(it.next_guid(now) for _ in range(count))


def test_a_client_guid_is_a_random_uuid() -> None:
    guids = {new_client_guid() for _ in range(100)}
    assert len(guids) == 100
    assert {uuid.UUID(guid).version for guid in guids} == {4}


def test_every_guid_asked_for_stays_in_the_round_and_the_newest_has_every_other_turn() -> None:
    it = attempt()
    it.fresh_guid(0.0)
    assert turns(it, 3) == "aaa"
    it.fresh_guid(30.0)
    it.fresh_guid(90.0)
    assert turns(it, 8) == "cbcacbca"


def test_whoever_asks_for_mails_all_day_pushes_the_oldest_out_of_the_round() -> None:
    guids = iter(range(1000))
    it = Attempt(JANE, 0.0, 900.0, lambda: f"guid-{next(guids)}")
    for _ in range(1000):
        it.saw_number(it.fresh_guid(0.0), "47")
    it.saw_number("guid-0", "11")
    assert [guid for guid, _ in it.snapshot.asked] == [f"guid-{number}" for number in range(1000 - MOST_GUIDS, 1000)]
    assert it.numbers == ("47",) * MOST_GUIDS
    for guid, _ in it.snapshot.asked:
        it.drop(guid)
    assert not it._numbers


def test_while_its_click_is_due_the_newest_mail_has_two_turns_of_three() -> None:
    it = attempt()
    for _ in "abc":
        it.fresh_guid(900.0)
    assert turns(it, 9, now=910.0) == "ccbccaccb"


def test_a_mail_renews_the_deadline_and_lengthens_the_pause_to_the_next() -> None:
    it = attempt()
    pauses = []
    for now in (0.0, 100.0, 200.0, 400.0):
        it.mailed(now)
        pauses.append(it.resend_at - now)
    assert pauses == [30, 60, 120, 120]
    assert it.deadline == 1300.0


def test_more_time_moves_the_deadline_as_often_as_wanted() -> None:
    it = attempt()
    for _ in range(12):
        it.extend()
    assert it.deadline == 13 * 900.0


def ruling(error: SmartLoginError, now: float = 100.0) -> Ruling:
    it = attempt()
    return it.rule(it.fresh_guid(0.0), error, now)


def test_not_clicked_goes_on() -> None:
    assert ruling(NotClickedYet(1139)) is Ruling.GO_ON


def test_an_unknown_guid_right_after_the_request_goes_on_and_later_ends() -> None:
    assert ruling(GuidInvalid(1140), now=10.0) is Ruling.GO_ON
    assert ruling(GuidInvalid(1140), now=30.0) is Ruling.OVER


def test_what_says_nothing_is_tried_again() -> None:
    assert ruling(TimedOut()) is Ruling.RETRY
    assert ruling(RateLimited(429)) is Ruling.RETRY


def test_a_spent_link_ends_only_its_own_guid_while_others_live() -> None:
    it = attempt()
    first, second = it.fresh_guid(0.0), it.fresh_guid(30.0)
    assert it.rule(first, LinkSpent(1137), 60.0) is Ruling.DROPPED
    assert turns(it, 2) == second * 2
    assert it.rule(second, LinkSpent(1137), 61.0) is Ruling.OVER


def test_what_is_about_the_account_ends_everything() -> None:
    assert ruling(AccountLocked(1132)) is Ruling.OVER


def test_no_repr_tells_guids_or_addresses() -> None:
    it = attempt()
    it.fresh_guid(0.0)
    assert "jane" not in repr(it) + repr(JANE)
