"""The network between a device and its service: it passes exchanges on, spoils them by schedule, and remembers all."""

import asyncio
import json
import math
import random
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kiosk.service.listening import port_of, reserved_socket, shared_socket
from kiosk.smartlogin.holding import SHORTEST_HOLD
from tests.chaos.faults import TOLD, Fault, Stroke
from tests.virtual import VirtualClock, VirtualLoop

ENDLESS = 40
"""Pieces of 64 KiB that an answer without end has; the device is to let go long before."""

SETTLED = 12.0
"""Seconds after a mail request from which on 1140 to a ping would be the truth, and not a service that is slow."""

_HTML = b"<html><title>Welcome to the hotel</title>Please accept our terms</html>"
_RESET = struct.pack("ii", 1, 0)


@dataclass
class Exchange:
    """A request of the device and what became of it. Times are the device's own."""

    call: str
    """`mail`, `ping`, or `token` for the calls after login."""
    guid: str
    stay: int
    """Which stay of the device in the waiting it belongs to."""
    sent: float
    stroke: Stroke | None
    ended: float = math.inf
    heard: bool = False
    """The service heard of it."""
    cut: bool = False
    """Another fault ended it."""
    whole: bool = False
    """The whole answer went out to the device."""
    status: int = 0
    code: int | None = None
    token: str = ""
    """The access token in the answer."""
    retry_after: float | None = None
    hold: float = 0.0
    """Seconds for which the device let its ping be held; 0: not at all."""
    given_up: bool = False
    """The device hung up while the service held it: something had happened that wanted another ping."""

    @property
    def broken_hold(self) -> bool:
        """A held ping that ended on the way after a while: some proxies do that, and it is no outage yet."""
        return self.hold > 0 and self.ended - self.sent >= SHORTEST_HOLD and (not self.whole or self.fault in TOLD)

    @property
    def fault(self) -> Fault | None:
        return self.stroke.fault if self.stroke else None


