"""Password-free sign-in for screens without a keyboard."""

__version__ = "0.1.0"
