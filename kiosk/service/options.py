"""What the operator chose on the command line."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """Options of `kiosk serve` and `kiosk demo`."""

    host: str = "127.0.0.1"
    port: int = 8787
    """0: any free port."""
    store: str = field(default="memory:", repr=False)
    """`memory:`, `sqlite:///path` or `redis://host`."""
    mail: str | None = field(default=None, repr=False)
    """`smtp://…` or `smtps://…`; None: the service's own mailbox."""
    site: Path | None = None
    """Site file; None: the built-in sample site."""
    mail_from: str | None = None
    """Sender of the mails; None: as the site says."""
    public_url: str | None = None
    """Where people reach the hosted page; None: as the site says, else the address listened on."""
    workers: int = 1
    """Processes that serve together."""
    proxies: tuple[str, ...] = ()
    """Addresses or networks of reverse proxies whose forwarded headers are believed; empty: nobody's are."""
