"""What `kiosk serve` writes to stderr: one JSON object a line, for journald and whatever collects it."""

import json
import logging
import os
import time
from typing import Final

_LOGGERS: Final = {"kiosk.service": logging.WARNING, "uvicorn.error": logging.ERROR}
"""What is worth telling an operator; uvicorn warns of every scanner's broken request."""
_STDERR: Final = 2


def keep_quiet() -> None:
    """Let nothing be printed by logging's last resort: a full-screen app owns the terminal."""
    for name in _LOGGERS:
        logging.getLogger(name).addHandler(logging.NullHandler())


def log_to_stderr() -> None:
    """Write what is worth telling."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines())
    for name, level in _LOGGERS.items():
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = False


def write_line(line: str) -> None:
    """Write a line of the access log; one system call, so that lines of several workers do not mix."""
    try:
        os.write(_STDERR, line.encode())
    except OSError:  # nobody reads it any more: no reason to refuse a request
        return


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
