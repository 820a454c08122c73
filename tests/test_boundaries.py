"""The doors that must never be, seen at run time: what a headless part pulls in, and what import does."""

import subprocess
import sys

import pytest

HEADLESS = [
    "kiosk",
    "kiosk.cli",
    "kiosk.entry.address",
    "kiosk.kept",
    "kiosk.plain",
    "kiosk.settings.loading",
    "kiosk.signin.flow",
    "kiosk.smartlogin.client",
    "kiosk.vault.vault",
    "kiosk.wiring",
    "kiosk.words",
    "kiosk.service.server",
]


def loaded_after(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    )


@pytest.mark.parametrize("module", HEADLESS)
def test_a_headless_part_runs_without_a_terminal_library(module: str) -> None:
    assert not loaded_after(f"import {module}") & {"textual", "rich"}


def test_the_flow_brings_neither_http_nor_keyring_before_they_are_needed() -> None:
    assert not loaded_after("import kiosk.signin.flow, kiosk.vault.vault, kiosk.wiring") & {
        "h11",
        "keyring",
        "qrcode",
    }


def test_the_app_draws_its_first_screen_without_http_and_keyring() -> None:
    assert not loaded_after("import kiosk.fullscreen") & {"h11", "keyring", "qrcode", "starlette"}


def test_a_client_brings_no_more_of_http_than_it_speaks() -> None:
    assert not loaded_after("import kiosk.smartlogin.client") & {"anyio", "certifi", "httpcore", "httpx", "idna"}


def test_the_service_stands_alone() -> None:
    ours = "{name for name in sys.modules if name.startswith('kiosk.') and not name.startswith('kiosk.service')}"
    loaded = loaded_after(f"import kiosk.service.running\nassert not {ours}, {ours}")
    assert not loaded & {"textual", "rich", "httpx", "keyring"}


def test_the_version_is_told_without_any_of_it() -> None:
    code = "from kiosk.cli import run_command\ntry: run_command(['--version'])\nexcept SystemExit: pass"
    assert not loaded_after(code) & {"textual", "h11", "keyring", "asyncio", "starlette"}
