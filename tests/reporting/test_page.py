"""`packaging/monitoring.md` says what there is: every event, field, figure and number, and no others."""

import re
from pathlib import Path

import pytest

from kiosk import exits, restarting
from kiosk.reporting import reporter, running
from kiosk.reporting.figures import RECENT, STATES, Figures
from kiosk.reporting.records import _FLAGS, _READINGS, Event
from kiosk.signin.keeping import STAGGER
from kiosk.smartlogin import errors
from kiosk.wiring import BOOTING

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "packaging" / "monitoring.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, list[str]]:
    """The table that begins so: its first column's names, each with the row."""
    table = PAGE[PAGE.index(heading) :].split("\n\n")[0].splitlines()[2:]
    return {name: line.split(" | ") for line in table for name in re.findall(r"`([^`]+)`", line.split(" | ")[0])}


def test_every_event_and_field_of_the_log() -> None:
    assert set(rows("| event |")) == {event.value for event in Event}
    fields = rows("| field | what |\n|---|---|\n| `version`")
    assert set(fields) == set(_READINGS)
    assert set(re.findall(r"`(\w+)`", fields["flags"][1])) == _FLAGS


def test_every_figure_with_its_type_and_labels() -> None:
    figures = Figures("1", 0.0)
    figures.calls["ping", "ok"] = figures.failures["X"] = figures.keyring["x"] = 1
    figures.pinged(0.1)
    text = figures.text()
    types = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE))
    told = rows("| metric |")
    assert {name: row[1] for name, row in told.items()} == types
    for name in types:
        labels = set(re.findall(r'(\w+)="', "".join(re.findall(rf"^{name}{{(.*)}}", text, re.MULTILINE))))
        assert labels == set(re.findall(r"`(\w+)`", told[name][2])), name


def test_every_alert_is_of_figures_kinds_and_states_that_there_are() -> None:
    alerts = PAGE[PAGE.index("Alerts worth having") :].split("\n## ")[0]
    named = set(re.findall(r"kiosk_\w+", alerts))
    assert named <= set(rows("| metric |"))
    for kind in re.findall(r'kind="(\w+)"', alerts):
        assert issubclass(getattr(errors, kind), errors.SmartLoginError)
    for kinds in re.findall(r'outcome=~"([^"]+)"', alerts):
        assert all(issubclass(getattr(errors, kind), errors.TransportError) for kind in kinds.split("\\|"))
    assert set(re.findall(r'state="(\w+)"', alerts)) <= set(STATES)


def test_every_field_of_status(tmp_path: Path) -> None:
    from kiosk.kept import _report, sealing
    from kiosk.settings.loading import load_settings
    from kiosk.vault.keyrings import Choice

    fields = set(rows("| field | what |\n|---|---|\n| `signed_in`"))
    report = _report(load_settings({"keyring": "off"}, {}, None))
    assert set(report) | {"app", "keyring_key", "keyring_protection", "keyring_set_aside"} == fields
    assert sealing(Choice("off")) == {}
    told = {"running", "responding", "pid", "killed", "since", "started"} | set(Figures("1", 0.0).report())
    assert set(rows("| field of `app` |")) == told


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (r"last (\d+) seconds \|", running.SILENT),
        (r"at most every (\d+) seconds and", reporter.FIGURES_PAUSE),
        (r"of the last (\d+), sum", RECENT),
        (r"how long the last (\d+) took", RECENT),
        (r"exit code (\d+), and the unit", exits.RESTART),
        (r"wrong end it with (\d+);", exits.CONFIGURATION),
        (r"over (\d+) seconds at random", STAGGER),
    ],
)
def test_every_number(words: str, value: float) -> None:
    found = re.findall(words, " ".join(PAGE.split()))
    assert [float(number) for number in found] == [value]


def test_numbers_in_words() -> None:
    assert (reporter.FIGURES_BEAT, restarting.QUIET, restarting.LEFT, BOOTING) == (60, 2, 60, 180)
    for words in ("at least every minute", "after two seconds", "after a minute", "within three minutes"):
        assert words in " ".join(PAGE.split())


def test_the_unit_reloads_as_the_page_says() -> None:
    unit = (ROOT / "packaging" / "systemd" / "kiosk.service").read_text()
    assert re.search(r"^ExecReload=.*kill -USR1 \$MAINPID'$", unit, re.MULTILINE)
    assert re.search(r"^Restart=always$", unit, re.MULTILINE)
