"""The log as a file of JSON lines, of bounded size: when it is full it becomes `….1`, in place of the one before."""

import fcntl
import os
import stat
from pathlib import Path

_OPEN = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def open_log(path: Path) -> int:
    """Open the file for appending; returns its descriptor.

    Readable for its owner and group: a log without personal data is still nobody else's business.

    Raises:
        OSError: it cannot be written, or is no plain file: a directory, a link (`ELOOP`), a pipe, a device.
    """
    descriptor = os.open(path, _OPEN, 0o640)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(None, "is no plain file")
    return descriptor


class LogFile:
    """Appends lines. Raises OSError where that fails, and tries anew with the next line."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        """Name the file.

        Args:
            path: Where it is; opened by the first line.
            most_bytes: How large it may grow; together with its predecessor it takes twice that.
        """
        self._path = path
        self._older = path.with_name(f"{path.name}.1")
        self._most = most_bytes
        self._descriptor: int | None = None

    def write(self, line: str) -> None:
        """Append a line, by one system call: lines of two processes do not mix."""
        data = line.encode() + b"\n"
        descriptor = self._opened()
        if os.fstat(descriptor).st_size + len(data) > self._most:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if self._in_place(descriptor):  # else a second kiosk was faster, and the file is a fresh one
                os.replace(self._path, self._older)  # noqa: PTH105 - beside its siblings of os
            self.close()
            descriptor = self._opened()
        os.write(descriptor, data)

    def close(self) -> None:
        """Let the file go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _opened(self) -> int:
        if self._descriptor is not None and not self._in_place(self._descriptor):
            self.close()  # somebody else has moved it on (logrotate, a second kiosk), or removed it
        if self._descriptor is None:
            self._descriptor = open_log(self._path)
        return self._descriptor

    def _in_place(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), os.lstat(self._path))
        except OSError:
            return False
