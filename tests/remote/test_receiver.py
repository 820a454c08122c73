"""Keys read beside the terminal: the kernel's bytes, through pipes."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from kiosk.remote import console, evdev, receiver
from kiosk.remote.evdev import EVENT, Events, Press
from kiosk.remote.receiver import Receiver
from tests.clock import until

OK, RED, BACK, ENTER, UP, DPAD_UP = 352, 398, 158, 28, 103, 544


def event(code: int, value: int = 1, kind: int = 1) -> bytes:
    return EVENT.pack(1, 2, kind, code, value)


REPORT = event(0, 0, kind=0)
DROPPED = event(3, 0, kind=0)


def presses(*chunks: bytes) -> list[Press]:
    reader = Events()
    return [press for chunk in chunks for press in reader.feed(chunk)]


def test_down_and_held_are_presses_and_up_is_none() -> None:
    assert presses(event(OK), event(OK, 2), event(OK, 0), REPORT) == [Press(OK, again=False), Press(OK, again=True)]


def test_events_that_come_in_pieces() -> None:
    data = event(OK) + REPORT + event(RED)
    assert presses(*(data[i : i + 5] for i in range(0, len(data), 5))) == [Press(OK, False), Press(RED, False)]


def test_what_an_overflow_has_torn_is_left_out_up_to_the_next_report() -> None:
    data = event(OK) + DROPPED + event(RED) + REPORT + event(BACK) + REPORT
    assert presses(data) == [Press(OK, False), Press(BACK, False)]


def test_other_kinds_and_values_mean_nothing() -> None:
    assert presses(event(OK, kind=4), event(OK, -1), event(OK, 7)) == []


@contextmanager
def devices(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[dict[str, int]]:
    """Device nodes in a folder, each the reading end of a pipe; gives the writing ends, by name."""
    ends: dict[str, int] = {}

    def open_remote(path: Path, wanted: frozenset[int]) -> int | None:
        assert {OK, RED} <= wanted
        if path.read_text() != "remote":
            return None
        reading, ends[path.name] = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        return reading

    monkeypatch.setattr(receiver, "open_remote", open_remote)
    yield ends
    for end in ends.values():
        os.close(end)


@asynccontextmanager
async def listening(it: Receiver) -> AsyncIterator[Receiver]:
    it.start()
    try:
        yield it
    finally:
        it.close()


async def test_remotes_come_and_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wanted: list[str] = []
    (tmp_path / "event0").write_text("remote")
    (tmp_path / "event1").write_text("keyboard")
    with devices(monkeypatch, tmp_path) as ends:
        async with listening(Receiver(lambda action: wanted.append(action.name), devices=tmp_path)) as it:
            assert [path.name for path in it.remotes] == ["event0"]
            os.write(ends["event0"], event(OK) + REPORT)
            await until(lambda: wanted == ["ok"])

            (tmp_path / "event2.new").write_text("remote")
            (tmp_path / "event2.new").rename(tmp_path / "event2")  # plugged in
            await until(lambda: len(it.remotes) == 2)
            os.write(ends["event2"], event(RED) + REPORT)
            await until(lambda: wanted == ["ok", "red"])

            os.close(ends.pop("event0"))  # gone: the other goes on
            await until(lambda: len(it.remotes) == 1)
            os.write(ends["event2"], event(OK) + REPORT)
            await until(lambda: wanted == ["ok", "red", "ok"])


async def test_a_device_that_may_be_read_only_later_is_found_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with devices(monkeypatch, tmp_path):
        async with listening(Receiver(lambda _action: None, devices=tmp_path)) as it:
            (tmp_path / "event0").write_text("")
            await asyncio.sleep(0.01)
            assert it.remotes == []
            (tmp_path / "event0").write_text("remote")
            (tmp_path / "event0").chmod(0o640)  # what udev does
            await until(lambda: it.remotes)


async def test_no_input_devices_at_all(tmp_path: Path) -> None:
    async with listening(Receiver(lambda _action: None, devices=tmp_path / "nowhere")) as it:
        assert it.remotes == []


def taken(codes: list[Press], **options: object) -> list[str]:
    wanted: list[str] = []
    it = Receiver(lambda action: wanted.append(action.name), **options)  # type: ignore[arg-type]
    for press in codes:
        it.take(press)
    return wanted


def test_what_the_terminal_delivers_is_left_to_it() -> None:
    assert taken([Press(ENTER, False), Press(UP, False), Press(OK, False)]) == ["ok"]
    assert taken([Press(BACK, False)]) == ["back"]
    assert taken([Press(BACK, False)], left_to_terminal=lambda code: code == BACK) == []


def test_only_arrows_go_on_while_they_are_held() -> None:
    assert taken([Press(OK, True), Press(DPAD_UP, True), Press(RED, True)]) == ["up"]


def test_another_console_in_front_gets_its_own_keys() -> None:
    assert taken([Press(OK, False)], listening=lambda: False) == []


def test_a_key_that_means_nothing_does_nothing() -> None:
    assert taken([Press(116, False), Press(700, False)]) == []


def test_which_console_is_in_front(tmp_path: Path) -> None:
    active = tmp_path / "active"
    active.write_text("tty2\n")
    assert console.in_front("tty2", active)
    assert not console.in_front("tty1", active)
    assert console.in_front("tty1", tmp_path / "nowhere")


def test_a_pseudo_terminal_is_no_console() -> None:
    controller, worker = os.openpty()
    assert console.console_of(worker) is None
    assert console.console_of(-1) is None
    assert not console.delivers(worker, BACK)
    assert not console.delivers(worker, OK)
    os.close(controller)
    os.close(worker)


def test_a_file_is_no_remote(tmp_path: Path) -> None:
    (tmp_path / "event0").write_text("")
    assert evdev.open_remote(tmp_path / "event0", frozenset({OK})) is None
    assert evdev.open_remote(tmp_path / "event1", frozenset({OK})) is None
