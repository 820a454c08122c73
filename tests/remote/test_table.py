"""The one table, held against the kernel's and Textual's own."""

import re
from pathlib import Path

import pytest
from textual.keys import Keys

from kiosk.remote.table import ACTIONS, BY_CODE, BY_NAME, CEC, HID_CONSUMER, NO_MEANING, UNSEEN

HEADER = Path("/usr/include/linux/input-event-codes.h")


@pytest.mark.skipif(not HEADER.exists(), reason="linux-libc-dev, which has the kernel's numbers, is not installed")
def test_every_number_is_the_kernel_s() -> None:
    kernel: dict[str, int] = {}
    for name, value in re.findall(r"^#define\s+((?:KEY|BTN)_\w+)\s+(\w+)", HEADER.read_text(), re.MULTILINE):
        kernel[name] = kernel[value] if value in kernel else int(value, 0)
    ours = {name: code for action in ACTIONS for name, code in action.codes.items()}
    assert ours == {name: kernel[name] for name in ours}


def test_every_key_means_one_thing_and_what_is_sent_for_it_arrives() -> None:
    assert len(BY_CODE) == sum(len(action.codes) for action in ACTIONS)
    for action in ACTIONS:
        assert action.codes[action.sends] < UNSEEN
        assert action.codes[action.sends] not in NO_MEANING
        assert action.key in set(Keys) or action.key.isdigit()
    assert set(BY_CODE) >= NO_MEANING


def test_the_buses_speak_of_actions_that_there_are() -> None:
    assert {*CEC.values(), *HID_CONSUMER.values()} <= set(BY_NAME)
    for needed in ("up", "down", "left", "right", "ok", "back", "red", "green", "yellow", "blue"):
        assert needed in CEC.values()
        assert needed in HID_CONSUMER.values()
