"""Writes what is made from the parser and the table of settings: `python3 packaging/generate DIRECTORY`.

kiosk.toml with every setting commented, the manual pages kiosk.1 and kiosk.toml.5, and completions for three shells.
Nothing but the standard library is imported. SOURCE_DATE_EPOCH dates the pages.
"""

import os
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent.parent))

import completions
import manual
from settingsfile import settings_file
from words import read_program


def main() -> int:
    """Write the files into the directory that is named."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python3 packaging/generate DIRECTORY\n")
        return 2
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    program = read_program()
    for name, text in {
        "kiosk.toml": settings_file(),
        "kiosk.1": manual.kiosk_1(program, epoch),
        "kiosk.toml.5": manual.kiosk_toml_5(epoch),
        "kiosk.bash": completions.bash(program),
        "_kiosk": completions.zsh(program),
        "kiosk.fish": completions.fish(program),
    }.items():
        (directory / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
