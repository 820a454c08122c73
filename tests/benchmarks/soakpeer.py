"""A Smart Login service that keeps nothing, for the soak: real sockets, faults by the dice, memory that stays flat."""

import asyncio
import json
import random
from urllib.parse import parse_qs

PROFILE = {"Uid": "uid-1", "FirstName": "Jane", "Email": [{"Type": "Primary", "Value": "jane@x.org"}]}
FAULTS = ("reset", "closed", "stall", "503", "429", "portal", "cut")


class SoakPeer:
    """Answers one device. `faulty` is the chance of a fault in an exchange."""

    def __init__(self, dice: random.Random) -> None:
        self.faulty = 0.0
        self.clicked = False
        self.policy = False
        """The next session is given out with the privacy policy to be accepted (1194)."""
        self.closed_to_us = False
        """The site's key is refused (901): nobody can sign in before the operator has done something."""
        self.mails = 0
        self.port = 0
        self._dice = dice
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Listen on this machine; the port."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self.port

    async def stop(self) -> None:
        """Hear those out that have not hung up yet."""
        assert self._server is not None
        self._server.close()
        await asyncio.gather(*self._serving)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if not await self._answer(head.split(b" ", 2)[1].decode(), reader, writer):
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass  # the device has hung up
        finally:
            writer.close()

    async def _answer(self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        fault = self._dice.choice(FAULTS) if self._dice.random() < self.faulty else ""
        status, body = self._usual(target)
        match fault:
            case "reset":
                writer.transport.abort()
                return False
            case "closed":
                return False
            case "stall":
                await reader.read()
                return False
            case "503":
                status, body = 503, b"<html>Bad gateway</html>"
            case "429":
                status, body = 429, b""
            case "portal":
                status, body = 200, b"<html>Please accept our terms</html>"
        head = b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n" % (status, len(body) + (fault == "cut"))
        writer.write(head + body)
        await writer.drain()
        return fault != "cut"

    def _usual(self, target: str) -> tuple[int, bytes]:
        path, _, query = target.partition("?")
        match path.rsplit("/", 1)[-1].lower():
            case "ping":
                if not self.clicked:
                    return 403, b'{"ErrorCode": 1139}'
                token = {"access_token": f"token-{parse_qs(query)['clientguid'][0]}", "expires_in": "3600"}
                if self.policy:
                    return 403, json.dumps({"ErrorCode": 1194, "Data": token}).encode()
                return 200, json.dumps({"Profile": PROFILE, **token}).encode()
            case "smartlogin":
                if self.closed_to_us:
                    return 403, b'{"ErrorCode": 901}'
                self.mails += 1
                return 200, b'{"IsPosted": true}'
            case "accept" | "account":
                return 200, json.dumps(PROFILE).encode()
            case "invalidate":
                return 200, b'{"IsPosted": true}'
        return 200, json.dumps({"access_token": "token", "expires_in": "3600"}).encode()
