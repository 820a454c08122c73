"""How the access token reaches the program: by an inherited descriptor, a variable or a file. Never by its arguments.

| way | what the program finds | who else could read it |
|---|---|---|
| `fd` | `KIOSK_TOKEN_FD`: a descriptor with the token, to be read as often as it likes | nobody |
| `environment` | `KIOSK_ACCESS_TOKEN` | processes of the same user, while it runs |
| `file` | `KIOSK_TOKEN_FILE`: a file of mode 0600, written anew with the token, removed at the end | the same |
| `none` | nothing; `kiosk token` prints it | |

A session that is kept alive may get another token meanwhile: a file and `kiosk token` have the newest one.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType

from kiosk.folders import runtime_folder
from kiosk.values import Value, hidden


class Passed(Value):
    """What a program is started with, besides what every program is."""

    environ: Mapping[str, str] = hidden(default=MappingProxyType({}))
    descriptors: tuple[int, ...] = ()


class Passing:
    """Passes nothing on."""

    def begin(self, token: str) -> Passed:  # noqa: ARG002 - one way of several
        """What to start the program with.

        Raises:
            OSError: there is no place for it.
        """
        return Passed()

    def renew(self, token: str) -> None:
        """The token is another one now."""

    def end(self) -> None:
        """Clear away whatever held the token."""


class ByEnvironment(Passing):
    """In a variable."""

    def begin(self, token: str) -> Passed:
        """The variable."""
        return Passed({"KIOSK_ACCESS_TOKEN": token})


class ByDescriptor(Passing):
    """In a file without a name, which only the program has open: `cat /dev/fd/$KIOSK_TOKEN_FD` in any shell."""

    def __init__(self) -> None:
        self._file: int | None = None

    def begin(self, token: str) -> Passed:
        """The descriptor's number, and the descriptor."""
        self._file = os.memfd_create("token", os.MFD_CLOEXEC)
        os.pwrite(self._file, token.encode(), 0)  # `pwrite` leaves the position where the program begins to read
        return Passed({"KIOSK_TOKEN_FD": str(self._file)}, (self._file,))

    def end(self) -> None:
        """Close our end; the program closes its own."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class ByFile(Passing):
    """In a file that is in nobody's sight but the user's.

    Args:
        folder: Where; it is gone after a restart, such as `$XDG_RUNTIME_DIR`.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "kiosk" / "token"

    def begin(self, token: str) -> Passed:
        """The file's path, and the file."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(token)
        return Passed({"KIOSK_TOKEN_FILE": str(self._path)})

    def renew(self, token: str) -> None:
        """Another file in its place; whoever reads sees the one or the other, whole."""
        with suppress(OSError):  # the program goes on with what it has
            self._write(token)

    def end(self) -> None:
        """Remove it."""
        with suppress(OSError):
            self._path.unlink()

    def _write(self, token: str) -> None:
        fresh = self._path.with_suffix(".new")
        with suppress(FileNotFoundError):
            fresh.unlink()
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(token)
        fresh.replace(self._path)


def passing_by(way: str, environ: Mapping[str, str]) -> Passing:
    """The way of that name.

    Raises:
        ValueError: it needs a place that this environment does not name.
    """
    if way == "file":
        if (folder := runtime_folder(environ)) is None:
            raise ValueError("needs XDG_RUNTIME_DIR, or RUNTIME_DIRECTORY of systemd")
        return ByFile(folder)
    return {"fd": ByDescriptor, "environment": ByEnvironment, "none": Passing}[way]()