class FaultProxy:
    """One device's network."""

    def __init__(self, clock: VirtualClock, upstream: int, trap: int, strokes: Iterator[Stroke | None]) -> None:
        self.exchanges: list[Exchange] = []
        self.stay: Callable[[], int] = lambda: 0
        self.requested: dict[str, float] = {}
        """When each GUID was first asked for."""
        self._clock, self._upstream, self._trap, self._strokes = clock, upstream, trap, strokes
        self._calm = False
        self._reserved = reserved_socket("127.0.0.1", 0)
        self.port = port_of(self._reserved)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._away: list[tuple[float, float]] = []
        self._outage: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def connections(self) -> int:
        """How many the device holds."""
        return len(self._writers)

    def was_away(self, begin: float, end: float) -> bool:
        """Whether no connection could be made for a part of that time."""
        return any(one < end and begin < other for one, other in self._away)

    async def start(self) -> None:
        listener = shared_socket("127.0.0.1", self.port)
        self._server = await asyncio.start_server(self._serve, sock=listener, limit=1 << 17)

    async def calm(self) -> None:
        """From now on nothing goes wrong."""
        self._calm = True
        if self._outage is not None:
            self._outage.cancel()
            await asyncio.gather(self._outage, return_exceptions=True)

    async def stop(self) -> None:
        await self.calm()
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._reserved.close()

    def reset_all(self) -> None:
        """Cut every connection, and what is under way on it."""
        for exchange in self.exchanges:
            exchange.cut |= exchange.ended == math.inf
        for writer in tuple(self._writers):
            _reset(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                exchange = self._begin(head)
                try:
                    going_on = await self._answer(exchange, head, reader, writer)
                finally:
                    exchange.ended = self._clock.now()
                if not going_on:
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the device has gone, or the network ends
        finally:
            self._writers.discard(writer)
            self._tasks.discard(task)
            writer.close()

    def _begin(self, head: bytes) -> Exchange:
        target = head.split(b" ", 2)[1].decode()
        parts = urlsplit(target)
        guid = parse_qs(parts.query).get("clientguid", [""])[0]
        call = "token"
        if parts.path.endswith("/login/smartlogin"):
            call = "mail"
            self.requested.setdefault(guid, self._clock.now())
        elif parts.path.endswith("/ping"):
            call = "ping"
        stroke = None if self._calm else next(self._strokes, None)
        if stroke is not None:
            fresh = self._clock.now() - self.requested.get(guid, -math.inf) < SETTLED
            fits = {Fault.UNKNOWN_GUID: call == "ping" and fresh, Fault.USED_GUID: call == "mail"}
            stroke = stroke if fits.get(stroke.fault, True) else None
        exchange = Exchange(call, guid, self.stay(), self._clock.now(), stroke)
        exchange.hold = float(parse_qs(parts.query).get("wait", ["0"])[0])
        self.exchanges.append(exchange)
        return exchange

    async def _answer(
        self, exchange: Exchange, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer, well or badly; whether the connection goes on."""
        stroke = exchange.stroke
        if stroke is None:
            return await self._pass(exchange, head, reader, writer)
        match stroke.fault:
            case Fault.REFUSED | Fault.BLACK_HOLE:
                if self._outage is None or self._outage.done():
                    self._outage = asyncio.create_task(self._go_away(stroke))
                if stroke.fault is Fault.BLACK_HOLE:
                    await reader.read()
                _reset(writer)
            case Fault.RESET_BEFORE:
                _reset(writer)
            case Fault.CLOSED:
                pass
            case Fault.STALL_BEFORE:
                await reader.read()
            case Fault.GARBAGE:
                writer.write(random.Random(stroke.roll).randbytes(200) + b"\r\n\r\n")
                await writer.drain()
            case Fault.GIGANTIC:
                await _send_endlessly(writer, chunked=stroke.roll < 0.5)
                await reader.read()
            case (
                Fault.RESET_AFTER | Fault.RESET_MIDDLE | Fault.TRUNCATED | Fault.STALL_AFTER | Fault.STALL_MIDDLE
                | Fault.DRIP | Fault.LATE | Fault.WRONG_LENGTH | Fault.WILD_DATE
            ):  # fmt: skip
                return await self._spoil(exchange, stroke, head, reader, writer)
            case _:
                return await self._instead(exchange, stroke, writer)
        return False

    async def _pass(
        self, exchange: Exchange, head: bytes, device: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        answer = await self._ask(exchange, head, device)
        if answer is None:
            _reset(writer)
            return False
        return await self._send(exchange, answer, writer)

    async def _send(self, exchange: Exchange, answer: bytes, writer: asyncio.StreamWriter) -> bool:
        _read_into(exchange, answer)
        exchange.whole = True
        writer.write(answer)
        await writer.drain()
        return True

    async def _spoil(
        self,
        exchange: Exchange,
        stroke: Stroke,
        head: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """Let the service answer, and let that come over badly."""
        answer = await self._ask(exchange, head, reader)
        if answer is None:
            exchange.stroke = replace(stroke, fault=Fault.RESET_BEFORE)  # the service itself is away
            _reset(writer)
            return False
        end_of_head = answer.index(b"\r\n\r\n") + 4
        half = (end_of_head + len(answer)) // 2
        match stroke.fault:
            case Fault.RESET_AFTER:
                _reset(writer)
            case Fault.RESET_MIDDLE:
                writer.write(answer[:half])
                await writer.drain()
                _reset(writer)
            case Fault.TRUNCATED:
                writer.write(answer[:half])
                await writer.drain()
            case Fault.STALL_AFTER:
                await reader.read()
            case Fault.STALL_MIDDLE:
                writer.write(answer[: half if stroke.roll < 0.5 else end_of_head // 2])
                await reader.read()
            case Fault.DRIP:
                for position in range(len(answer) - 1):
                    writer.write(answer[position : position + 1])
                    if await self._gone(reader, 1.5):
                        break
            case Fault.LATE:
                if not await self._gone(reader, min(stroke.seconds, 8.0)):
                    return await self._send(exchange, answer, writer)
            case Fault.WRONG_LENGTH:
                body = answer[end_of_head:]
                short = b"content-length: %d" % (len(body) // 2)
                writer.write(_with_header(answer[:end_of_head], b"content-length", short) + body)
                await writer.drain()
                return True
            case _:
                dates = ("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday", "")
                wild = dates[int(stroke.roll * len(dates))].encode()
                return await self._send(exchange, _with_header(answer, b"date", b"date: " + wild), writer)
        return False

    async def _instead(self, exchange: Exchange, stroke: Stroke, writer: asyncio.StreamWriter) -> bool:
        """Answer in the service's place."""
        wait = math.ceil(stroke.seconds)
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        then = format_datetime(loop.wall().replace(microsecond=0) + timedelta(seconds=wait), usegmt=True)
        trap = f"http://127.0.0.1:{self._trap}/".encode()
        status, headers, body = {
            Fault.ERROR_500: (500, b"", _HTML),
            Fault.ERROR_502: (502, b"", _HTML),
            Fault.ERROR_503: (503, b"", _HTML if stroke.roll < 0.5 else b""),
            Fault.LIMITED: (429, b"", _HTML if stroke.roll < 0.5 else b'{"ErrorCode": 429}'),
            Fault.LIMITED_SECONDS: (429, b"retry-after: %d\r\n" % wait, b""),
            Fault.LIMITED_DATE: (429, b"retry-after: " + then.encode() + b"\r\n", b""),
            Fault.PORTAL_200: (200, b"content-type: text/html\r\n", _HTML),
            Fault.PORTAL_302: (302, b"location: " + trap + b"\r\n", b""),
            Fault.PORTAL_511: (511, b"content-type: text/html\r\n", _HTML),
            Fault.REDIRECT: (307, b"location: " + trap + b"identity/v2/auth\r\n", b""),
            Fault.UNKNOWN_GUID: (403, b"", b'{"ErrorCode": 1140}'),
            Fault.USED_GUID: (403, b"", b'{"ErrorCode": 1136}'),
        }[stroke.fault]
        date = format_datetime(loop.wall(), usegmt=True).encode()
        head = b"HTTP/1.1 %d Whatever\r\ndate: %s\r\ncontent-length: %d\r\n" % (status, date, len(body))
        sent = await self._send(exchange, head + headers + b"\r\n" + body, writer)
        if stroke.fault in {Fault.LIMITED_SECONDS, Fault.LIMITED_DATE}:
            exchange.retry_after = float(wait)
        return sent

    async def _ask(self, exchange: Exchange, head: bytes, device: asyncio.StreamReader) -> bytes | None:
        """The service's answer; None where it cannot be reached. It hears of a device that hangs up meanwhile."""
        answer = asyncio.create_task(self._answer_of_service(exchange, head))
        hung_up = asyncio.create_task(device.read(1))
        try:
            await asyncio.wait({answer, hung_up}, return_when=asyncio.FIRST_COMPLETED)
            if answer.done():
                return answer.result()
            exchange.given_up = True
            raise ConnectionResetError
        finally:
            answer.cancel()
            hung_up.cancel()
            await asyncio.gather(answer, hung_up, return_exceptions=True)

    async def _answer_of_service(self, exchange: Exchange, head: bytes) -> bytes | None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        except OSError:
            return None
        try:
            writer.write(head)
            answer = await reader.readuntil(b"\r\n\r\n")
            exchange.heard = True
            return answer + await reader.readexactly(int(_header(answer, b"content-length")))
        except (OSError, asyncio.IncompleteReadError):
            return None
        finally:
            writer.close()

    async def _gone(self, reader: asyncio.StreamReader, seconds: float) -> bool:
        """Whether the device hangs up within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await reader.read()
        except TimeoutError:
            return False
        return True

    async def _go_away(self, stroke: Stroke) -> None:
        assert self._server is not None
        self._server.close()
        self._server = None
        holes: list[socket.socket] = []
        began = self._clock.now()
        if stroke.fault is Fault.BLACK_HOLE:
            holes = _hole(self.port)
        else:
            self.reset_all()
        try:
            await asyncio.sleep(stroke.seconds)
        finally:
            for hole in holes:
                hole.close()
            self._away.append((began, self._clock.now()))
            await self.start()


def _hole(port: int) -> list[socket.socket]:
    """A listener whose queue is full: further connections are not even refused."""
    listener = shared_socket("127.0.0.1", port)
    listener.listen(0)
    fillers = []
    for _ in range(2):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(("127.0.0.1", port))
        fillers.append(filler)
    return [listener, *fillers]


async def _send_endlessly(writer: asyncio.StreamWriter, *, chunked: bool) -> None:
    kind = b"transfer-encoding: chunked" if chunked else b"content-length: 900000000"
    writer.write(b"HTTP/1.1 200 OK\r\n" + kind + b"\r\n\r\n")
    piece = b" " * (1 << 16)
    for _ in range(ENDLESS):
        writer.write(b"%x\r\n" % len(piece) + piece + b"\r\n" if chunked else piece)
        await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    if raw is not None and not writer.transport.is_closing():
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


def _header(head: bytes, name: bytes) -> bytes:
    lines = head.split(b"\r\n")
    return next((line.partition(b":")[2].strip() for line in lines if line.lower().startswith(name + b":")), b"0")


def _with_header(answer: bytes, name: bytes, line: bytes) -> bytes:
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = [line if old.lower().startswith(name + b":") else old for old in head.split(b"\r\n")]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _read_into(exchange: Exchange, answer: bytes) -> None:
    """What the answer says, as far as the verdict needs it."""
    head, _, body = answer.partition(b"\r\n\r\n")
    exchange.status = int(head.split(b" ", 2)[1])
    try:
        fields = json.loads(body)
    except ValueError:
        return
    exchange.code = fields.get("ErrorCode")
    data = fields.get("Data") or {}
    exchange.token = fields.get("access_token") or data.get("access_token") or ""
