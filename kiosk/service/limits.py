"""How many calls a second a site answers."""

import asyncio
from typing import Final

from kiosk.service.house import House

_SHARES: Final = 10


class RateLimit:
    """Counts the calls of a site, together with every other process on the same store.

    A process takes calls out of the second's common stock in shares of a tenth, so that not every call asks the store;
    what it does not use in that second is lost, so the limit is never passed, but may be reached early.
    """

    def __init__(self, house: House) -> None:
        """Allow the site's calls a second; 0 allows any number."""
        self._site = house.site.api_key
        self._limit = house.site.requests_per_second
        self._share = max(1, self._limit // _SHARES)
        self._house = house
        self._second = -1
        self._left = 0
        self._stock_empty = False
        self._turn = asyncio.Lock()

    async def wait(self) -> float:
        """Count one call; return the seconds until it would be allowed (0: it is).

        Raises:
            StoreTrouble: the store does not answer.
        """
        if not self._limit:
            return 0.0
        now = self._house.clock()
        second = int(now)
        if second != self._second:
            self._second, self._left, self._stock_empty = second, 0, False
        if not self._left and not self._stock_empty:
            await self._take(second)
        if not self._left:
            return max(0.001, second + 1 - now)
        self._left -= 1
        return 0.0

    async def _take(self, second: int) -> None:
        # One at a time: who hears "empty" must not be faster than the share that is on its way to all.
        async with self._turn:
            if self._left or self._stock_empty:
                return
            taken = await self._house.store.take_calls(self._site, second, self._share, self._limit)
            if second == self._second:  # else the share is of a second that has passed
                self._left += taken
                self._stock_empty = not taken
