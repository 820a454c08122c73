"""A Smart Login service of the tests' own: answers what it is told to, and remembers what it was asked."""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from kiosk.smartlogin.client import SmartLoginClient
from kiosk.smartlogin.transport import Reply

PROFILE = {
    "Uid": "uid-1",
    "FirstName": "Jane",
    "LastName": "Doe",
    "Email": [{"Type": "Primary", "Value": "jane@x.org"}],
}
TOKEN = {"access_token": "token-of-jane", "expires_in": "3600"}
POSTED = {"IsPosted": True}

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def refusal(code: int, status: int = 403, **extra: Any) -> httpx.Response:
    return httpx.Response(status, json={"ErrorCode": code, "Message": "secret words of jane@x.org", **extra})


class Handled:
    """A transport without a network: `handle` answers. Requests and answers are httpx's, which tests can write best."""

    def __init__(self, handle: Callable[[httpx.Request], Awaitable[httpx.Response]]) -> None:
        self._handle = handle

    async def get(self, target: str, headers: Mapping[str, str], *, again: bool = False) -> Reply:
        response = await self._handle(httpx.Request("GET", f"https://service.example{target}", headers=headers))
        assert isinstance(response.stream, httpx.ByteStream)
        return Reply(response.status_code, response.headers, b"".join(response.stream))  # as it is sent: not unpacked

    def drop(self) -> None:
        pass

    async def close(self) -> None:
        pass


class Peer:
    """Answers by the last part of the path; what is scripted comes first, then what is usual."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.script: dict[str, deque[Answer]] = {}
        self.clicked = False
        self.gone: set[str] = set()
        self.gates: dict[str, Callable[[], Awaitable[object]]] = {}
        """What a call waits for before it is answered."""
        self.usual: dict[str, Callable[[httpx.Request], httpx.Response]] = {
            "smartlogin": lambda _: httpx.Response(200, json=POSTED),
            "ping": self._ping,
            "validate": self._validate,
            "sliding_token": self._validate,
            "invalidate": lambda _: httpx.Response(200, json=POSTED),
            "account": lambda _: httpx.Response(200, json=PROFILE),
            "accept": lambda _: httpx.Response(200, json=PROFILE),
        }

    def client(self, **options: Any) -> SmartLoginClient:
        return SmartLoginClient("https://service.example", "key-1", transport=Handled(self._answer), **options)

    def will(self, call: str, *answers: Answer) -> None:
        """Answer the next calls like this."""
        self.script.setdefault(call, deque()).extend(answers)

    def asked(self, call: str) -> list[httpx.Request]:
        return [request for request in self.requests if request.url.path.endswith(f"/{call}")]

    def guids(self, call: str) -> list[str]:
        return [request.url.params["clientguid"] for request in self.asked(call)]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        call = request.url.path.rsplit("/", 1)[-1]
        if gate := self.gates.get(call):
            await gate()
        if scripted := self.script.get(call):
            answer = scripted.popleft()
            if isinstance(answer, Exception):
                raise answer
            return answer if isinstance(answer, httpx.Response) else answer(request)
        return self.usual[call](request)

    def _ping(self, _: httpx.Request) -> httpx.Response:
        if not self.clicked:
            return refusal(1139)
        return httpx.Response(200, json={"Profile": PROFILE, **TOKEN})

    def _validate(self, request: httpx.Request) -> httpx.Response:
        token = request.headers["authorization"].removeprefix("Bearer ")
        if token in self.gone:
            return refusal(906)
        return httpx.Response(200, json={"access_token": token, "expires_in": "3600"})
