"""A QR code that a camera can read from across the room, whatever the theme."""

from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

QUIET_ZONE = 4
"""Modules of light around the code: ISO/IEC 18004 section 9.1."""

# Explicit colours, dark on light: many readers cannot read an inverted code.
_DARK, _LIGHT = "#000000", "#ffffff"


class Qr(Widget):
    """A QR code: two modules a cell in half blocks, or two spaces a module, which needs no glyph at all."""

    DEFAULT_CSS = """
    Qr { width: auto; height: auto; }
    """

    def __init__(self, url: str, *, half_blocks: bool, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._url = url
        self._half_blocks = half_blocks

    @cached_property
    def modules(self) -> list[list[bool]]:
        """True is dark; the quiet zone included."""
        from qrcode import QRCode
        from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M

        def made(level: int) -> Any:
            code = QRCode(error_correction=level, border=QUIET_ZONE)
            code.add_data(_compact(self._url))
            code.make()
            return code

        low, medium = made(ERROR_CORRECT_L), made(ERROR_CORRECT_M)
        # Screens are clean: more correction is welcome where it costs no room.
        matrix: list[list[bool]] = (medium if medium.version == low.version else low).get_matrix()
        return matrix

    @property
    def room(self) -> Size:
        """Cells that it takes."""
        side = len(self.modules)
        return Size(side, (side + 1) // 2) if self._half_blocks else Size(side * 2, side)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - a code has one size
        """As wide as the code."""
        return self.room.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As high as the code."""
        return self.room.height

    def render_line(self, y: int) -> Strip:
        """One line of cells."""
        if y >= self.room.height:
            return Strip.blank(self.size.width)
        if not self._half_blocks:
            return Strip([Segment("  ", Style(bgcolor=_DARK if dark else _LIGHT)) for dark in self.modules[y]])
        upper = self.modules[2 * y]
        lower = self.modules[2 * y + 1] if 2 * y + 1 < len(self.modules) else [False] * len(upper)
        return Strip(
            [
                Segment("▀", Style(color=_DARK if above else _LIGHT, bgcolor=_DARK if below else _LIGHT))
                for above, below in zip(upper, lower, strict=True)
            ]
        )


def _compact(url: str) -> str:
    """The same address with scheme and host in capitals: those have no case, and capitals take less room in a code."""
    parts = urlsplit(url)
    head = f"{parts.scheme}://{parts.netloc}"
    return head.upper() + url[len(head) :] if url.lower().startswith(head.lower()) else url
