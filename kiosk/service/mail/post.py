"""The post: takes orders for login mails and delivers them."""

from typing import Protocol

from kiosk.service.mail.order import Order


class Post(Protocol):
    """Delivers login mails. `put` returns at once: a request never waits for a mail server."""

    async def put(self, order: Order) -> None:
        """Take an order."""
        ...

    async def start(self) -> None:
        """Begin to work, in the running event loop."""
        ...

    async def stop(self) -> None:
        """End, giving mails on their way a short last chance."""
        ...
