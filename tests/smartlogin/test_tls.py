"""TLS comes with the first https address, and asyncio has it then as if it had been there from the start."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.smartlogin.test_sockets import certificate, listening, not_clicked, server_side

LIMIT = 60.0
STARTS = """
import sys
from kiosk.smartlogin.tls import leave_out_tls
leave_out_tls()
import asyncio
import asyncio.sslproto
assert not {"ssl", "_ssl"} & set(sys.modules)
"""
ASKS = """
from kiosk.smartlogin.client import SmartLoginClient
from kiosk.smartlogin.errors import SmartLoginError

async def ask(url):
    client = await asyncio.to_thread(SmartLoginClient, url, "key-1")  # as the sign-in makes it
    async with client:
        for _ in range(2):
            try:
                await client.ping("guid-1")
            except SmartLoginError as error:
                print(type(error).__name__)

for url in sys.argv[1:]:
    asyncio.run(ask(url))
    print("ssl" in sys.modules)
"""

RACES = """
import threading
from kiosk.smartlogin.tls import openssl
sys.setswitchinterval(1e-6)
said = []
def want():
    with openssl():
        pass
    said.append("whole" if hasattr(asyncio.sslproto, "SSLAgainErrors") else "half")
threads = [threading.Thread(target=want) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*said)
"""


async def said_by(code: str, *urls: str) -> list[str]:
    """What a Python says that starts anew; the loop of the test goes on meanwhile."""
    command = [sys.executable, "-c", code, *urls]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    said, complained = await asyncio.wait_for(process.communicate(), LIMIT)
    assert not complained, complained.decode()
    return said.decode().split()


async def test_the_first_https_address_brings_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = certificate("authority.example")
    (tmp_path / "known.pem").write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "known.pem"))
    known = server_side(tmp_path, certificate("localhost", authority))
    unknown = server_side(tmp_path, certificate("localhost"))
    async with (
        listening(not_clicked) as plain,
        listening(not_clicked, known) as sealed,
        listening(not_clicked, unknown) as foreign,
    ):
        urls = (f"http://127.0.0.1:{plain}", f"https://localhost:{sealed}", f"https://localhost:{foreign}")
        said = await said_by(STARTS + ASKS, *urls)
    assert said == [
        *("NotClickedYet", "NotClickedYet", "False"),
        *("NotClickedYet", "NotClickedYet", "True"),
        *("Intercepted", "Intercepted", "True"),
    ]


async def test_where_asyncio_is_there_already_nothing_changes() -> None:
    code = "import sys, asyncio, ssl\nfrom kiosk.smartlogin.tls import leave_out_tls, openssl\nleave_out_tls()\n"
    code += "with openssl() as tls:\n  "
    code += "print(tls is ssl is sys.modules['ssl'] is asyncio.sslproto.ssl, asyncio.base_events.ssl is ssl)"
    assert await said_by(code) == ["True", "True"]


async def test_somebody_else_may_import_it_at_any_time() -> None:
    code = STARTS + "import ssl\nfrom kiosk.smartlogin.tls import openssl\nwith openssl() as tls: assert tls is ssl\n"
    code += "print(asyncio.sslproto.ssl is ssl, asyncio.selector_events.ssl is ssl, asyncio.base_events.ssl is ssl)"
    assert await said_by(code) == ["True", "True", "True"]


async def test_two_that_want_it_at_once_both_get_all_of_it() -> None:
    code = STARTS + RACES
    for _ in range(3):
        assert await said_by(code) == ["whole"] * 8


ENDS = """
import sys, threading, time
from kiosk.smartlogin import connecting, tls
tls.PATIENCE = float(sys.argv[1])
at_it = threading.Event()
def read():
    with tls.openssl():
        at_it.set()
        time.sleep(float(sys.argv[2]))
        print("read", flush=True)
threading.Thread(target=read, daemon=True).start()
at_it.wait()
"""


async def test_python_does_not_end_while_certificates_are_read() -> None:
    assert await said_by(ENDS, "30", "0.3") == ["read"]


async def test_certificates_that_are_never_read_hold_up_no_end() -> None:
    assert await said_by(ENDS, "0.1", "300") == []
