"""Settings: their order, their sources, and what is said of bad ones."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.entry.layouts import LAYOUTS
from kiosk.folders import base_directory
from kiosk.handover.passing import passing_by
from kiosk.schemes import SCHEMES
from kiosk.settings.loading import SYSTEM_FILE, SettingsError, load_settings, settings_file
from kiosk.settings.table import LAYOUT_NAMES, SETTINGS, THEME_NAMES, TOKEN_WAYS, Setting


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_flags_win_over_environment_over_file_over_defaults(tmp_path: Path) -> None:
    file = written(tmp_path, 'api_key = "file"\nsite_name = "file"\ndevice_name = "file"\n')
    settings = load_settings({"api_key": "flag"}, {"KIOSK_API_KEY": "env", "KIOSK_SITE_NAME": "env"}, file)
    assert [settings.text(name) for name in ("api_key", "site_name", "device_name", "theme")] == [
        "flag",
        "env",
        "file",
        "auto",
    ]
    assert [settings.sources[name] for name in ("api_key", "site_name", "device_name", "theme")] == [
        "--api-key",
        "KIOSK_SITE_NAME",
        str(file),
        "default",
    ]


def test_an_empty_variable_is_an_absent_one() -> None:
    assert load_settings({}, {"KIOSK_API_URL": ""}, None).sources["api_url"] == "default"


def test_minutes_come_as_number_or_as_text(tmp_path: Path) -> None:
    assert load_settings({}, {}, written(tmp_path, "wait_minutes = 30")).number("wait_minutes") == 30
    assert load_settings({"wait_minutes": " 7 "}, {}, None).number("wait_minutes") == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("api_kye = 'x'", "unknown setting 'api_kye'"),
        ("api_key = 7", "api_key"),
        ("api_key = ['x']", "must be a line of text"),
        ('api_key = "a\\nb"', "must be a line of text"),
        ("api_url = 'http://example.org'", "must be https"),
        ("api_url = 'ftp://example.org'", "must be an https"),
        ("wait_minutes = 0", "whole number of minutes"),
        ("sign_out_seconds = 5", "whole number of seconds, 30 to 3600"),
        ("profile = 'public'", "must be one of: home, shared"),
        ("help_url = 'javascript:alert(1)'", "must be a web address"),
        (f"help_url = 'https://x.org/{'a' * 120}'", "at most 120"),
        ("wait_minutes = true", "whole number of minutes"),
        ("wait_minutes = 1.5", "whole number of minutes"),
        ("wait_minutes = '1e3'", "whole number of minutes"),
        ("theme = 'pink'", "must be one of"),
        ("keyring = 'my keyring'", "must be auto, secret-service"),
        ("api_key = ", "is not TOML"),
        (b"api_key = '\xff'", "is not UTF-8"),
        ("x = " + "[" * 200_000, "is not TOML that can be read"),
        ("wait_minutes = " + "9" * 6000, "is not TOML that can be read"),
        ("help_url = 'https://['", "must be a web address"),
        ("[api_key]\nx = 1", "must be a line of text"),
    ],
)
def test_what_cannot_be_used_is_one_line_with_key_and_file(tmp_path: Path, text: str | bytes, said: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_settings({}, {}, file)
    line = str(caught.value)
    assert said in line
    assert str(file) in line
    assert "\n" not in line


def test_a_file_that_is_not_there_or_is_none(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings({}, {}, tmp_path / "none.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings({}, {}, tmp_path)


def test_which_file_is_read(tmp_path: Path) -> None:
    ours = tmp_path / "kiosk" / "kiosk.toml"
    assert settings_file({"XDG_CONFIG_HOME": str(tmp_path)}) != ours
    ours.parent.mkdir()
    ours.touch()
    assert settings_file({"XDG_CONFIG_HOME": str(tmp_path)}) == ours
    assert settings_file({"XDG_CONFIG_HOME": str(tmp_path), "KIOSK_CONFIG": "/x"}) == Path("/x")
    assert settings_file({"KIOSK_CONFIG": "/x"}, Path("/named")) == Path("/named")


def test_the_settings_know_every_theme_layout_and_way() -> None:
    assert set(THEME_NAMES) == {"auto", *SCHEMES}
    assert tuple(LAYOUTS) == LAYOUT_NAMES
    for way in TOKEN_WAYS:
        passing_by(way, {"RUNTIME_DIRECTORY": "/run/kiosk"})


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_default_is_what_its_check_makes_of_it(setting: Setting) -> None:
    """It is put in force unasked."""
    assert setting.check(setting.default) == setting.default


def test_every_setting_says_what_it_is_for() -> None:
    assert all(setting.help for setting in SETTINGS)
    assert all(setting.check(setting.default) == setting.default for setting in SETTINGS)


def test_a_byte_order_mark_is_no_setting(tmp_path: Path) -> None:
    assert load_settings({}, {}, written(tmp_path, b"\xef\xbb\xbfapi_key = 'k'")).text("api_key") == "k"


def test_leading_noughts_do_not_shorten_a_number() -> None:
    assert load_settings({}, {"KIOSK_WAIT_MINUTES": "0000015"}, None).number("wait_minutes") == 15


def test_a_relative_base_directory_is_ignored_as_its_specification_says() -> None:
    assert base_directory({"XDG_CONFIG_HOME": "rel", "HOME": "/home/jane"}, "XDG_CONFIG_HOME", ".config") == Path(
        "/home/jane/.config"
    )
    assert base_directory({}, "XDG_CONFIG_HOME", ".config") is None


def test_a_command_is_a_list_or_a_line_as_for_a_shell(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('command = ["/usr/bin/player", "--title", "two words"]')
    assert load_settings({}, {}, file).text("command") == "/usr/bin/player --title 'two words'"
    assert load_settings({"command": "player 'a b'"}, {}, None).text("command") == "player 'a b'"
    for wrong in ("player 'a", "'' x"):
        with pytest.raises(SettingsError, match="command"):
            load_settings({"command": wrong}, {}, None)
    file.write_text("command = [1]")
    with pytest.raises(SettingsError, match="a program and its arguments"):
        load_settings({}, {}, file)


def test_files_of_a_fleet_stand_beside_the_settings_file_and_the_later_wins(tmp_path: Path) -> None:
    file, folder = tmp_path / "kiosk.toml", tmp_path / "kiosk.d"
    file.write_text('site_name = "one"\ndevice_name = "room"\n')
    folder.mkdir()
    (folder / "20-room.toml").write_text('device_name = "Room 20"\n')
    (folder / "10-site.toml").write_text('site_name = "ten"\ndevice_name = "ten"\n')
    (folder / ".half-written.toml").write_text("nonsense")
    (folder / "notes.txt").write_text("nonsense")
    settings = load_settings({}, {"KIOSK_SITE_NAME": ""}, file)
    assert (settings.text("site_name"), settings.text("device_name")) == ("ten", "Room 20")
    assert settings.sources["device_name"] == str(folder / "20-room.toml")
    assert load_settings({}, {"KIOSK_DEVICE_NAME": "mine"}, file).text("device_name") == "mine"

    (folder / "30.toml").write_text("colour = 1")
    with pytest.raises(SettingsError, match=r"30\.toml: unknown setting 'colour'"):
        load_settings({}, {}, file)


def test_files_of_a_fleet_are_enough(tmp_path: Path) -> None:
    folder = tmp_path / "kiosk" / "kiosk.d"
    folder.mkdir(parents=True)
    (folder / "a.toml").write_text('site_name = "a"')
    found = settings_file({"XDG_CONFIG_HOME": str(tmp_path)})
    assert found == tmp_path / "kiosk" / "kiosk.toml"
    assert load_settings({}, {}, found).text("site_name") == "a"


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's right to read everything, where the tests run as root."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_files_of_a_fleet_that_may_not_be_listed_are_not_passed_over() -> None:
    """One of them may lock the screen."""
    with tempfile.TemporaryDirectory() as place:
        file, folder = Path(place, "kiosk.toml"), Path(place, "kiosk.d")
        file.write_text('site_name = "one"\n')
        folder.mkdir()
        (folder / "lock.toml").write_text("locked = true\n")
        Path(place).chmod(0o755)
        load_settings({}, {}, file)
        folder.chmod(0)
        with as_nobody(), pytest.raises(SettingsError, match=r"kiosk\.d: cannot be read: Permission denied"):
            load_settings({}, {}, file)
        folder.chmod(0o700)


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "kiosk.d").write_text("locked = true\n")
    with pytest.raises(SettingsError, match=r"kiosk\.d: cannot be read: Not a directory"):
        load_settings({}, {}, tmp_path / "kiosk.toml")


def test_a_home_that_is_no_directory_has_no_settings() -> None:
    assert settings_file({"HOME": "/dev/null"}) in {None, SYSTEM_FILE}
