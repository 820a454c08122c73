"""The floor to compare with: one Starlette route that answers a fixed body, under the same uvicorn, with workers."""

import asyncio
import os
import socket
import sys

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from kiosk.service.codes import CODES
from kiosk.service.listening import port_of, reserved_socket, shared_socket
from kiosk.service.serving import make_server

PATH = "/identity/v2/auth/login/smartlogin/ping"
_BODY = {
    "Description": CODES[1139].description,
    "ErrorCode": 1139,
    "Message": CODES[1139].message,
    "IsProviderError": False,
    "ProviderErrorResponse": None,
}


async def _ping(_request: Request) -> JSONResponse:
    return JSONResponse(_BODY, 403)


def main() -> None:
    """Serve until SIGTERM with as many processes as the first argument says."""
    reserved = reserved_socket("127.0.0.1", 0)
    port = port_of(reserved)
    first = all(os.fork() for _ in range(int(sys.argv[1]) - 1))
    listener = shared_socket("127.0.0.1", port)
    listener.listen(socket.SOMAXCONN)
    if first:
        print(f"bare on http://127.0.0.1:{port}", flush=True)
    server = make_server(Starlette(routes=[Route(PATH, _ping)]))
    asyncio.run(server.serve_until_signal(listener))


if __name__ == "__main__":
    main()
