"""What must hold whatever happened, checked from the record of the network, of the service and of the screen."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from kiosk.signin.intents import Extend, PingNow, SendAgain, Submit, Touch
from kiosk.signin.states import Ended, Entering, NotSetUp, PolicyDue, Problem, State, Waiting
from kiosk.smartlogin.attempt import SETTLING
from kiosk.smartlogin.errors import SmartLoginError
from kiosk.smartlogin.pace import BUSY_INTERVAL, INTERVAL, LONGEST_PAUSE, LONGEST_TAIL, SHORTEST_GAP, SLOWER_BY
from kiosk.vault.entries import read_kept
from kiosk.vault.limits import SERVICE
from kiosk.words import problem_words
from tests.chaos.device import SITE, Device
from tests.chaos.faults import TOLD, Fault
from tests.chaos.proxy import Exchange
from tests.chaos.service import Record, hash_of

BLINK = 0.05
"""Seconds within which two things are taken to happen at once."""

URGENT = PingNow | Extend | SendAgain | Touch
"""What makes the next ping come sooner."""

_LIMITS = {Fault.LIMITED, Fault.LIMITED_SECONDS, Fault.LIMITED_DATE}


def faults_found(device: Device, record: Record) -> Iterator[str]:
    """Everything that should not have been, one line each."""
    exchanges = device.proxy.exchanges
    for stay in sorted({exchange.stay for exchange in exchanges}):
        pings = [exchange for exchange in exchanges if exchange.stay == stay and exchange.call == "ping"]
        pings = [ping for ping in pings if not _is_farewell(ping, exchanges)]
        yield from _one_at_a_time(pings)
        yield from _not_too_often(device, pings)
        yield from _pauses(device, pings)
        yield from _last_word(pings)
    yield from _spent_guids(device, exchanges)
    yield from _mails(device, exchanges)
    yield from _sessions(device, record, exchanges)
    yield from _told(device, exchanges)


def _is_farewell(ping: Exchange, exchanges: list[Exchange]) -> bool:
    """The one ping that asks whether a session was on its way when the person left: no part of the next waiting."""
    return any(
        left.call == "ping"
        and left.guid == ping.guid
        and left.stay < ping.stay
        and not left.whole
        and abs(ping.sent - left.ended - SHORTEST_GAP) < 4 * BLINK
        for left in exchanges
    )


def _one_at_a_time(pings: list[Exchange]) -> Iterator[str]:
    for one, other in pairwise(pings):
        if other.sent < one.ended - BLINK:
            yield f"two pings in flight, at {other.sent:.1f}"
        if other.sent - one.sent < SHORTEST_GAP - BLINK:
            yield f"two pings within {other.sent - one.sent:.2f} s, at {other.sent:.1f}"


def _not_too_often(device: Device, pings: list[Exchange]) -> Iterator[str]:
    if not pings:
        return
    begin, end = pings[0].sent, pings[-1].sent
    urged = sum(begin - BLINK <= at <= end + BLINK for at, intent in device.wanted if isinstance(intent, URGENT))
    # One at the deadline itself, and one more for every time that the deadline was moved on.
    # An offer to hold the next ping is taken at once, and what breaks off is asked again at once.
    at_once = sum((ping.hold > 0) + ping.broken_hold for ping in pings)
    most = (end - begin) / BUSY_INTERVAL + 2 + urged + at_once
    if len(pings) > most:
        yield f"{len(pings)} pings in {end - begin:.0f} s, {most:.0f} at most"


def _pauses(device: Device, pings: list[Exchange]) -> Iterator[str]:
    failures, slowed = 0, False
    for one, other in pairwise(pings):
        gap = other.sent - one.ended
        failed = not one.whole or one.fault in TOLD
        if one.given_up or one.broken_hold or (one.hold and not one.whole):
            continue  # the next one goes out at once: nobody has said yet that anything is wrong
        if one.fault in _LIMITS:
            failures = 0
            slowed = True
            least = one.sent + BUSY_INTERVAL + SLOWER_BY if one.retry_after is None else one.ended + one.retry_after - 1
            if other.sent < least - BLINK:
                yield f"429 at {one.sent:.1f}, asked again {gap:.1f} s later ({one.retry_after} asked for)"
        elif failed:
            failures += 1
            least = 0.8 * min(INTERVAL * 2 ** (failures - 1), LONGEST_PAUSE)
            if gap < least - BLINK and not _hurried(device, one, other):
                yield f"{failures} failures, and asked again after {gap:.1f} s at {other.sent:.1f}"
        else:
            failures = 0
            latest = max(one.sent + LONGEST_TAIL, one.ended)
            if not slowed and other.sent > latest + BLINK and not device.proxy.was_away(one.ended, other.sent):
                slept = device.clock.slept_between(one.sent, other.sent)
                if other.sent - slept > latest + BLINK:
                    yield f"an answer at {one.ended:.1f}, and {gap:.1f} s of silence"


def _hurried(device: Device, one: Exchange, other: Exchange) -> bool:
    """Whether the person, another mail or the deadline wanted a ping between those two."""
    if any(one.sent <= at <= other.sent for at, intent in device.wanted if isinstance(intent, URGENT)):
        return True
    if any(exchange.call == "mail" and one.sent <= exchange.ended <= other.sent for exchange in device.proxy.exchanges):
        return True
    deadlines = [shown.state.deadline for shown in device.shown if isinstance(shown.state, Waiting)]
    # At the deadline, or as soon after it as one ping may follow another.
    return any(one.sent - BLINK <= deadline <= other.sent + BLINK for deadline in deadlines)


def _last_word(pings: list[Exchange]) -> Iterator[str]:
    for one, other in pairwise(pings):
        if one.whole and one.token:
            yield f"a ping at {other.sent:.1f}, after the session came"


def _spent_guids(device: Device, exchanges: list[Exchange]) -> Iterator[str]:
    spent: dict[str, float] = {}
    for exchange in exchanges:
        if exchange.call != "ping":
            continue
        if exchange.guid in spent and exchange.sent > spent[exchange.guid] + BLINK:
            yield f"a ping at {exchange.sent:.1f} for a GUID that was spent at {spent[exchange.guid]:.1f}"
        settled = exchange.ended - device.guids[exchange.guid] > SETTLING
        if exchange.whole and (exchange.token or (exchange.code == 1140 and settled)):
            spent[exchange.guid] = exchange.ended


def _mails(device: Device, exchanges: list[Exchange]) -> Iterator[str]:
    requests = [exchange for exchange in exchanges if exchange.call == "mail"]
    wanted = sum(isinstance(intent, Submit | SendAgain) for _, intent in device.wanted)
    used = sum(exchange.whole and exchange.code == 1136 for exchange in requests)
    if len(requests) > wanted + used:
        yield f"{len(requests)} mail requests, {wanted} wanted and {used} answered with 1136"
    twice = [guid for guid, times in Counter(exchange.guid for exchange in requests).items() if times > 1]
    if twice:
        yield f"{len(twice)} GUIDs in more than one mail request"


def _sessions(device: Device, record: Record, exchanges: list[Exchange]) -> Iterator[str]:
    guids = {hash_of(guid) for guid in device.guids}
    clicks = Counter(guid for guid in record.clicked if guid in guids)
    for guid in guids:
        granted = record.redeemed.get(guid, [])
        if len(granted) > clicks[guid]:
            yield f"{len(granted)} sessions for {clicks[guid]} clicks"
    entry = device.keyring.entries.get((SERVICE, SITE))
    for _, name in device.keyring.entries:
        if name != SITE:
            yield f"after the end the keyring still holds {name}"
    held = read_kept(entry).session.token.access_token if entry else ""
    for exchange in exchanges:
        came = exchange.whole and exchange.call == "ping" and exchange.token not in {"", held}
        if came and hash_of(exchange.token) not in record.ended:
            yield f"the session that came at {exchange.ended:.1f} is nobody's, and good for ever"


def _told(device: Device, exchanges: list[Exchange]) -> Iterator[str]:
    for shown in device.shown:
        for problem in problems_in(shown.state):
            words = problem_words(problem)
            if not words.headline or problem.kind is SmartLoginError:
                yield f"no words for {problem.kind.__name__}"
    for exchange in exchanges:
        if exchange.fault not in TOLD or exchange.cut or exchange.call == "token" or exchange.hold:
            continue
        if _is_farewell(exchange, exchanges):
            continue
        said = what_was_said(device, exchange)
        if said is not None and not any(issubclass(problem.kind, TOLD[exchange.fault]) for problem in said):
            kinds = ", ".join(problem.kind.__name__ for problem in said) or "nothing"
            yield f"{exchange.fault} met the {exchange.call} at {exchange.sent:.1f}, and the screen said: {kinds}"


def what_was_said(device: Device, exchange: Exchange) -> list[Problem] | None:
    """The problems that the screen showed when the exchange had failed; None where the person had gone on by then."""
    before = [shown for shown in device.shown if shown.at < exchange.ended - BLINK]
    after = [shown for shown in device.shown if abs(shown.at - exchange.ended) <= BLINK]
    if exchange.call == "ping":
        if not before or before[-1].stay != exchange.stay or not isinstance(before[-1].state, Waiting):
            return None
        if any(not isinstance(shown.state, Waiting) or shown.stay != exchange.stay for shown in after):
            return None
    elif any(exchange.sent - BLINK <= at <= exchange.ended + BLINK for at, _ in device.wanted[1:]):
        return None  # the person may have called it off
    return [problem for shown in after for problem in problems_in(shown.state)]


def problems_in(state: State) -> list[Problem]:
    """What a state says of problems."""
    match state:
        case Waiting():
            return [problem for problem in (state.trouble and state.trouble.problem, state.refused) if problem]
        case Entering() | Ended() | PolicyDue() | NotSetUp():
            return [state.problem] if state.problem else []
    return []
