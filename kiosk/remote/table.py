"""What the keys of remotes mean: the one table from which every layer below the app is made or checked.

Numbers and names are those of linux/input-event-codes.h. A terminal never sees a code of 256 or more, and Linux' own
keymap makes nothing of several below: such keys have to become others on the way (infra-red and CEC tables, hwdb, a
console keymap, an xkb option; `packaging/remotes` is made from here), or be read beside the terminal (`receiver`).
"""

from typing import NamedTuple


class Action(NamedTuple):
    """One thing that a person wants of a remote."""

    name: str
    """As `[keys]` of the settings has it."""
    key: str
    """What the app knows it as: Textual's name of a key."""
    sends: str
    """The key that terminals deliver, which stands in for all others: its name in the kernel."""
    codes: dict[str, int]
    """Keys that mean it, that one included: kernel name and number."""
    repeats: bool = False
    """Held down, it goes on."""


def _digit(number: int) -> Action:
    return Action(
        str(number),
        str(number),
        f"KEY_{number}",
        {f"KEY_{number}": 11 if number == 0 else number + 1, f"KEY_NUMERIC_{number}": 512 + number},
    )


ACTIONS = (
    Action("up", "up", "KEY_UP", {"KEY_UP": 103, "BTN_DPAD_UP": 544}, repeats=True),
    Action("down", "down", "KEY_DOWN", {"KEY_DOWN": 108, "BTN_DPAD_DOWN": 545}, repeats=True),
    Action("left", "left", "KEY_LEFT", {"KEY_LEFT": 105, "BTN_DPAD_LEFT": 546}, repeats=True),
    Action("right", "right", "KEY_RIGHT", {"KEY_RIGHT": 106, "BTN_DPAD_RIGHT": 547}, repeats=True),
    Action(
        "ok",
        "enter",
        "KEY_ENTER",
        {"KEY_ENTER": 28, "KEY_KPENTER": 96, "KEY_OK": 352, "KEY_SELECT": 353, "BTN_SOUTH": 304},
    ),
    Action(
        "back",
        "escape",
        "KEY_ESC",
        {"KEY_ESC": 1, "KEY_BACK": 158, "KEY_EXIT": 174, "KEY_CANCEL": 223, "BTN_EAST": 305},
    ),
    Action(
        "erase",
        "backspace",
        "KEY_BACKSPACE",
        {"KEY_BACKSPACE": 14, "KEY_DELETE": 111, "KEY_CLEAR": 355},
        repeats=True,
    ),
    Action(
        "menu",
        "f10",
        "KEY_F10",
        {
            "KEY_F10": 68, "KEY_COMPOSE": 127, "KEY_MENU": 139, "KEY_SETUP": 141, "KEY_CONFIG": 171,
            "KEY_OPTION": 357, "KEY_CONTEXT_MENU": 438, "KEY_ROOT_MENU": 618, "KEY_MEDIA_TOP_MENU": 619,
        },
    ),
    Action("home", "home", "KEY_HOME", {"KEY_HOME": 102, "KEY_HOMEPAGE": 172}),
    Action("help", "f5", "KEY_F5", {"KEY_F5": 63, "KEY_HELP": 138, "KEY_INFO": 358, "KEY_EPG": 365}),
    Action("red", "f1", "KEY_F1", {"KEY_F1": 59, "KEY_RED": 398}),
    Action("green", "f2", "KEY_F2", {"KEY_F2": 60, "KEY_GREEN": 399}),
    Action("yellow", "f3", "KEY_F3", {"KEY_F3": 61, "KEY_YELLOW": 400}),
    Action("blue", "f4", "KEY_F4", {"KEY_F4": 62, "KEY_BLUE": 401}),
    Action("pageup", "pageup", "KEY_PAGEUP", {"KEY_PAGEUP": 104, "KEY_CHANNELUP": 402, "KEY_NEXT": 407}),
    Action("pagedown", "pagedown", "KEY_PAGEDOWN", {"KEY_PAGEDOWN": 109, "KEY_CHANNELDOWN": 403, "KEY_PREVIOUS": 412}),
    *map(_digit, range(10)),
)  # fmt: skip

BY_NAME = {action.name: action for action in ACTIONS}

BY_CODE = {code: action for action in ACTIONS for code in action.codes.values()}

UNSEEN = 256
"""From this code on no Linux console and no X server passes a key on."""

NO_MEANING = frozenset({127, 138, 139, 141, 158, 171, 172, 174, 223})
"""Below it: keys that the console's own keymap makes nothing of."""

CEC = {
    0x00: "ok", 0x01: "up", 0x02: "down", 0x03: "left", 0x04: "right", 0x09: "menu", 0x0A: "menu", 0x0B: "menu",
    0x0D: "back", 0x10: "menu", 0x11: "menu", 0x2B: "ok", 0x2C: "erase", 0x30: "pageup", 0x31: "pagedown",
    0x35: "help", 0x36: "help", 0x53: "help", 0x71: "blue", 0x72: "red", 0x73: "green", 0x74: "yellow",
    **{0x20 + number: str(number) for number in range(10)},
}  # fmt: skip
"""User control codes of HDMI-CEC 1.4, table 30, and what they mean."""

HID_CONSUMER = {
    0x40: "menu", 0x41: "ok", 0x42: "up", 0x43: "down", 0x44: "left", 0x45: "right", 0x46: "back", 0x69: "red",
    0x6A: "green", 0x6B: "blue", 0x6C: "yellow", 0x95: "help", 0x9C: "pageup", 0x9D: "pagedown", 0x204: "back",
    0x223: "home", 0x224: "back",
}  # fmt: skip
"""Usages of the consumer page (0x0C) of the USB HID usage tables, as air mice and radio remotes send them."""
