"""TLS, there from when it is wanted: where the service is on this machine, nothing is ever sealed.

asyncio imports `ssl` in any case, and OpenSSL with it: 2 MB for as long as the app runs, and a part of its start. Where
Python has no `ssl` it does without, and so it does here until the first https address comes along.

OpenSSL is used in threads, and takes itself down as the process ends, waiting for nobody: a thread that reads
certificates meanwhile would crash the process, whatever its exit code was to be.
"""

import atexit
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, reload
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

PATIENCE = 2.0
"""Seconds that the end of the process waits for a thread that is at it: certificates may lie on a disk that hangs."""

_at_it = Lock()


def leave_out_tls() -> None:
    """Have asyncio imported without TLS. Where it is there already, nothing changes."""
    if "asyncio" not in sys.modules and "ssl" not in sys.modules:
        sys.modules["ssl"] = None  # type: ignore[assignment] # an import of it fails, as where there is none
        try:
            import_module("asyncio")
        finally:
            del sys.modules["ssl"]


@contextmanager
def openssl() -> "Iterator[ModuleType]":
    """The standard library's `ssl`, with an asyncio that knows it; one thread at a time, and never as Python ends."""
    with _at_it:
        ssl = import_module("ssl")
        for name, module in tuple(sys.modules.items()):
            if name.startswith("asyncio.") and vars(module).get("ssl", ssl) is None:
                vars(module)["ssl"] = ssl
                if name == "asyncio.sslproto":  # it takes more from `ssl` than its name, as it is imported
                    reload(module)
        yield ssl


# Taken, and never given back: whoever comes later waits for the end.
atexit.register(lambda: _at_it.acquire(timeout=PATIENCE))
