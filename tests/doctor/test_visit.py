"""What the doctor finds, and what it says to do."""

import ast
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.cli import run_command
from kiosk.doctor import box, screen, service, vaulting
from kiosk.doctor.findings import Finding, Level, subject_words
from kiosk.doctor.visit import _line
from kiosk.service.server import EmbeddedService, Options
from kiosk.settings.loading import Settings, load_settings
from kiosk.smartlogin.errors import Unreachable
from tests.mail import newest_mail
from tests.peer import Peer, refusal
from tests.terminal import Terminal
from tests.tongues import speaking


@pytest.fixture
def embedded() -> Iterator[EmbeddedService]:
    it = EmbeddedService(Options(port=0))
    it.start()
    yield it
    it.stop()


def settings(**values: str) -> Settings:
    return load_settings({"keyring": "off", "api_key": "demo-key", **values}, {}, None)


def by_subject(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.subject: finding for finding in findings}


async def answers(monkeypatch: pytest.MonkeyPatch, *scripted: Any) -> dict[str, Finding]:
    peer = Peer()
    peer.will("ping", *scripted)
    monkeypatch.setattr(service, "client_for", lambda _settings: peer.client())
    return by_subject(await service.look_at_service(settings()))


async def test_a_service_that_answers_is_all_well(embedded: EmbeddedService) -> None:
    found = by_subject(await service.look_at_service(settings(api_url=embedded.url)))
    assert {subject: each.level for subject, each in found.items()} == {
        "connection": Level.OK, "API key": Level.OK, "Smart Login": Level.OK, "clock": Level.OK,
    }  # fmt: skip


async def test_a_wrong_key_is_named(embedded: EmbeddedService) -> None:
    found = by_subject(await service.look_at_service(settings(api_url=embedded.url, api_key="wrong")))
    assert found["API key"].level is Level.PROBLEM
    assert "api_key" in found["API key"].mend


async def test_what_the_service_says_leads_to_what_is_to_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await answers(monkeypatch, refusal(1135)))["Smart Login"].level is Level.PROBLEM
    assert (await answers(monkeypatch, refusal(1206)))["API key"].level is Level.PROBLEM
    assert (await answers(monkeypatch, httpx.Response(503)))["connection"].level is Level.WARNING
    assert (await answers(monkeypatch, httpx.Response(200, text="<html>hotel</html>")))["connection"].mend
    assert (await answers(monkeypatch, Unreachable()))["connection"].level is Level.PROBLEM


@pytest.mark.parametrize(("ahead", "words"), [(-86400, "ahead"), (86400, "behind")])
async def test_a_wrong_clock_is_told_by_the_service_s(monkeypatch: pytest.MonkeyPatch, ahead: int, words: str) -> None:
    then = datetime.now(UTC) + timedelta(seconds=ahead)
    date = then.strftime("%a, %d %b %Y %H:%M:%S GMT")
    body = {"ErrorCode": 1140}
    found = await answers(monkeypatch, httpx.Response(403, json=body, headers={"Date": date}))
    assert found["clock"].level is Level.WARNING
    assert words in found["clock"].says


async def test_no_key_at_all() -> None:
    (found,) = await service.look_at_service(load_settings({}, {}, None))
    assert found.level is Level.PROBLEM


async def test_a_mail_on_request(embedded: EmbeddedService) -> None:
    found = by_subject(await service.look_at_service(settings(api_url=embedded.url), "jane.doe@example.com"))
    assert found["mail"].level is Level.OK
    assert newest_mail(embedded.mailbox_url)["to"] == "jane.doe@example.com"
    found = by_subject(await service.look_at_service(settings(api_url=embedded.url), "jane@"))
    assert found["mail"].level is Level.PROBLEM


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("off", Level.WARNING),
        ("tests.keyrings.LockedKeyring", Level.PROBLEM),
        ("tests.keyrings.BrokenKeyring", Level.PROBLEM),
        ("keyring.backends.fail.Keyring", Level.PROBLEM),
        ("keyring.backends.null.Keyring", Level.PROBLEM),
        ("nowhere.Keyring", Level.PROBLEM),
        ("tests.keyrings.StubbornKeyring", Level.PROBLEM),
    ],
)
async def test_a_keyring_that_does_not_do_what_it_must(name: str, level: Level) -> None:
    (found,) = await vaulting.look_at_keyring(settings(keyring=name), {})
    assert found.level is level
    assert "token-of" not in found.says


async def test_a_sealed_file_with_its_key_beside_it_says_what_that_is_worth(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    chosen = settings(keyring="sealed-file", keyring_key_file=str(tmp_path / "key"))
    found = by_subject(await vaulting.look_at_keyring(chosen, {"STATE_DIRECTORY": str(tmp_path)}))
    assert found["keyring"].level is Level.OK
    assert found["keyring protection"].level is Level.WARNING


def test_the_box(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text("")
    file.chmod(0o666)
    with_program = settings(command="/nowhere/player")
    found = by_subject(list(box.look_at_box(with_program, file, {"PATH": "/usr/bin:/bin"})))
    assert found["settings"].level is Level.PROBLEM
    assert found["program"].level is Level.PROBLEM
    file.chmod(0o644)
    found = by_subject(list(box.look_at_box(settings(command="sh -c x"), file, {"PATH": "/usr/bin:/bin"})))
    assert found["settings"].level is Level.OK
    assert found["program"].level is Level.OK


def test_bytecode_that_is_missing_is_missed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "fresh_module.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(box, "_WEIGHTY", ("fresh_module",))
    found = by_subject(list(box.look_at_box(settings(), None, {})))
    assert found["bytecode"].level is Level.WARNING


def test_the_kernel_s_log_on_the_console(tmp_path: Path) -> None:
    file = tmp_path / "printk"
    for text, levels in (("4\t4\t1\t7\n", [Level.WARNING]), ("1\t4\t1\t7\n", [Level.OK]), ("", [])):
        file.write_text(text)
        assert [found.level for found in screen._kernel_log(file)] == levels


def test_a_report_for_programs(capsys: pytest.CaptureFixture[str], embedded: EmbeddedService) -> None:
    code = run_command(["doctor", "--json", "--api-url", embedded.url, "--api-key", "demo-key", "--keyring", "off"])
    report = json.loads(capsys.readouterr().out)
    assert code == (0 if report["healthy"] else 1) == 0
    assert {"check", "level", "says", "mend"} == set(report["findings"][0])


def test_every_subject_has_words_of_its_own() -> None:
    subjects = {"keyring key", "keyring protection", "keyring set aside"}  # made of the names that `sealing` gives
    for path in Path(box.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"ok", "warning", "problem"}:
                subjects |= {str(each.value) for each in node.args[:1] if isinstance(each, ast.Constant)}
    assert len(subjects) > 10
    assert all(subject_words(subject) == subject for subject in subjects)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Warnung  Größe: 60x24\n           -> x"),
        ("fr", "attention  taille: 60x24\n             -> x"),
        ("ja", "警告  サイズ: 60x24\n        -> x"),
    ],
)
def test_the_report_speaks_and_stays_in_its_columns(language: str, line: str) -> None:
    with speaking(language):
        assert _line(Finding("size", Level.WARNING, "60x24", "x")) == line


def test_on_a_small_terminal(tmp_path: Path, embedded: EmbeddedService) -> None:
    command = ["doctor", "--api-url", embedded.url, "--api-key", "demo-key", "--keyring", "off"]
    with Terminal(command, tmp_path, columns=60, rows=40) as it:
        assert it.exit_code(20) == 0
        text = it.text
    assert "warning  size: 60x40" in text
    assert "ok       Smart Login: enabled" in text
