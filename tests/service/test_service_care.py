"""What operators see: health, figures, logs; and whose word about the caller's address counts."""

import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from kiosk.service.app import build_app
from kiosk.service.errors import ServiceError
from kiosk.service.figures import Figures
from kiosk.service.house import House
from kiosk.service.running import assemble
from kiosk.service.sample import sample_site
from kiosk.service.server import EmbeddedService, Options
from kiosk.service.workers import FOLDER, read_options, written_options
from tests.service.world import AUTH, JANE, PUBLIC_URL, World, world

_LABELS = ("path", "status", "code", "state")


def figures(answer: httpx.Response) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(sample.labels[name] for name in _LABELS if name in sample.labels)): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_requests_are_counted_by_route_status_and_code(demo: World) -> None:
    await demo.ping("never")
    await demo.ping("never")
    await demo.http.get("/healthz")
    await demo.http.get("/secret-that-somebody-pasted")
    await demo.call("jane.doe@example.com")
    answer = await demo.http.get("/metrics")
    counted = figures(answer)
    assert counted["kiosk_requests_total", f"{AUTH}/login/smartlogin/ping", "403", "1140"] == 2
    assert counted["kiosk_requests_total", "/healthz", "200", ""] == 1
    assert counted["kiosk_requests_total", "unknown", "404", ""] == 1
    assert counted["kiosk_requests_total", "unknown", "404", "404"] == 1
    assert counted["kiosk_request_seconds_count", f"{AUTH}/login/smartlogin/ping"] == 2
    assert counted["kiosk_outbox_mails", "waiting"] == 0
    assert "secret" not in answer.text
    assert "jane" not in answer.text


async def test_figures_are_for_the_neighbourhood(demo: World) -> None:
    assert (await demo.http.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})).status_code == 403
    for peer, status in (("8.8.8.8", 403), ("10.1.2.3", 200), ("", 403)):
        async with world(peer=peer) as elsewhere:
            assert (await elsewhere.http.get("/metrics")).status_code == status


def test_workers_add_up_their_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    one, two = Figures(), Figures()
    two._file = tmp_path / "other.json"
    for counting in (one, two, two):
        counting.count("/healthz", 200, 0, 0.001)
    two.save()
    answer = one.printed(3, 1).decode()
    assert 'kiosk_requests_total{code="",path="/healthz",status="200"} 3.0' in answer
    assert 'kiosk_outbox_mails{state="failed"} 1.0' in answer


async def test_the_log_holds_no_secret(demo: World) -> None:
    lines: list[str] = []
    house = House(site=demo.site, store=demo.store, post=demo.post, public_url=PUBLIC_URL)
    transport = httpx.ASGITransport(build_app(house, lines.append), client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
        query = {"apikey": "demo-key", "email": JANE, "clientguid": "my-guid"}
        await http.get(f"{AUTH.upper()}/login/smartlogin", params=query)
        await http.get("/auth", params={"vtoken": "my-token"})
        await http.get(f"/my-token/{JANE}")
        await http.request('X"\n{}', "/healthz")
        await http.delete("/identity/v2/manage/account/my-uid", params={"apikey": "demo-key"})
    parsed = [json.loads(line) for line in lines]
    assert [(line["path"], line["method"], line["status"], line["code"]) for line in parsed] == [
        (f"{AUTH}/login/smartlogin", "GET", 200, None),
        ("/auth", "GET", 200, None),
        ("unknown", "GET", 404, None),
        ("/healthz", "OTHER", 405, None),
        ("/identity/v2/manage/account/{uid}", "DELETE", 400, 923),
    ]
    for secret in ("my-", JANE, "demo-key", "192.0.2.7"):
        assert secret not in "".join(lines)


@pytest.mark.parametrize(("proxies", "status"), [((), 403), (("127.0.0.1",), 200), (("10.0.0.0/8",), 403)])
def test_forwarded_addresses_count_only_from_known_proxies(
    monkeypatch: pytest.MonkeyPatch, proxies: tuple[str, ...], status: int
) -> None:
    site = replace(sample_site(), allowed_ips=("203.0.113.0/24",), tell_unknown=True)
    monkeypatch.setattr("kiosk.service.running.sample_site", lambda: site)
    with EmbeddedService(Options(port=0, proxies=proxies)) as running:
        answer = httpx.get(
            f"{running.url}{AUTH}/email",
            params={"apikey": "demo-key", "email": JANE},
            headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"},
            trust_env=False,
        )
    assert answer.status_code == status


def test_options_reach_a_worker_whole() -> None:
    options = Options(site=Path("/x.toml"), proxies=("10.0.0.1", "::1"), workers=3, mail="smtp://u:ü@h")
    assert read_options(written_options(options)) == options
    assert "ü" not in repr(options)


def test_bad_options_of_operation_are_one_clear_line() -> None:
    with pytest.raises(ServiceError, match="proxy 'nonsense': not an address or network"):
        assemble(Options(proxies=("nonsense",)), 1)
