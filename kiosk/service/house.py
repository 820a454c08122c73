"""What every part of a running service is given: the site, its accounts, the store, the post and the clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.service.holds import Holds
from kiosk.service.mail.post import Post
from kiosk.service.people import People
from kiosk.service.site import Site
from kiosk.service.store.base import Store

WallClock = Callable[[], float]


@dataclass(frozen=True)
class House:
    """The parts that belong together while a service runs."""

    site: Site
    store: Store
    post: Post
    public_url: str
    """Address that links in mails begin with, without a trailing slash."""
    clock: WallClock = time.time
    people: People = field(init=False, repr=False)
    holds: Holds = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", People(self.site, self.store))
        object.__setattr__(self, "holds", Holds(self.store, self.site.api_key, self.clock))
