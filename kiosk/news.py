"""What happens to the app that is no state of the sign-in: told to whoever looks on, at the moment it happens."""

from enum import Enum


class News(Enum):
    """What there is to tell, beside signals."""

    TERMINAL_LOST = "terminal-lost"
    """It can neither be read nor written any more."""
    RESTART_WISHED = "restart-wished"
    """It will be started again with new settings, when nobody is busy."""
