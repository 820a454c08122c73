"""The door: the embedded service, `serve`, and what an operator may get wrong."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from kiosk.service.running import assemble
from kiosk.service.server import EmbeddedService, Options, ServiceError

_SERVE = """
import sys
from kiosk.service.server import Options, serve
sys.exit(serve(Options(port=0, store=sys.argv[1])))
"""


def get(url: str, **parameters: str) -> httpx.Response:
    return httpx.get(url, params=parameters, trust_env=False)


def test_start_and_stop() -> None:
    service = EmbeddedService(Options(port=0))
    service.start()
    try:
        assert service.url.startswith("http://127.0.0.1:")
        assert service.mailbox_url == f"{service.url}/mailbox"
        assert service.api_key == "demo-key"
        assert get(f"{service.url}/healthz").text == "ok\n"
        with pytest.raises(ServiceError):
            service.start()
    finally:
        service.stop()
        service.stop()
    with pytest.raises(httpx.ConnectError):
        get(f"{service.url}/healthz")
    assert "kiosk-service" not in {thread.name for thread in threading.enumerate()}


def test_stop_does_not_wait_for_idle_or_silent_connections() -> None:
    service = EmbeddedService(Options(port=0))
    service.start()
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as silent, httpx.Client(trust_env=False) as client:
        client.get(f"{service.url}/healthz")
        silent.sendall(b"GET / HT")
        service.stop()
        assert "kiosk-service" not in {thread.name for thread in threading.enumerate()}


def test_two_services_beside_each_other(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/store.db"
    with EmbeddedService(Options(port=0, store=store)) as one, EmbeddedService(Options(port=0, store=store)) as two:
        assert one.url != two.url
        auth = "/identity/v2/auth"
        query = {"apikey": "demo-key", "clientguid": "g"}
        assert get(f"{one.url}{auth}/login/smartlogin", email="jane.doe@example.com", **query).status_code == 200
        link = get(f"{two.mailbox_url}/messages").json()[0]["links"][0]
        assert link.startswith(one.url)
        assert httpx.post(link.replace(one.url, two.url), trust_env=False).status_code == 200
        assert get(f"{one.url}{auth}/login/smartlogin/ping", **query).status_code == 200


def test_a_port_in_use() -> None:
    with EmbeddedService(Options(port=0)) as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(ServiceError, match=f"port {port}: the port is in use"):
            EmbeddedService(Options(port=port)).start()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (Options(port=70_000), "port 70000"),
        (Options(port=-1), "port -1"),
        (Options(port=0, host="no.such.host.invalid"), "no such address"),
        (Options(port=0, host="192.0.2.1"), "no such address"),
        (Options(port=0, host="x" * 300), "no such address"),
        (Options(port=0, store="nonsense"), "store"),
        (Options(port=0, mail="http://x"), "mail URL"),
        (Options(port=0, site=Path("/nowhere.toml")), "site file"),
        (Options(port=0, public_url="example.com"), "public URL"),
        (Options(port=0, mail_from="x"), "sender of mails"),
    ],
)
def test_bad_options_are_one_clear_line(options: Options, complaint: str) -> None:
    with pytest.raises(ServiceError, match=complaint) as caught:
        EmbeddedService(options).start()
    assert "\n" not in str(caught.value)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("kiosk.service.") and "server" not in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "starlette", None)
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    with pytest.raises(Exception, match=r"pip install 'smartlogin-kiosk\[service\]'"):
        EmbeddedService(Options(port=0)).start()


def test_importing_the_door_costs_nothing() -> None:
    program = (
        "import sys, kiosk.service.server;"
        "print(sorted({'starlette', 'uvicorn', 'sqlite3', 'aiosmtplib', 'anyio'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


async def started(store: str) -> tuple[asyncio.subprocess.Process, str]:
    """`serve` in a process of its own, and its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SERVE, store, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    return process, line.split()[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_serve_ends_cleanly(number: signal.Signals) -> None:
    process, url = await started("memory:")
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{url}/healthz")).text == "ok\n"
        process.send_signal(number)
        out, err = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 0
    assert out.decode() == f"API key: demo-key\nMailbox: {url}/mailbox\n"
    lines = [json.loads(line) for line in err.decode().splitlines()]
    assert [(line["path"], line["method"], line["status"]) for line in lines] == [("/healthz", "GET", 200)]


async def test_killed_in_the_middle_it_goes_on_where_it_was(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/store.db"
    auth = "/identity/v2/auth/login/smartlogin"
    process, url = await started(store)
    answered: list[str] = []

    async def device(client: httpx.AsyncClient, number: int) -> None:
        guid = f"guid-{number}"
        query = {"apikey": "demo-key", "email": f"u{number}@example.com", "clientguid": guid}
        if (await client.get(url + auth, params=query)).status_code == 200:
            answered.append(guid)
            if len(answered) == 40:
                os.kill(process.pid, signal.SIGKILL)

    async with httpx.AsyncClient(trust_env=False) as client:
        await asyncio.gather(*(device(client, number) for number in range(80)), return_exceptions=True)
    await process.communicate()
    assert process.returncode == -signal.SIGKILL
    process, url = await started(store)
    async with httpx.AsyncClient(trust_env=False) as client:
        for guid in answered:
            ping = {"apikey": "demo-key", "clientguid": guid}
            # The site's limit counts across the restart, as it should.
            while (answer := await client.get(f"{url}{auth}/ping", params=ping)).status_code == 429:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            assert answer.json()["ErrorCode"] == 1139
    process.terminate()
    await process.communicate()
    assert len(answered) >= 40


def test_an_open_address_is_warned_of() -> None:
    parts = assemble(Options(host="0.0.0.0"), 8787)  # noqa: S104 - assembled, never bound
    try:
        assert parts.url == f"http://{socket.gethostname()}:8787"
        assert parts.mailbox_url == "http://127.0.0.1:8787/mailbox"
        assert len(parts.warnings) == 4
        assert parts.house.public_url == parts.url
    finally:
        parts.close()
    parts = assemble(Options(host="192.0.2.1", mail="smtp://localhost", public_url="https://login.example.com/"), 443)
    try:
        assert (parts.mailbox_url, parts.house.public_url) == ("", "https://login.example.com")
    finally:
        parts.close()
    parts = assemble(Options(host="::1"), 8787)
    try:
        assert (parts.url, parts.warnings) == ("http://[::1]:8787", ())
    finally:
        parts.close()
