"""`kiosk serve` in processes of its own, spoken to by many devices at once."""

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

AUTH = "/identity/v2/auth"
KEY, SECRET = "race-key", "race-secret"
SITE = f"""name = "Race"
api_key = "{KEY}"
api_secret = "{SECRET}"
requests_per_second = {{rate}}
[mail_limit]
mails = 1000000
[[accounts]]
email = "jane.doe@example.com"
"""


@dataclass
class Served:
    """A running service."""

    url: str
    process: asyncio.subprocess.Process
    http: httpx.AsyncClient

    async def call(self, path: str, **parameters: str) -> httpx.Response:
        return await self.http.get(f"{self.url}{AUTH}/{path}", params={"apikey": KEY, **parameters})

    async def begin(self) -> tuple[str, str]:
        """Begin an attempt without a mail; its client GUID and verification token."""
        guid = str(uuid.uuid4())
        answer = await self.http.post(
            f"{self.url}/identity/v2/manage/account/emailtoken/autologin",
            params={"apikey": KEY},
            headers={"X-LoginRadius-ApiSecret": SECRET},
            json={"email": "jane.doe@example.com", "ClientGuid": guid},
        )
        answer.raise_for_status()
        return guid, answer.json()["Token"]

    async def ping(self, guid: str, **more: str) -> dict[str, Any]:
        body: dict[str, Any] = (await self.call("login/smartlogin/ping", clientguid=guid, **more)).json()
        return body

    async def kill(self) -> None:
        """As `kill -9` of the whole group, workers and all."""
        os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()


@asynccontextmanager
async def served(folder: Path, store: str, *more: str, rate: int = 0) -> AsyncIterator[Served]:
    """Run `kiosk serve` until the block ends."""
    site = folder / "site.toml"
    site.write_text(SITE.format(rate=rate))
    command = ["-m", "kiosk", "serve", "--port", "0", "--store", store, "--site", str(site), *more]
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, stdout=asyncio.subprocess.PIPE, stderr=log, start_new_session=True
        )
    try:
        assert process.stdout
        line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
        limits = httpx.Limits(max_connections=40)
        async with httpx.AsyncClient(trust_env=False, timeout=30, limits=limits) as http:
            yield Served(line.split()[-1], process, http)
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.communicate(), 20)
