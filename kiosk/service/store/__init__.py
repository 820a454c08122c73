"""Where login attempts, sessions and the mailbox live.

The operations of `Store` are whole steps of the protocol and atomic: whoever shares the store, in whatever process, one
of two racing calls wins. Secrets arrive hashed (`kiosk.service.tokens.hashed`); a store never sees a GUID or token.
"""

from typing import Final

from kiosk.service.errors import ServiceError
from kiosk.service.store.base import Store

_SQLITE: Final = "sqlite:"
_REDIS: Final = ("redis://", "rediss://")


def open_store(url: str) -> Store:
    """Open the store at `url`.

    `memory:`, `sqlite:///relative/path`, `sqlite:////absolute/path` (the slashes count as in SQLAlchemy's URLs),
    `sqlite:path`, or `redis://[user:password@]host[:port][/db]`, with TLS `rediss://`.

    Raises:
        ServiceError: the URL names no store, or the store cannot be opened.
    """
    # Imported here: `sqlite3` is no cost for a program that never opens a store.
    from kiosk.service.store.sqlite import SqliteStore

    if url.startswith(_REDIS):
        return _redis_store(url)
    if url in ("memory:", "memory://"):
        return SqliteStore(None)
    if url.startswith(_SQLITE):
        return SqliteStore(_file_of(url))
    raise ServiceError(f"store {url.split(':')[0]!r}: unknown; use memory:, sqlite:///path or redis://host")


def _redis_store(url: str) -> Store:
    try:
        from kiosk.service.store.redis import RedisStore
    except ModuleNotFoundError as error:
        raise ServiceError("store redis: needs the extra: pip install 'smartlogin-kiosk[redis]'") from error
    return RedisStore(url)


def _file_of(url: str) -> str:
    rest = url[len(_SQLITE) :]
    if rest.startswith("//"):
        host, _, rest = rest[2:].partition("/")
        if host:
            raise ServiceError(f"store {url}: names a host; an absolute path has four slashes (sqlite:////path)")
    if not rest.strip("/") or "\0" in rest:
        raise ServiceError(f"store {url}: names no file")
    return rest
