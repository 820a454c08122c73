"""Several processes that serve one site on one port: `kiosk serve --workers N`.

The kernel spreads connections over the sockets that the workers open on the same port. Options go to a worker through
its standard input, which stays open: when it ends, the parent is gone and the worker ends too.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from kiosk.service.errors import ServiceError
from kiosk.service.options import Options

FOLDER: Final = "KIOSK_FIGURES"
"""Environment variable: the folder where the workers of one service leave their counts."""
READY: Final = b"ready\n"
_START_SECONDS: Final = 30.0
_END_SECONDS: Final = 5.0
_PAUSE: Final = 1.0
"""Seconds before a worker that ended by itself is replaced."""
_MOST_FAILURES: Final = 5
"""Workers that may fail without one having lived for a minute; then something is wrong that a restart does not mend."""
_LONG_LIFE: Final = 60.0


class Workers:
    """The workers of one service."""

    def __init__(self, options: Options, port: int) -> None:
        self._options = replace(options, port=port)
        self._ending = asyncio.Event()
        self._processes: set[asyncio.subprocess.Process] = set()
        self._failures = 0

    async def run(self, ready: asyncio.Event) -> int:
        """Keep all workers running until SIGTERM or SIGINT; set `ready` when all serve. The exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ending.set)
        with tempfile.TemporaryDirectory(prefix="kiosk-figures-") as figures:
            first = [await self._start(figures) for _ in range(self._options.workers)]
            ready.set()
            keepers = [asyncio.create_task(self._keep(process, figures)) for process in first]
            await self._ending.wait()
            await self._end()
            await asyncio.gather(*keepers)
        return os.EX_SOFTWARE if self._failures >= _MOST_FAILURES else os.EX_OK

    async def _start(self, figures: str) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kiosk.service.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, FOLDER: figures},
        )
        self._processes.add(process)
        if process.stdin and process.stdout:
            process.stdin.write(written_options(self._options) + b"\n")
            with suppress(TimeoutError):
                if await asyncio.wait_for(process.stdout.readline(), _START_SECONDS) == READY:
                    return process
        await self._end()
        raise ServiceError("a worker did not start; what it printed says why")

    async def _keep(self, process: asyncio.subprocess.Process, figures: str) -> None:
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            await process.wait()
            self._processes.discard(process)
            if self._ending.is_set():
                return
            self._failures = 0 if loop.time() - began > _LONG_LIFE else self._failures + 1
            print(f'{{"level":"error","message":"a worker ended with {process.returncode}"}}', file=sys.stderr)
            if self._failures >= _MOST_FAILURES:
                self._ending.set()
                return
            await asyncio.sleep(_PAUSE)
            if self._ending.is_set():
                return
            try:
                process = await self._start(figures)
            except ServiceError:
                self._failures = _MOST_FAILURES
                self._ending.set()
                return

    async def _end(self) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.terminate()
        waiting = [asyncio.create_task(process.wait()) for process in self._processes]
        if not waiting:
            return
        _, late = await asyncio.wait(waiting, timeout=_END_SECONDS)
        if late:
            for process in self._processes:
                with suppress(ProcessLookupError):
                    process.kill()
            await asyncio.wait(late)


def written_options(options: Options) -> bytes:
    """Options as one line."""
    return json.dumps(asdict(options), default=str).encode()


def read_options(line: bytes) -> Options:
    """Options from that line."""
    values: dict[str, Any] = json.loads(line)
    values["site"] = Path(values["site"]) if values["site"] else None
    values["proxies"] = tuple(values["proxies"])
    return Options(**values)
