"""A record as a line: for programs, and in words for the journal."""

import json

from kiosk.reporting.records import Event, Plain, Record


def as_json(entry: Record) -> str:
    """One JSON object."""
    line = {
        "time": entry.at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{entry.at.microsecond // 1000:03d}Z",
        "level": entry.level.name.lower(),
        "event": entry.event.value,
    }
    return json.dumps({**line, **entry.facts}, separators=(",", ":"))


def in_words(entry: Record) -> str:
    """One line for people. English, like every log: it is searched more than it is read."""
    facts = dict(entry.facts)
    head: Plain
    match entry.event:
        case Event.STATE:
            head = f"{facts.pop('before', '?')} -> {facts.pop('state', '?')}"
        case Event.CALL:
            head = f"{facts.pop('call', '?')}: {facts.pop('problem', 'ok')}"
        case _:
            head = entry.event.value
    return " ".join([head, *(f"{name}={_text(value)}" for name, value in facts.items())])


def _text(value: Plain) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)
