"""TLS, there from when it is wanted: where the service is on this machine, nothing is ever sealed.

asyncio imports `ssl` in any case, and OpenSSL with it: 2 MB for as long as the app runs, and a part of its start. Where
Python has no `ssl` it does without, and so it does here until the first https address comes along.
"""

import sys
from importlib import import_module, reload
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_bringing = Lock()
"""Clients are made in threads: the second finds an asyncio that knows all of it."""


def leave_out_tls() -> None:
    """Have asyncio imported without TLS. Where it is there already, nothing changes."""
    if "asyncio" not in sys.modules and "ssl" not in sys.modules:
        sys.modules["ssl"] = None  # type: ignore[assignment] # an import of it fails, as where there is none
        try:
            import_module("asyncio")
        finally:
            del sys.modules["ssl"]


def bring_tls() -> "ModuleType":
    """The standard library's `ssl`, with an asyncio that knows it."""
    ssl = import_module("ssl")
    with _bringing:
        for name, module in tuple(sys.modules.items()):
            if name.startswith("asyncio.") and vars(module).get("ssl", ssl) is None:
                vars(module)["ssl"] = ssl
                if name == "asyncio.sslproto":  # it takes more from `ssl` than its name, as it is imported
                    reload(module)
    return ssl
