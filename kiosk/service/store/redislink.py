"""The connection to Redis: scripts, keys, and what its troubles become."""

import asyncio
import functools
from typing import Any, Final
from urllib.parse import urlsplit

from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ConstantBackoff
from redis.exceptions import RedisError

from kiosk.service.errors import ServiceError
from kiosk.service.store.records import StoreTrouble
from kiosk.service.store.rediskeys import Keys

_TIMEOUT: Final = 2.0
"""Seconds for one answer; Redis answers in a fraction of one or is in trouble."""
_CONNECTIONS: Final = 64


class RedisLink:
    """A connection pool, and what every operation needs of it."""

    def __init__(self, url: str) -> None:
        """Connect to the server at `url`.

        Raises:
            ServiceError: the URL is malformed or the server does not answer.
        """
        shown = _shown(url)
        try:
            with Redis.from_url(url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT) as probe:
                probe.ping()
        except ValueError as error:
            raise ServiceError(f"store {shown}: {error}") from error
        except (RedisError, OSError) as error:
            raise ServiceError(f"store {shown}: does not answer: {type(error).__name__}") from error
        self.redis: AsyncRedis = AsyncRedis.from_url(
            url,
            socket_timeout=_TIMEOUT,
            socket_connect_timeout=_TIMEOUT,
            max_connections=_CONNECTIONS,
            retry=AsyncRetry(ConstantBackoff(0.05), 1),  # a connection that went stale while nobody asked
        )
        self._scripts: dict[str, Any] = {}
        self._waiting: list[tuple[tuple[str | float, ...], asyncio.Future[Any]]] = []
        self._exchanges: set[asyncio.Task[None]] = set()
        self.keys = functools.lru_cache(maxsize=16)(Keys)

    async def aclose(self) -> None:
        """Close the connections; an operation in another event loop would open new ones."""
        await self.redis.aclose()

    def close(self) -> None:
        """Nothing is left once the event loop is gone."""

    async def ask(self, *command: str | float) -> Any:
        """Send one command, together with all others of this turn of the event loop.

        Raises:
            StoreTrouble: without Redis' own text, which may hold arguments.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._send)
        self._waiting.append((command, answer))
        found = await answer
        if isinstance(found, Exception):
            raise StoreTrouble(type(found).__name__) from found
        return found

    def _send(self) -> None:
        # What was asked in one turn of the event loop shares a round trip: under load that is most of the cost.
        batch, self._waiting = self._waiting, []
        task = asyncio.get_running_loop().create_task(self._exchange(batch))
        self._exchanges.add(task)
        task.add_done_callback(self._exchanges.discard)

    async def _exchange(self, batch: list[tuple[tuple[str | float, ...], asyncio.Future[Any]]]) -> None:
        try:
            async with self.redis.pipeline(transaction=False) as pipeline:
                for command, _ in batch:
                    pipeline.execute_command(*command)
                answers = await pipeline.execute(raise_on_error=False)
        except (RedisError, OSError) as error:
            answers = [error] * len(batch)
        for (_, answer), found in zip(batch, answers, strict=True):
            if not answer.done():  # else the caller has gone
                answer.set_result(found)

    async def run(self, script: str, keys: list[str], *arguments: str | float | bytes) -> Any:
        """Run a script with these keys.

        Raises:
            StoreTrouble: as `ask` does.
        """
        if script not in self._scripts:
            self._scripts[script] = self.redis.register_script(script)
        try:
            return await self._scripts[script](keys=keys, args=arguments)
        except (RedisError, OSError) as error:
            raise StoreTrouble(type(error).__name__) from error


def _shown(url: str) -> str:
    """The URL without its password.

    Raises:
        ServiceError: it is none.
    """
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"
    except ValueError as error:
        raise ServiceError("store redis: malformed; use redis://[user:password@]host[:port][/db]") from error
