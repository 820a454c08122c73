"""`kiosk doctor --keys`, pressed on a pseudo-terminal."""

from pathlib import Path

from tests.terminal import Terminal

USUAL = {
    "up": "\x1b[A", "down": "\x1b[B", "left": "\x1b[D", "right": "\x1b[C", "ok": "\r", "back": "\x1b",
    "red": "\x1b[[A", "green": "\x1b[[B", "yellow": "\x1b[[C", "blue": "\x1b[[D", "menu": "\x1b[21~", "1": "1",
    "erase": "\x7f",
}  # fmt: skip


def press_all(it: Terminal, presses: dict[str, str]) -> None:
    it.see("Press each key")
    for action, sent in presses.items():
        it.see(f"{action:<8} ->")  # named first, then pressed
        it.press(sent)


def test_a_usual_remote_needs_nothing(tmp_path: Path) -> None:
    with Terminal(["doctor", "--keys"], tmp_path, rows=40) as it:
        press_all(it, USUAL)
        assert it.exit_code(20) == 0
        assert "Nothing has to be set." in it.text
        assert it.text.count("as it should") == len(USUAL)
        assert "[keys]" not in it.text


def test_an_odd_one_gets_its_settings_and_they_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    odd = USUAL | {"back": "\x1b[20~", "red": "\x1b[15~"}
    with Terminal(["doctor", "--keys", str(file)], tmp_path, rows=40) as it:
        press_all(it, odd)
        assert it.exit_code(20) == 0
    assert file.read_text() == '[keys]\nback = "f9"\nred = "f5"\n'
    with Terminal(["doctor", "--keys", "--config", str(file)], tmp_path, rows=40) as it:
        press_all(it, odd)
        assert it.exit_code(20) == 0
        assert "Nothing has to be set." in it.text
        assert "taken for escape by the settings" in it.text


def test_ctrl_c_ends_it_with_what_was_found(tmp_path: Path) -> None:
    with Terminal(["doctor", "--keys"], tmp_path, rows=40) as it:
        press_all(it, {"up": "\x1b[20~"})
        it.press("\x03")
        assert it.exit_code(20) == 0
        assert 'up = "f9"' in it.text


def test_the_app_takes_a_key_for_what_the_settings_say(tmp_path: Path) -> None:
    with Terminal(["demo", "--key-map", "red=f9"], tmp_path) as it:
        it.see("Type your email or username")
        it.press("jane")
        it.see("jane")
        it.press("\x1b[20~")  # F9, and so red: delete
        it.see("jan ")
        it.press("\x1b[20~", "\x1b[20~", "\x1b[20~")
        it.see("email or username")
