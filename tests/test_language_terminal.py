"""The real program in other languages, behind a pseudo-terminal."""

from pathlib import Path

import pytest

from tests.terminal import Terminal

BOX = {"KIOSK_API_KEY": "k", "KIOSK_API_URL": "http://127.0.0.1:9", "KIOSK_KEYRING": "off"}


@pytest.mark.parametrize(
    ("environ", "seen"),
    [
        ({"LANG": "de_DE.UTF-8"}, "Geben Sie E-Mail oder Benutzernamen ein."),
        ({"KIOSK_LANG": "fr"}, "Saisissez votre e-mail ou nom d'utilisateur."),
        ({"KIOSK_LANG": "de", "TERM": "linux"}, "löschen"),
        ({"KIOSK_LANG": "ja", "TERM": "linux"}, "Type your email or username."),
        ({"KIOSK_LANG": "nl"}, "must be one of: de, en, es, fr, ja"),
    ],
)
def test_the_screen_speaks_what_the_terminal_can_draw(environ: dict[str, str], seen: str, tmp_path: Path) -> None:
    with Terminal(["run"], tmp_path, environ={**BOX, **environ}) as terminal:
        terminal.see(seen)


def test_japanese_is_drawn_where_it_can_be(tmp_path: Path) -> None:
    with Terminal(["run", "--lang", "ja"], tmp_path, environ=BOX) as terminal:
        terminal.until("リンクをお送りします。".encode())
