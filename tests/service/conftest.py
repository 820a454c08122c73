"""Fixtures of the service's tests."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.service.redisserver import redis_server
from tests.service.world import DEFAULT_STORE, World, world


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis server for the whole session."""
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def empty_redis(redis_url: str) -> str:
    """The same server with nothing in it."""
    import redis

    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    return redis_url


@pytest.fixture(params=["memory", "sqlite", "redis"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each kind of store in turn, empty."""
    if request.param == "redis":
        return str(request.getfixturevalue("empty_redis"))
    return "memory:" if request.param == "memory" else f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def each_store(store_url: str) -> Iterator[None]:
    """Let every world that a test opens live on each kind of store in turn."""
    before = DEFAULT_STORE[0]
    DEFAULT_STORE[0] = store_url
    yield
    DEFAULT_STORE[0] = before


@pytest.fixture
async def demo() -> AsyncIterator[World]:
    """The sample site."""
    async with world() as opened:
        yield opened
