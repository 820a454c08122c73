"""What the flow hands to the post."""

from dataclasses import dataclass, field

from kiosk.service.site import Account


@dataclass(frozen=True)
class Order:
    """One login or welcome mail to be written and delivered."""

    account: Account
    token: str = field(repr=False)
    """The verification token: the link's secret; "" in a welcome mail."""
    template: str
    """Name of the e-mail template; an unknown one means the default."""
    ip_address: str = field(repr=False)
    """Whence the device asked."""
    user_agent: str = field(repr=False)
    """What the device calls itself."""
    ordered: float
    """Wall-clock time of the request."""
    nobody: bool = False
    """The address is unknown, `account` a stand-in: the post does all that it does for a known one while the request
    waits, so that the time taken tells nothing, but no mail is ever sent or shown."""
    welcome: bool = False
    """It greets a new address instead of carrying a login link."""
