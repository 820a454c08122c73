"""Runs schedules: many devices at once in one virtual loop, each with its own network, all with one service."""

import asyncio
import contextlib
import io
import logging
import random
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from textual import _time

from kiosk.service.listening import port_of, reserved_socket, shared_socket
from kiosk.signin.intents import Continue, Leave
from kiosk.signin.states import Welcome
from tests.chaos.device import Device
from tests.chaos.faults import schedule
from tests.chaos.person import Person
from tests.chaos.proxy import FaultProxy
from tests.chaos.screen import Seen, drive
from tests.chaos.service import Service, accounts_for
from tests.chaos.verdict import faults_found
from tests.virtual import VirtualClock, VirtualLoop, run_virtually

AT_ONCE = 25
"""Devices in one loop: enough to share the price of a service, few enough to be told apart."""

DEVICE_SIDE = (
    "/kiosk/signin/",
    "/kiosk/smartlogin/",
    "/kiosk/vault/",
    "/kiosk/clock",
)
"""Whose tasks must have ended when a device has."""

STROKES = 60
"""Exchanges that a schedule has something to say about."""


@dataclass
class Report:
    """What became of one schedule."""

    seed: int
    wrong: list[str] = field(default_factory=list)
    device: Device | None = None
    signed_in: bool = False
    looks: int = 0
    """How often its screen was held against its state."""
    problems: int = 0
    """How often there was a problem to tell."""


def run_schedules(seeds: Sequence[int], *, on_screen: bool = False) -> list[Report]:
    """Run them, so many at a time; the flow alone, or with the app around it."""
    reports: list[Report] = []
    for start in range(0, len(seeds), AT_ONCE):
        reports += _run_batch(seeds[start : start + AT_ONCE], on_screen=on_screen)
    return reports


def _run_batch(seeds: Sequence[int], *, on_screen: bool) -> list[Report]:
    troubles: list[Mapping[str, Any]] = []
    written = io.StringIO()
    listener = logging.StreamHandler(written)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            contextlib.redirect_stderr(written),
            patch.object(_time, "get_time", lambda: asyncio.get_running_loop().time()),  # Textual's timers
        ):
            reports: list[Report] = run_virtually(
                lambda loop: _batch(loop, seeds, Path(folder), on_screen=on_screen), troubles
            )
    finally:
        root.setLevel(level)
        root.removeHandler(listener)
    for report in reports:
        report.wrong += [f"the loop heard: {trouble['message']} {trouble.get('exception')!r}" for trouble in troubles]
        report.wrong += _secrets_in(written.getvalue(), report)
    return reports


async def _batch(loop: VirtualLoop, seeds: Sequence[int], folder: Path, *, on_screen: bool) -> list[Report]:
    service = Service(loop, folder, accounts_for(len(seeds)), token_life=86_400.0)
    trapped: list[bytes] = []
    reserved = reserved_socket("127.0.0.1", 0)

    def caught(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        trapped.append(b"!")
        writer.close()

    trap = await asyncio.start_server(caught, sock=shared_socket("127.0.0.1", port_of(reserved)))
    await service.start()
    restarts = asyncio.create_task(_restart(service, random.Random(seeds[0] // AT_ONCE)))
    before = asyncio.all_tasks()
    reports = await asyncio.gather(
        *(
            _one(loop, number, seed, service, restarts, port_of(reserved), on_screen=on_screen)
            for number, seed in enumerate(seeds)
        )
    )
    await asyncio.sleep(1)
    left = [repr(task) for task in asyncio.all_tasks() - before if _of_a_device(task)]
    await service.stop()
    service.close()
    trap.close()
    reserved.close()
    for report in reports:
        if trapped:
            report.wrong.append("a redirect to another host was followed")
        if left:
            report.wrong.append(f"tasks are left: {left}")
    return reports


def _of_a_device(task: asyncio.Task[Any]) -> bool:
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and any(part in code.co_filename for part in DEVICE_SIDE)


async def _restart(service: Service, dice: random.Random) -> None:
    for _ in range(2):
        await asyncio.sleep(dice.uniform(10, 60))
        await service.stop()
        await asyncio.sleep(dice.choice((0.5, 5, 15)))
        await service.start()


async def _one(
    loop: VirtualLoop,
    number: int,
    seed: int,
    service: Service,
    restarts: asyncio.Task[None],
    trap: int,
    *,
    on_screen: bool,
) -> Report:
    dice = random.Random(seed)
    clock = VirtualClock(loop)
    proxy = FaultProxy(clock, service.port, trap, schedule(random.Random(dice.random()), STROKES))
    await proxy.start()
    device = Device(random.Random(dice.random()), proxy, clock)
    person = Person(number, random.Random(dice.random()), device, service)
    report = Report(seed, device=device)
    seen = Seen()
    device.start(drive(device, seen) if on_screen else None)
    assert device.flow is not None
    try:
        await person.live(dice.uniform(40, 240))
        await restarts
        await proxy.calm()
        report.signed_in = await person.get_in()
        if not report.signed_in:
            report.wrong.append(f"not let in at the end: {device.state}")
        await person.leave()
        async with asyncio.timeout(60):
            while not device.flow.done():  # a shared screen may sign out just then
                device.want(Continue() if isinstance(device.state, Welcome) else Leave())
                await asyncio.wait({device.flow}, timeout=3)
            await device.flow
    except Exception as error:  # noqa: BLE001 - a schedule that breaks is a result
        report.wrong += traceback.format_exception(error)
        device.flow.cancel()
        await asyncio.gather(device.flow, return_exceptions=True)
    await asyncio.sleep(1)
    if proxy.connections:
        report.wrong.append(f"{proxy.connections} connections are left open")
    await proxy.stop()
    report.wrong += seen.wrong
    report.looks, report.problems = seen.looks, seen.problems
    report.wrong += faults_found(device, service.record)
    return report


def _secrets_in(text: str, report: Report) -> list[str]:
    device = report.device
    assert device is not None
    secrets = [*device.guids, *(exchange.token for exchange in device.proxy.exchanges if exchange.token)]
    found = [secret for secret in secrets if secret in text]
    if "@example.com" in text:
        found.append("an address")
    if "Traceback" in text:
        found.append("a traceback")
    return [f"written to stderr or a log: {len(found)} secrets or tracebacks, {found[0]}"] if found else []
