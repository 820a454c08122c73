"""Colours as people see them: how far two stand apart, and how to move one until it can be read."""

import re

Rgb = tuple[int, int, int]

READABLE = 4.5
"""Contrast of text against its ground (WCAG 2.2, 1.4.3)."""
HIGH = 7.0
"""The same for those who need more (1.4.6)."""
VISIBLE = 3.0
"""Contrast of what is not text: frames, bars, the focus (1.4.11)."""

VGA = (
    "#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
    "#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
)  # fmt: skip
"""The sixteen colours of a Linux console that nobody has given others."""

_STEPS = 20


def check_colour(text: str) -> str:
    """A colour as `#rrggbb`, in small letters.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError("must be a colour such as #0b559f")
    return text.lower()


def rgb(colour: str) -> Rgb:
    """Red, green and blue of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: Rgb) -> float:
    """Relative luminance as WCAG defines it: 0 is black, 1 is white."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast of two colours as WCAG defines it, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, grounds: tuple[str, ...], ratio: float) -> str:
    """The colour itself if it can be read on all grounds, else the nearest that can, towards white or black."""
    wanted = rgb(colour)
    # Where the end of the way is decided by the ground that is hardest to stand out from.
    end = max(((0, 0, 0), (255, 255, 255)), key=lambda pole: min(contrast(pole, rgb(ground)) for ground in grounds))
    for step in range(_STEPS + 1):
        red, green, blue = (round(part + (goal - part) * step / _STEPS) for part, goal in zip(wanted, end, strict=True))
        if all(contrast((red, green, blue), rgb(ground)) >= ratio for ground in grounds):
            break
    return f"#{red:02x}{green:02x}{blue:02x}"
