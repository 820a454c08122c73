"""Which language is spoken, and where English has to do."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.language import (
    ENGLISH,
    check_language,
    fall_back,
    gettext,
    language_for,
    languages,
    letters,
    ngettext,
    speak,
    speakable,
    spoken,
)
from kiosk.tty.glyphs import EVERYTHING, SAFE, Glyphs
from tests.tongues import speaking

ROOT = Path(__file__).parent.parent


def test_five_languages_are_there() -> None:
    assert set(languages()) >= {"de", "en", "es", "fr", "ja"}


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de_AT.UTF-8", "LC_MESSAGES": "fr_FR"}, "fr"),
        ({"LANG": "de_AT.UTF-8", "LC_MESSAGES": "fr_FR", "LC_ALL": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "de"),
        ({"LANG": "it_IT.UTF-8"}, "en"),
        ({"LANG": "it_IT.UTF-8", "LANGUAGE": "it:es:de"}, "es"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "it"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "en:de"}, "en"),
        ({"LANG": "C", "LANGUAGE": "de"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, "de"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "../../etc"}, "en"),
        ({"LANG": "de@euro"}, "de"),
    ],
)
def test_the_locale_chooses(environ: dict[str, str], language: str) -> None:
    assert language_for("", environ) == language


def test_what_is_set_wins_over_the_locale() -> None:
    assert language_for("fr", {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "ja"}) == "fr"


@pytest.mark.parametrize(
    ("name", "language"),
    [("", ""), ("de", "de"), ("DE", "de"), ("de_CH", "de"), ("de-CH.UTF-8", "de"), ("en_GB", "en")],
)
def test_a_language_may_be_named_as_locales_are(name: str, language: str) -> None:
    assert check_language(name) == language


@pytest.mark.parametrize("name", ["xx", "deutsch", "..", "d", "_"])
def test_a_language_without_a_catalogue_cannot_be_set(name: str) -> None:
    with pytest.raises(ValueError, match="must be one of: de, en, es, fr, ja"):
        check_language(name)


def test_it_speaks() -> None:
    assert gettext("Cancel") == "Cancel"
    with speaking("de"):
        assert gettext("Cancel") == "Abbrechen"
        one, many = "You can ask again in {minutes} minute.", "You can ask again in {minutes} minutes."
        assert "Minute " in ngettext(one, many, 1)
        assert "Minuten " in ngettext(one, many, 2)
        assert gettext("not in any catalogue") == "not in any catalogue"
    with speaking("fr"):
        assert ngettext(one, many, 0).endswith("minute.")
    with speaking("ja"):
        assert ngettext(one, many, 1) == ngettext(one, many, 2)


@pytest.mark.parametrize("torn", [b"", b"torn", b"\xde\x12\x04\x95\x00\x00"])
def test_a_torn_catalogue_is_english(torn: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.language.LOCALE", tmp_path)
    catalogue = tmp_path / "de" / "LC_MESSAGES" / "kiosk.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_bytes(torn)
    with speaking("de"):
        assert gettext("Cancel") == "Cancel"


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_the_letters_of_europe_are_on_every_console(language: str) -> None:
    assert speakable(language, Glyphs(SAFE).draws) == language, set(letters(language)) - SAFE


def test_a_console_has_no_japanese() -> None:
    assert speakable("ja", Glyphs(SAFE).draws) == ENGLISH
    assert speakable("ja", EVERYTHING.draws) == "ja"


def test_what_cannot_be_written_is_not_spoken() -> None:
    ascii_only, western = Glyphs(None, "ascii"), Glyphs(None, "iso8859-1")
    assert [speakable(language, ascii_only.draws) for language in ("de", "en", "ja")] == ["en", "en", "en"]
    assert [speakable(language, western.draws) for language in ("de", "es", "fr", "ja")] == ["de", "es", "fr", "en"]
    with speaking("ja"):
        fall_back(western.draws)
        assert spoken() == ENGLISH
        speak("de")
        fall_back(western.draws)
        assert spoken() == "de"


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "KIOSK_KEYRING": "off", "TERM": "xterm", **environ}
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *arguments],
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        input="",
    )


def test_the_command_line_speaks() -> None:
    assert run("token", LANG="de_DE.UTF-8").stderr == "kiosk: Auf diesem Gerät gibt es keinen Schlüsselbund.\n"
    assert run("token", "--lang", "ja", LANG="C.UTF-8").stderr == "kiosk: この機器にはキーリングがありません。\n"
    assert run("token", KIOSK_LANG="fr", LANG="de_DE.UTF-8").stderr.startswith("kiosk: Il n'y a pas de trousseau")
    assert run("run", KIOSK_LANG="es").stderr.startswith("kiosk: esto no es un terminal; con `kiosk login`")


def test_a_language_that_is_not_there_is_a_wrong_setting() -> None:
    wrong = run("status", "--lang", "tlh")
    assert wrong.returncode == 78
    assert wrong.stderr == "kiosk: lang (--lang) must be one of: de, en, es, fr, ja\n"


def test_lines_of_text_speak_where_they_can_be_written() -> None:
    spoken = run("login", KIOSK_LANG="ja", KIOSK_API_KEY="k", LANG="C.UTF-8").stdout
    assert "メールアドレスまたはユーザー名:" in spoken
    plain = run("login", KIOSK_LANG="ja", KIOSK_API_KEY="k", PYTHONIOENCODING="ascii")
    assert (plain.returncode, plain.stderr) == (130, "")
    assert "Email or username:" in plain.stdout
    console = run("login", KIOSK_LANG="ja", KIOSK_API_KEY="k", LANG="C.UTF-8", TERM="linux")
    assert "Email or username:" in console.stdout


def test_choosing_costs_next_to_nothing() -> None:
    code = "import sys; before = set(sys.modules); import kiosk.language; print(*set(sys.modules) - before)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"locale", "textual", "rich", "asyncio", "babel"} & set(loaded)


def test_no_string_is_looked_up_before_the_language_is_known() -> None:
    """What stands outside of functions is evaluated once, at import."""
    early = []
    for path in (ROOT / "kiosk").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {
            node
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            for statement in (function.body if isinstance(function.body, list) else [function.body])
            for node in ast.walk(statement)
        }
        early += [
            f"{path}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"_", "gettext", "ngettext"}
            and node not in inside
        ]
    assert early == []


def test_nothing_of_the_device_asks_the_standard_librarys_gettext() -> None:
    """It would look for a language of its own, at every word."""
    asking = [
        str(path)
        for path in (ROOT / "kiosk").rglob("*.py")
        if "service" not in path.parts and "from gettext import" in path.read_text(encoding="utf-8")
    ]
    assert asking == []
