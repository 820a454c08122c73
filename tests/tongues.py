"""Speaking other languages in tests, and one that nobody speaks: longer by 40 %, accented, in brackets."""

import gettext
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.language import ENGLISH, languages, speak, speak_from

PSEUDO = "pseudo"
TONGUES = (*languages(), PSEUDO)

LONGER = 1.4
_KEPT = re.compile(r"(\{\w+\}|`[^`]+`|[A-Z_]{6,})")
"""Placeholders, commands and names of variables are the same in all languages."""
_ACCENTS = str.maketrans("aceinouyACEINOU", "àçéîñöûýÀÇÉÎÑÖÛ")


class Pseudo(gettext.NullTranslations):
    """English that has grown."""

    def gettext(self, message: str) -> str:
        parts = _KEPT.split(message)
        words = sum(len(part) for part in parts[::2])
        accented = "".join(part if place % 2 else part.translate(_ACCENTS) for place, part in enumerate(parts))
        more = max(0, math.ceil(words * LONGER) - words - 2)
        filling = ("öñé twö thréé föûr fîvé sîx sévén éîght " * 3)[:more].rstrip().ljust(more, "ö")
        return f"[{accented}{filling}]" if more < 4 else f"[{accented} {filling[1:]}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def speaking(tongue: str) -> Iterator[None]:
    """Speak it, and English again afterwards."""
    if tongue == PSEUDO:
        speak_from(PSEUDO, Pseudo())
    else:
        speak(tongue)
    try:
        yield
    finally:
        speak(ENGLISH)
