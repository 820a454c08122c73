"""Which escape sequences mean something: the shapes that Textual's parser may be given.

Some of what it would be given otherwise kills it (a code point that is none), some it takes for text
(`ESC[999~` for the 999th character), and some for the wrong key (F13 to F20).
"""

import re

_MODIFIERS = ("shift", "alt", "ctrl", "super", "hyper", "meta")
"""Bit 0 upwards of the modifiers' number less one."""

# Modifiers are a number from 1; 0 would be read as all of them.
_PLAIN = re.compile(r"\x1b(?:O[A-DFHMPQRSa-dj-y]|\[\[[A-E]|\[[A-HPQSZa-dIO]|\[1;[1-9]\d{0,2}[A-FHPQS]|\[\d{1,2}[\^@])")
_NUMBERED = re.compile(r"\x1b\[(\d{1,5})(?:;([1-9]\d{0,2}))?~")
_F3 = re.compile(r"\x1b\[(?:1;([1-9]\d{0,2}))?R")
_KITTY = re.compile(r"\x1b\[(\d{1,7})(?:;(?:[1-9]\d{0,2})?(?:;(\d{1,7}(?::\d{1,7})*)?)?)?u")
_REPORT = re.compile(
    r"\x1b\[(?:"
    r"<\d{1,4};-?\d{1,5};-?\d{1,5}[Mm]"  # mouse
    r"|\?\d{1,5};\d\$y"  # a mode and whether it is set
    r"|48;[1-9]\d{0,2};[1-9]\d{0,2};\d{1,5};\d{1,5}t"  # size; beyond 999 cells it is a lie that would cost gigabytes
    r")"
)
_KEYS = frozenset((*range(1, 9), *range(11, 16), *range(17, 22), 23, 24, 62, 63, 57427))
"""The n of `ESC[n~` that Textual's parser reads right."""
_LATE_FUNCTION_KEYS = {25: 13, 26: 14, 28: 15, 29: 16, 31: 17, 32: 18, 33: 19, 34: 20}
"""The n of `ESC[n~` → function key; Textual 8.2 takes n for a character."""
_CONTROL_KEYS = frozenset((9, 13, 27, 127))


def known(sequence: str) -> str | None:
    """What a whole sequence means.

    Returns:
        The sequence itself where Textual's parser reads it right, the key's name where it does not, None where the
        sequence means nothing.
    """
    if _PLAIN.fullmatch(sequence) or _REPORT.fullmatch(sequence):
        return sequence
    if numbered := _NUMBERED.fullmatch(sequence):
        number = int(numbered[1])
        if number in _LATE_FUNCTION_KEYS:
            return _named(f"f{_LATE_FUNCTION_KEYS[number]}", numbered[2])
        return sequence if number in _KEYS else None
    if f3 := _F3.fullmatch(sequence):  # the parser takes it for a report of where the cursor is, which nobody asks for
        return _named("f3", f3[1])
    if kitty := _KITTY.fullmatch(sequence):
        code, text = int(kitty[1]), kitty[2]
        printable = all(_is_visible(int(part)) for part in text.split(":")) if text else True
        return sequence if printable and _is_key(code) else None
    return None


def _named(key: str, modifiers: str | None) -> str:
    bits = int(modifiers or 1) - 1
    return "+".join((*sorted(name for bit, name in enumerate(_MODIFIERS) if bits & 1 << bit), key))


def _is_visible(code: int) -> bool:
    return 32 <= code < 127 or 160 <= code < 0xD800 or 0xF900 <= code <= 0x10FFFF


def _is_key(code: int) -> bool:
    return code in _CONTROL_KEYS or 57358 <= code <= 57454 or _is_visible(code)
