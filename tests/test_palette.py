"""Textual is imported without its command palette where only our own app is shown, and in no other process."""

import subprocess
import sys


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_textual_comes_without_the_widgets_of_a_palette() -> None:
    there = run("""
import sys
from kiosk.palette import leave_out_palette
leave_out_palette()
import kiosk.fullscreen
print(*sys.modules)
""").split()
    assert "textual.app" in there
    assert not {"textual.widgets._tree", "textual.widgets._select", "textual.fuzzy"} & set(there)


def test_whoever_asks_for_more_gets_the_real_one() -> None:
    assert "Command True" in run("""
import sys
from kiosk.palette import leave_out_palette
leave_out_palette()
import textual.app
from textual.command import Command, CommandPalette
import textual.command
print(Command.__name__, textual.command.CommandPalette is CommandPalette)
""")


def test_an_app_of_somebody_elses_keeps_its_palette() -> None:
    assert "True" in run("""
import textual
from kiosk.palette import leave_out_palette
leave_out_palette()
from textual.command import CommandPalette
from textual.screen import Screen
print(issubclass(CommandPalette, Screen))
""")
