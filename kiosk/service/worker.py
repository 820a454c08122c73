"""One worker of `kiosk serve --workers N`; started by `kiosk.service.workers` and by nobody else."""

import asyncio
import socket
import sys

from kiosk.service.errors import ServiceError
from kiosk.service.listening import shared_socket
from kiosk.service.logs import log_to_stderr, write_line
from kiosk.service.running import assemble
from kiosk.service.serving import QuietServer, make_server
from kiosk.service.workers import READY, read_options


def work() -> int:
    """Serve until SIGTERM, or until the parent is gone; the exit code."""
    options = read_options(sys.stdin.buffer.readline())
    log_to_stderr()
    try:
        listener = shared_socket(options.host, options.port)
        parts = assemble(options, options.port, write_line)
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 78
    try:
        asyncio.run(_serve(make_server(parts.app, parts.house.holds.end, options.proxies), listener))
    finally:
        parts.close()
    return 0


async def _serve(server: QuietServer, listener: socket.socket) -> None:
    listener.listen(socket.SOMAXCONN)
    loop = asyncio.get_running_loop()
    # Standard input carries nothing more: readable means that it has ended, and with it the parent.
    loop.add_reader(sys.stdin, _orphaned, server)
    sys.stdout.buffer.write(READY)
    sys.stdout.flush()
    await server.serve_until_signal(listener)


def _orphaned(server: QuietServer) -> None:
    asyncio.get_running_loop().remove_reader(sys.stdin)
    server.end()


if __name__ == "__main__":
    sys.exit(work())
