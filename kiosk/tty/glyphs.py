"""Which characters the terminal can draw, and what stands in for the others.

A Linux console draws what its font holds, 256 or 512 glyphs, and something like a diamond for all else. The font can be
asked. Where it cannot be (through ssh, over a serial line) the safe set is the floor: what nearly every font of
Debian's and the kernel's own have in common.
"""

import fcntl
import struct
import unicodedata
from array import array

from kiosk.values import Value

GIO_UNIMAP = 0x4B66
"""The request of linux/kd.h that copies out the map from code points to glyphs of the font."""
_MOST_PAIRS = 0xFFFF

_ASCII = frozenset(map(chr, range(0x20, 0x7F)))
SAFE = _ASCII | frozenset("─│┌┐└┘├┤┬┴┼═║╔╗╚╝█░▒■•·°←↑→↓▲▼◀▶ÄÖÜäöüßÉéèêëàâáçîïíôóúûùñÑÇæÆ¿¡«»")
"""What may be drawn on a console whose font is not known."""

# In order of preference; each one cell wide.
_STAND_INS = {
    **dict(zip("╭╮╰╯", ("┌+", "┐+", "└+", "┘+"), strict=True)),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╔╗╚╝", "+"),
    **dict.fromkeys("─╌┄", "-"),
    **dict.fromkeys("━═", "─="),
    **dict.fromkeys("│┃║", "|"),
    **dict.fromkeys("█▓■▀▄▌▐", "█#"),
    **dict.fromkeys("░▒", "-"),
    **dict.fromkeys("•●○◆", "•*"),
    **dict.fromkeys("\u2018\u2019\u201a\u2039\u203a", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    **dict.fromkeys("←◀◄", "<"),
    **dict.fromkeys("→▶►", ">"),
    **dict.fromkeys("↑▲", "^"),
    **dict.fromkeys("↓▼", "v"),
    **dict(zip("·…\u00d7¿¡°", "..x?!o", strict=True)),
    **dict(zip("ßøØłŁđĐıæÆœŒþÞðÐ", "soOlLdDiaAoOpPdD", strict=True)),
}


class Glyphs(Value):
    """What a terminal can draw."""

    drawable: frozenset[str] | None = None
    """The characters of the font; None is all there are."""
    encoding: str = "utf-8"
    """What is sent to the terminal is written in it."""

    def draws(self, text: str) -> bool:
        """Whether every character of the text can be drawn."""
        if self.drawable is not None and not self.drawable.issuperset(text):
            return False
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError:
            return False
        return True

    @property
    def everything(self) -> bool:
        """Whether nothing needs a stand-in."""
        return self.drawable is None and self.encoding.lower().replace("-", "") == "utf8"

    @property
    def half_blocks(self) -> bool:
        """Whether cells can be halved: two rows of a picture in one line."""
        return self.draws("▀▄")

    def stand_in(self, character: str, cells: int) -> str:
        """What is drawn in place of a character, as wide as it."""
        if cells == 0:
            return character if self.draws(character) else ""
        plain = unicodedata.normalize("NFKD", character)[:1]
        candidates = f"{character}{_STAND_INS.get(character, '')}{plain}?"
        drawn = next(candidate for candidate in candidates if self.draws(candidate))
        return drawn if drawn == character else drawn.ljust(cells)


EVERYTHING = Glyphs()
"""What most terminals can draw, by falling back from font to font."""


def glyphs_of(descriptor: int, encoding: str, *, console: bool) -> Glyphs:
    """What the terminal behind a descriptor can draw: a console what its font holds, all others everything."""
    return Glyphs((read_font(descriptor) or SAFE) if console else None, encoding)


def read_font(descriptor: int) -> frozenset[str] | None:
    """The characters that a Linux console's font can draw; None if it is no such console, or its font tells nothing."""
    pairs = array("H", bytes(4 * _MOST_PAIRS))
    # struct unimapdesc { unsigned short entry_ct; struct unipair { unsigned short unicode, fontpos; } *entries; }
    request = bytearray(struct.pack("@HP", _MOST_PAIRS, pairs.buffer_info()[0]))
    try:
        fcntl.ioctl(descriptor, GIO_UNIMAP, request, True)  # noqa: FBT003 - positional only
    except OSError:
        return None
    count: int = struct.unpack_from("@H", request)[0]
    font = frozenset(map(chr, pairs[: 2 * count : 2]))
    # A font without a table of its own can be made to draw anything by anyone; believe those that know letters.
    return font | _ASCII if "A" in font else None
