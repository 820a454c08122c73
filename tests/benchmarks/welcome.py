"""From the click to the welcome on loopback, held pings beside polled ones.

    python -m tests.benchmarks.welcome [--rounds N] [--store URL] [--workers N] [--json]

A real `kiosk serve` in processes of its own, the real sign-in with its real client, real time. Rounds of the two ways
alternate; a click is the call that the hosted page makes, 3 to 6 seconds after the waiting began.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import httpx

from kiosk.clock import SystemClock
from kiosk.signin.flow import SignIn
from kiosk.signin.intents import Submit
from kiosk.signin.stage import Parts
from kiosk.signin.states import State, Waiting, Welcome
from kiosk.smartlogin.client import SmartLoginClient
from kiosk.smartlogin.models import Session
from kiosk.smartlogin.refusals import NotClickedYet
from kiosk.vault.vault import Vault

TARGET = 0.150
"""Seconds, median, with held pings."""

_KEY = "demo-key"


class Polling(SmartLoginClient):
    """A client that is not told of the offer to hold: what a service without it makes of the same device."""

    async def hold(self, client_guid: str, seconds: float, also: object = ()) -> Session:
        return await self.ping(client_guid)

    async def ping(self, client_guid: str, also: object = ()) -> Session:
        try:
            return await super().ping(client_guid)
        except NotClickedYet as error:
            error.wait = 0.0
            raise


@contextmanager
def serving(store: str, workers: int) -> Iterator[str]:
    """Run a service; its address."""
    command = [sys.executable, "-m", "kiosk", "serve", "--port", "0", "--store", store, "--workers", str(workers)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().decode().split()[-1]
        finally:
            os.killpg(process.pid, signal.SIGTERM)


async def click_to_welcome(url: str, client: type[SmartLoginClient], dice: random.Random) -> float:
    """One sign-in; seconds from the click to the welcome."""
    reached: dict[type[State], asyncio.Event] = {Waiting: asyncio.Event(), Welcome: asyncio.Event()}
    at: dict[type[State], float] = {}

    def see(state: State) -> None:
        if type(state) in reached and type(state) not in at:
            at[type(state)] = time.monotonic()
            reached[type(state)].set()

    sign_in = SignIn(
        Parts(
            connect=lambda: client(url, _KEY),
            api_url=url,
            vault=Vault("site", lambda: None),
            clock=SystemClock(),
        )
    )
    sign_in.subscribe(see)
    flow = asyncio.create_task(sign_in.run())
    try:
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http:
            before = len((await http.get("/mailbox/messages")).json())
            sign_in.send(Submit("jane.doe@example.com" if dice.random() < 0.5 else "john.smith@example.com"))
            await asyncio.wait_for(reached[Waiting].wait(), 30)
            await asyncio.sleep(3 + 3 * dice.random())
            mails = (await http.get("/mailbox/messages")).json()
            assert len(mails) > before or before == 100
            token = mails[0]["links"][0].partition("vtoken=")[2]
            clicked = time.monotonic()
            query = {"apikey": _KEY, "verificationtoken": token}
            (await http.get("/identity/v2/auth/email/smartlogin", params=query)).raise_for_status()
            await asyncio.wait_for(reached[Welcome].wait(), 30)
            return at[Welcome] - clicked
    finally:
        flow.cancel()
        await asyncio.gather(flow, return_exceptions=True)


async def measure(url: str, rounds: int) -> dict[str, list[float]]:
    """Seconds of every round, the two ways in turn."""
    dice = random.Random(1)
    ways: dict[str, type[SmartLoginClient]] = {"held": SmartLoginClient, "polled": Polling}
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, client in ways.items():
            found[name].append(await click_to_welcome(url, client, dice))
    return found


def main() -> int:
    """Print the figures; exit 1 where held pings miss the target."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.welcome", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--store", default="", help="of the service; a file of SQLite unless given")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kiosk-welcome-") as folder:
        store = options.store or f"sqlite:///{Path(folder) / 'store.db'}"
        with serving(store, options.workers) as url:
            found = asyncio.run(measure(url, options.rounds))
    figures = {name: {"median": median(times), "most": max(times)} for name, times in found.items()}
    if options.json:
        print(json.dumps({"target": TARGET, "figures": figures, "rounds": found}, indent=2))
    else:
        for name, figure in figures.items():
            goal = f"  (median at most {TARGET * 1000:.0f})" if name == "held" else ""
            print(f"{name:<8} median {figure['median'] * 1000:7.1f} ms   most {figure['most'] * 1000:7.1f} ms{goal}")
    return int(figures["held"]["median"] > TARGET)


if __name__ == "__main__":
    sys.exit(main())
