"""The OpenAPI description is true: schemathesis asks whatever it allows, and much that it does not.

Bounded by a number of examples an operation; `KIOSK_SCHEMA_EXAMPLES` asks for more.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from kiosk.service.api import Api
from kiosk.service.house import House
from kiosk.service.sample import sample_site
from kiosk.service.server import EmbeddedService, Options
from tests.service.world import world

pytest.importorskip("schemathesis", reason="schemathesis is not installed")

_EXAMPLES = os.environ.get("KIOSK_SCHEMA_EXAMPLES", "15")
_SIGNED_IN = """
[auth.openapi]
key = {{ api_key = "demo-key" }}
secret = {{ api_key = "demo-secret" }}
token = {{ bearer = "{token}" }}
"""
# LoginRadius answers a missing key or token with 400 where HTTP would have 401; and whether an address is one, whether
# a link still lives, no schema can say: a valid request may well be refused.
_NOT_OURS = "ignored_auth,positive_data_acceptance"


@pytest.fixture
def service() -> Iterator[EmbeddedService]:
    site = replace(sample_site(), requests_per_second=0, tell_unknown=True, confirm="number")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kiosk.service.running.sample_site", lambda: site)
        with EmbeddedService(Options(port=0)) as running:
            yield running


@pytest.mark.parametrize("known_token", [True, False])
def test_what_the_description_says_holds(service: EmbeddedService, tmp_path: Path, *, known_token: bool) -> None:
    token = a_token(service) if known_token else "never-was"
    config = tmp_path / "schemathesis.toml"
    config.write_text(_SIGNED_IN.format(token=token))
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    command += [f"{service.url}/openapi.json", "--phases", "examples,coverage,fuzzing", "--max-examples", _EXAMPLES]
    command += ["--exclude-checks", _NOT_OURS, "--no-color", "--seed", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert "Tested: 21" in done.stdout
    # Whatever was asked, the service answers as before.
    assert httpx.get(f"{service.url}/readyz", trust_env=False).text == "ok\n"


def a_token(service: EmbeddedService) -> str:
    query = {"apikey": service.api_key}
    secret = {"X-LoginRadius-ApiSecret": "demo-secret"}
    base = f"{service.url}/identity/v2/manage/account"
    with httpx.Client(trust_env=False, params=query, headers=secret) as client:
        uid = client.get(base, params={"email": "jane.doe@example.com"}).json()["Uid"]
        return str(client.get(f"{base}/access_token", params={"uid": uid}).json()["access_token"])


async def test_every_call_is_described_and_nothing_else() -> None:
    async with world() as demo:
        description = (await demo.http.get("/openapi.json")).json()
        described = {(method.upper(), path) for path, methods in description["paths"].items() for method in methods}
        house = House(site=demo.site, store=demo.store, post=demo.post, public_url="")
        assert described == {(route.method, route.path) for route in Api(house).routes.all}
