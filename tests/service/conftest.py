"""Fixtures of the service's tests."""

from collections.abc import AsyncIterator

import pytest

from tests.service.world import World, world


@pytest.fixture
async def demo() -> AsyncIterator[World]:
    """The sample site."""
    async with world() as opened:
        yield opened
