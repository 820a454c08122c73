"""The frame of the last start, and everything that it depends on.

It is the app's own frame, cell for cell, so it cannot differ from it; but it can be old. So whatever decides about it
is written down beside it: the command, the terminal, the environment, and each file (settings, habits, catalogue, code)
with its time and size. One difference, and there is no frame. It holds nothing of anybody: only an empty entry is
remembered (kiosk/firstframe/recording.py).
"""

import binascii
import os
import sys

FILE = "first-frame"
_HEAD = b"kiosk first frame 2"
_MOST = 1 << 20

_VARIABLES = (
    "TERM", "COLORTERM", "NO_COLOR", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_FILTERS", "TEXTUAL_DIM_FACTOR", "TERM_PROGRAM",
    "LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME",
)  # fmt: skip

_GIO_UNIMAP = 0x4B66
_UNIMAP_BYTES = 4 * 0xFFFF


def place(environ: "os._Environ[str] | dict[str, str]") -> str | None:
    """The file that the frame is kept in; None where there is no place for it."""
    cache = environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(cache):
        home = environ.get("HOME", "")
        if not os.path.isabs(home):
            return None
        cache = os.path.join(home, ".cache")
    return os.path.join(cache, "kiosk", FILE)


def circumstances(
    arguments: list[str], environ: "os._Environ[str] | dict[str, str]", size: tuple[int, int], descriptor: int
) -> bytes:
    """What decides about the frame, but for files; no value can be read out of it.

    Args:
        arguments: Those of the command.
        environ: The environment before anything has changed it.
        size: Columns and lines of the terminal.
        descriptor: The terminal.
    """
    ours = sorted((name, value) for name, value in environ.items() if name in _VARIABLES or name.startswith("KIOSK_"))
    encoding = getattr(sys.__stderr__, "encoding", "")
    font = _font(descriptor) if environ.get("TERM", "").lower().startswith("linux") else 0
    all_of_it = (arguments, ours, size, encoding, font, os.getcwd(), sys.version, sys.prefix)
    return b"%08x" % binascii.crc32(repr(all_of_it).encode("utf-8", "surrogateescape"))


def _font(descriptor: int) -> int:
    """A number for the font of a Linux console."""
    import fcntl
    import struct
    from array import array

    pairs = array("H", bytes(_UNIMAP_BYTES))
    request = bytearray(struct.pack("@HP", 0xFFFF, pairs.buffer_info()[0]))
    try:
        fcntl.ioctl(descriptor, _GIO_UNIMAP, request, True)  # noqa: FBT003 - positional only
    except OSError:
        return 0
    return binascii.crc32(pairs.tobytes())


def recall(file: str, now: bytes) -> tuple[bytes, bytes] | None:
    """The frame and the plan that the file keeps, if kept under these circumstances and no file has changed since."""
    try:
        with open(file, "rb") as kept:
            data = kept.read(_MOST)
    except OSError:
        return None
    head, _, body = data.partition(b"\n\n")
    lines = head.split(b"\n")
    if len(lines) < 4 or lines[:2] != [_HEAD, now] or lines[2] != _sum(body) or not lines[3].isdigit():
        return None
    if any(line != _witness(line.partition(b"\t")[0]) for line in lines[4:]):
        return None
    end = int(lines[3])
    return body[:end], body[end:]


def remember(file: str, now: bytes, files: list[str], frame: bytes, plan: bytes = b"") -> None:
    """Keep a frame for the next start. Where that cannot be, nobody is the worse for it.

    Args:
        file: Where it is kept.
        now: The circumstances.
        files: All that have a say in it.
        frame: What the terminal is sent.
        plan: What is needed for keys to be answered on it (kiosk/firstframe/plan.py); empty: they are not.
    """
    body = frame + plan
    witnesses = (_witness(os.fsencode(each)) for each in files)
    _write(file, [_HEAD, now, _sum(body), b"%d" % len(frame), *witnesses], body)


def renew(file: str, now: bytes, changed: str) -> None:
    """Keep the frame although this file has changed: in nothing that can be seen."""
    try:
        with open(file, "rb") as kept:
            data = kept.read(_MOST)
    except OSError:
        return
    head, _, body = data.partition(b"\n\n")
    lines = head.split(b"\n")
    if lines[:2] == [_HEAD, now]:
        path = os.fsencode(changed)
        _write(file, [_witness(path) if line.partition(b"\t")[0] == path else line for line in lines], body)


def _write(file: str, head: list[bytes], body: bytes) -> None:
    draft = f"{file}.new"
    try:
        os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as kept:
            kept.write(b"\n".join(head) + b"\n\n" + body)
        os.replace(draft, file)
    except OSError:
        return


def _sum(body: bytes) -> bytes:
    return b"%08x %d" % (binascii.crc32(body), len(body))  # a power cut leaves files that are short or full of zeros


def _witness(path: bytes) -> bytes:
    """A file as it is now: its path, time and size."""
    try:
        found = os.stat(path)
    except OSError:
        return path + b"\t-"
    return b"%s\t%d\t%d\t%d" % (path, found.st_mtime_ns, found.st_size, found.st_ino)
