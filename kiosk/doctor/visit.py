"""The visit: every check in turn, told as lines or as JSON."""

import json
import os
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from kiosk.doctor.box import look_at_box
from kiosk.doctor.findings import Finding, Level, subject_words
from kiosk.doctor.screen import look_at_screen
from kiosk.doctor.service import look_at_service
from kiosk.doctor.vaulting import look_at_keyring
from kiosk.exits import DONE, NOBODY
from kiosk.language import gettext as _
from kiosk.loop import run
from kiosk.settings.loading import Settings
from kiosk.text import cells, clean, padded

LONGEST_LINE = 400
"""Characters of a finding that are told."""


def visit(settings: Settings, file: Path | None, *, as_json: bool, mail: bool) -> int:
    """Look at everything and tell it; exit code 1 where there is a problem."""
    mail_to = _ask() if mail else ""
    return run(_visit(settings, file, mail_to, as_json=as_json))


async def _visit(settings: Settings, file: Path | None, mail_to: str, *, as_json: bool) -> int:
    findings = []
    async for finding in _look(settings, file, mail_to):
        findings.append(finding)
        if not as_json:
            print(_line(finding), flush=True)  # one by one: the network may take its time
    problems = [finding for finding in findings if finding.level is Level.PROBLEM]
    if as_json:
        told = [{"check": each.subject, "level": each.level, "says": each.says, "mend": each.mend} for each in findings]
        print(json.dumps({"healthy": not problems, "findings": told}))
    return NOBODY if problems else DONE


async def _look(settings: Settings, file: Path | None, mail_to: str) -> AsyncIterator[Finding]:
    checks: Iterable[Iterable[Finding]] = (
        look_at_box(settings, file, os.environ),
        look_at_screen(settings, os.environ),
    )
    for findings in checks:
        for finding in findings:
            yield finding
    for finding in await look_at_keyring(settings, os.environ):
        yield finding
    for finding in await look_at_service(settings, mail_to):
        yield finding


def _line(finding: Finding) -> str:
    levels = {Level.OK: _("ok"), Level.WARNING: _("warning"), Level.PROBLEM: _("problem")}
    width = max(map(cells, levels.values())) + 2
    line = (
        f"{padded(levels[finding.level], width)}{subject_words(finding.subject)}: {clean(finding.says, LONGEST_LINE)}"
    )
    return f"{line}\n{'':<{width}}  -> {finding.mend}" if finding.mend else line


def _ask() -> str:
    # Not an argument: those stand in the list of processes.
    print(_("Email or username:"), file=sys.stderr, end=" ", flush=True)
    return sys.stdin.readline().strip()
