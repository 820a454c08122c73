"""What every store promises, asked of each kind: in memory, in a file, in a real Redis."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from kiosk.service.store import open_store
from kiosk.service.store.base import (
    Attempt,
    Beginning,
    Begun,
    Grant,
    MailboxMail,
    MailQuota,
    Opened,
    OutboxMail,
    Person,
    Session,
    Store,
)
from tests.service.world import START

_QUOTA = MailQuota(b"somebody", mails=1_000_000, window=900, disabled=900)
_LATER = START + 3_600.125


def attempt(number: int = 0) -> Attempt:
    return Attempt("s", b"guid%d" % number, b"token%d" % number, "uid", START + 0.0625, START + 60)


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    opened = open_store(store_url)
    yield opened
    await opened.aclose()
    opened.close()


async def signed_in(store: Store, number: int = 0, refresh: bytes = b"") -> None:
    await store.begin_attempt(attempt(number), _QUOTA)
    await store.open_link("s", b"token%d" % number, START)
    assert await store.redeem(attempt(number), Grant(b"access%d" % number, _LATER, refresh, _LATER), START)


async def test_an_attempt_is_kept_as_it_was(store: Store) -> None:
    full = replace(attempt(), redirect="https://example.com/?ä=1&b", welcome="hello", number="42", uid="ü")
    assert await store.begin_attempt(full, _QUOTA) == Beginning(Begun.ADDED)
    assert await store.attempt("s", full.guid) == full
    assert await store.attempt_of_link("s", full.token) == full
    assert await store.attempt("other", full.guid) is None
    assert await store.attempt_of_link("other", full.token) is None
    assert await store.begin_attempt(full, _QUOTA) == Beginning(Begun.GUID_TAKEN)


async def test_of_racing_calls_one_wins(store: Store) -> None:
    begun = await asyncio.gather(*(store.begin_attempt(attempt(), _QUOTA) for _ in range(20)))
    assert [one.outcome for one in begun].count(Begun.ADDED) == 1
    opened = await asyncio.gather(*(store.open_link("s", b"token0", START) for _ in range(20)))
    assert [outcome for outcome, _ in opened].count(Opened.VERIFIED) == 1
    grants = [Grant(b"access%d" % number, _LATER, b"refresh%d" % number, _LATER) for number in range(20)]
    redeemed = await asyncio.gather(*(store.redeem(attempt(), grant, START) for grant in grants))
    assert redeemed.count(True) == 1
    used = grants[redeemed.index(True)].refresh
    again = [Grant(b"again%d" % number, _LATER) for number in range(20)]
    refreshed = await asyncio.gather(*(store.refresh("s", used, grant, START) for grant in again))
    assert sorted(refreshed, key=str) == [None] * 19 + ["uid"]


async def test_what_a_link_is_worth(store: Store) -> None:
    assert await store.open_link("s", b"token0", START) == (Opened.UNKNOWN, None)
    await store.begin_attempt(attempt(), _QUOTA)
    assert not await store.redeem(attempt(), Grant(b"a", _LATER), START)
    assert (await store.open_link("s", b"token0", START + 60))[0] is Opened.EXPIRED
    assert (await store.open_link("s", b"token0", START + 59))[0] is Opened.VERIFIED
    assert (await store.open_link("s", b"token0", START + 59))[0] is Opened.AGAIN
    assert not await store.redeem(attempt(), Grant(b"a", _LATER), START + 60)
    assert await store.redeem(attempt(), Grant(b"a", _LATER), START + 59.5)
    outcome, spent = await store.open_link("s", b"token0", START)
    assert outcome is Opened.SPENT
    assert spent
    assert (spent.verified, spent.redeemed) == (START + 59, START + 59.5)


async def test_a_number_must_be_right_the_first_time(store: Store) -> None:
    for number in range(2):
        await store.begin_attempt(replace(attempt(number), number="42"), _QUOTA)
    assert (await store.open_link("s", b"token0", START))[0] is Opened.NUMBER_MISSING
    assert (await store.open_link("s", b"token0", START, "42"))[0] is Opened.VERIFIED
    assert (await store.open_link("s", b"token1", START, "24"))[0] is Opened.NUMBER_WRONG
    assert (await store.open_link("s", b"token1", START, "42"))[0] is Opened.EXPIRED
    await store.begin_attempt(attempt(2), _QUOTA)
    assert (await store.open_link("s", b"token2", START, "42"))[0] is Opened.VERIFIED


async def test_the_quota_of_an_address(store: Store) -> None:
    def asked(number: int, now: float) -> Attempt:
        return replace(attempt(number), created=now)

    quota = MailQuota(b"jane", mails=2, window=600, disabled=300)
    outcomes = [await store.begin_attempt(asked(number, START), quota) for number in range(3)]
    assert outcomes == [Beginning(Begun.ADDED), Beginning(Begun.ADDED), Beginning(Begun.LIMIT_REACHED, 300)]
    assert await store.attempt("s", b"guid2") is None
    assert await store.begin_attempt(asked(2, START + 100), quota) == Beginning(Begun.LIMIT_REACHED, 200)
    assert (await store.begin_attempt(asked(3, START), MailQuota(b"john", 2, 600, 300))).outcome is Begun.ADDED
    # A clock set back by a day locks nobody out for that day.
    assert (await store.begin_attempt(asked(4, START - 86_400), quota)).outcome is Begun.ADDED
    assert (await store.begin_attempt(asked(5, START + 300), quota)).outcome is Begun.ADDED


async def test_sessions(store: Store) -> None:
    await signed_in(store, refresh=b"refresh")
    assert await store.session("s", b"access0") == Session("uid", _LATER)
    assert await store.session("other", b"access0") is None
    assert await store.slide("s", b"access0", _LATER + 9, START)
    assert not await store.slide("s", b"access0", _LATER + 99, _LATER + 9)
    assert not await store.slide("s", b"never", _LATER, START)
    assert await store.session("s", b"access0") == Session("uid", _LATER + 9)
    await store.end_session("s", b"access0", with_refresh=False)
    assert await store.session("s", b"access0") is None
    assert await store.revoke("s", b"refresh")
    assert not await store.revoke("s", b"refresh")


async def test_a_session_is_fresh_until_it_is_used_where_its_ping_may_be_answered_again(store: Store) -> None:
    await store.begin_attempt(attempt(), _QUOTA)
    await store.open_link("s", b"token0", START)
    assert await store.redeem(attempt(), Grant(b"access0", _LATER, salt=b"salt"), START)
    kept = await store.attempt("s", b"guid0")
    assert kept
    assert kept.salt == b"salt"
    assert await store.session("s", b"access0") == Session("uid", _LATER, fresh=True)
    await store.use_session("s", b"access0")
    await store.use_session("s", b"never")
    assert await store.session("s", b"access0") == Session("uid", _LATER)
    assert await store.session("s", b"never") is None


async def test_a_refresh_token_is_spent_once(store: Store) -> None:
    await signed_in(store, refresh=b"refresh")
    assert await store.refresh("s", b"refresh", Grant(b"second", _LATER, b"next", _LATER), START) == "uid"
    assert await store.session("s", b"access0") is None
    assert await store.session("s", b"second") == Session("uid", _LATER)
    assert await store.refresh("s", b"refresh", Grant(b"third", _LATER), START) is None
    assert await store.refresh("s", b"next", Grant(b"third", _LATER), _LATER) is None
    assert await store.session("s", b"third") is None


async def test_a_sign_out_may_take_the_refresh_token_along(store: Store) -> None:
    await signed_in(store, refresh=b"refresh")
    await store.end_session("s", b"access0", with_refresh=True)
    assert await store.refresh("s", b"refresh", Grant(b"second", _LATER), START) is None


async def test_notes_of_an_account(store: Store) -> None:
    assert not (await store.notes("s", "jane")).email_verified
    assert await store.note_verified("s", "jane")
    assert not await store.note_verified("s", "jane")
    await store.note_policy("s", "jane", "1.0", START)
    notes = await store.notes("s", "jane")
    assert (notes.email_verified, notes.policy, notes.policy_accepted) == (True, "1.0", START)
    assert not (await store.notes("s", "john")).policy


async def test_people(store: Store) -> None:
    jane, twin = Person("1", '{"a": "ä"}'), Person("2", "{}")
    assert await store.add_person("s", jane, (b"jane", b"jane@example.com"))
    assert not await store.add_person("s", twin, (b"other", b"jane"))
    assert await store.person_known_as("s", b"other") is None
    assert await store.person_known_as("s", b"jane") == jane == await store.person("s", "1")
    await store.note_verified("s", "1")
    await store.delete_person("s", "1")
    assert await store.person("s", "1") == Person("1", "")
    assert await store.person_known_as("s", b"jane") is None
    assert not (await store.notes("s", "1")).email_verified
    assert await store.add_person("s", twin, (b"other", b"jane"))
    await store.delete_person("s", "of the site file")
    assert await store.person("s", "of the site file") == Person("of the site file", "")


async def test_the_mailbox_keeps_the_newest(store: Store) -> None:
    for number in range(5):
        await store.put_mail("s", MailboxMail(0, "to", f"{number} ä", START, "text\n", "<p>"), keep=3)
    mails = await store.mails("s")
    assert [mail.subject for mail in mails] == ["4 ä", "3 ä", "2 ä"]
    assert len({mail.id for mail in mails}) == 3
    assert mails == [MailboxMail(mail.id, "to", mail.subject, START, "text\n", "<p>") for mail in mails]
    await store.clear_mails("s")
    assert await store.mails("s") == []


async def test_the_outbox_hands_out_what_is_due_in_order(store: Store) -> None:
    for number, due in enumerate((START + 2, START + 1, START + 1, START + 99)):
        await store.outbox_add("s", b"\x00\xff%d" % number, f"label {number}", due, _LATER)
    assert await store.outbox_lease("s", START, 30) is None
    leased = [await store.outbox_lease("s", START + 3, 30) for _ in range(4)]
    assert [mail.message if mail else None for mail in leased] == [b"\x00\xff1", b"\x00\xff2", b"\x00\xff0", None]
    assert await store.outbox_lease("other", START + 3, 30) is None
    assert await store.outbox_waiting("s") == 4


async def test_a_mail_is_leased_to_one_caller_at_a_time(store: Store) -> None:
    await store.outbox_add("s", b"m", "l", START, _LATER)
    leases = await asyncio.gather(*(store.outbox_lease("s", START, 30) for _ in range(10)))
    (first,) = [lease for lease in leases if lease]
    assert first == OutboxMail(first.id, b"m", "l", 1, START + 30)
    second = await store.outbox_lease("s", START + 30, 30)
    assert second
    assert (second.id, second.tries) == (first.id, 2)
    # The first holder was too slow: what it says counts no more.
    await store.outbox_done("s", first)
    await store.outbox_retry("s", first, None, "too late")
    assert (await store.outbox_waiting("s"), await store.outbox_failed("s")) == (1, [])
    await store.outbox_done("s", second)
    assert await store.outbox_waiting("s") == 0


async def test_a_mail_is_tried_again_and_given_up(store: Store) -> None:
    await store.outbox_add("s", b"secret", "to j…@example.com", START, _LATER)
    mail = await store.outbox_lease("s", START, 30)
    assert mail
    await store.outbox_retry("s", mail, START + 5, "greylisted")
    assert await store.outbox_lease("s", START + 4, 30) is None
    mail = await store.outbox_lease("s", START + 5, 30)
    assert mail
    assert (mail.error, mail.tries, mail.message) == ("greylisted", 2, b"secret")
    await store.outbox_retry("s", mail, None, "no such mailbox")
    assert await store.outbox_lease("s", _LATER, 30) is None
    (failed,) = await store.outbox_failed("s")
    assert (failed.label, failed.error, failed.message) == ("to j…@example.com", "no such mailbox", b"")
    assert await store.outbox_waiting("s") == 0


async def test_calls_of_a_second_are_counted_together(store: Store) -> None:
    taken = await asyncio.gather(*(store.take_calls("s", int(START), 7, 50) for _ in range(10)))
    assert sorted(taken) == [0, 0, 1, 7, 7, 7, 7, 7, 7, 7]
    assert await store.take_calls("other", int(START), 7, 50) == 7
    assert await store.take_calls("s", int(START) + 1, 60, 50) == 50
    assert await store.take_calls("s", int(START) - 86_400, 7, 50) == 7


async def test_it_answers(store: Store) -> None:
    await store.check()
    await store.sweep(START)
