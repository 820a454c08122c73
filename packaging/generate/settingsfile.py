"""`kiosk.toml` with every setting in it, each commented out at its default."""

import json
import textwrap

from kiosk.settings.table import SETTINGS, Setting

WIDTH = 100

_HEAD = """\
# Settings of kiosk, the password-free sign-in: kiosk.toml(5).
#
# Every setting stands here at its default and commented out; take the # away from those that are to be different.
# Flags on the command line win over variables (KIOSK_API_KEY ...), variables over this file. `kiosk config show`
# prints what is in force and where each value comes from.
"""


def settings_file() -> str:
    """The file's text."""
    return "\n".join([_HEAD, *map(_entry, SETTINGS)])


def _entry(setting: Setting) -> str:
    words = textwrap.fill(setting.help, WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False)
    return f"{words}\n#{setting.name} = {toml_value(setting.default)}\n"


def toml_value(value: object) -> str:
    """A default as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    return json.dumps(str(value), ensure_ascii=False)  # a basic string of TOML is one of JSON
