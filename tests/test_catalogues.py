"""The catalogues say all that the sources say, and no more."""

import ast
import gettext
import re
import subprocess
import sys
import zipfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kiosk.language import DOMAIN, LOCALE, languages

pytest.importorskip("babel", reason="a development tool")

ROOT = Path(__file__).parent.parent
PLACEHOLDER = re.compile(r"\{\w*\}|`[^`]+`")
KEYS = re.compile(r"[◀▶▲▼]+|\bOK\b|\bKIOSK_\w+|\bapi_key\b|\bkiosk\.toml\b")


def _script() -> ModuleType:
    loader = SourceFileLoader("catalogues", str(ROOT / "packaging" / "catalogues"))
    spec = spec_from_loader("catalogues", loader)
    assert spec is not None
    module = module_from_spec(spec)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # it has no place beside a script
    loader.exec_module(module)
    sys.dont_write_bytecode = kept
    return module


SCRIPT = _script()


def messages(catalog: Any) -> dict[Any, Any]:
    return {message.id: message for message in catalog if message.id}


@pytest.fixture(scope="module")
def said() -> dict[Any, Any]:
    return messages(SCRIPT.extracted())


@pytest.fixture(params=languages())
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_extraction_sees_every_string(said: dict[Any, Any]) -> None:
    """Babel overlooks those inside of other strings, and any that are put together."""
    called: set[Any] = set()
    for path in SCRIPT.sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SCRIPT.FUNCTIONS:
                texts = node.args[:2] if node.func.id == "ngettext" else node.args
                values = tuple(text.value if isinstance(text, ast.Constant) else ast.unparse(text) for text in texts)
                called.add(values if len(values) > 1 else values[0])
    assert called == set(said)


def test_none_is_missing_stale_fuzzy_or_empty(language: str, said: dict[Any, Any]) -> None:
    catalog = SCRIPT.read(language)
    there = messages(catalog)
    assert set(said) - set(there) == set(), "missing: run packaging/catalogues, then translate"
    assert set(there) - set(said) == set(), "stale: run packaging/catalogues"
    assert catalog.obsolete == {}
    assert [message.id for message in there.values() if message.fuzzy] == []
    assert [message.id for message in there.values() if not all(SCRIPT.strings(message))] == []


def test_plural_forms_are_as_many_as_the_language_has(language: str) -> None:
    catalog = SCRIPT.read(language)
    for message in messages(catalog).values():
        assert len(SCRIPT.strings(message)) == (catalog.num_plurals if message.pluralizable else 1)


def test_placeholders_commands_and_keys_are_the_same(language: str) -> None:
    for id_, message in messages(SCRIPT.read(language)).items():
        source = id_[-1] if isinstance(id_, tuple) else id_
        for string in SCRIPT.strings(message):
            for pattern in (PLACEHOLDER, KEYS):
                wanted = sorted(pattern.findall(source))
                found = sorted(pattern.findall(string))
                assert wanted == found or "OK" in string, (source, string)
            assert string == string.strip(), string
            assert source.endswith("...") == string.endswith("..."), string
            assert not any(ord(character) < 32 for character in string), string


def test_no_line_of_french_begins_with_a_mark() -> None:
    for message in messages(SCRIPT.read("fr")).values():
        assert not [text for text in SCRIPT.strings(message) if re.search(" [:;?!]", text)], "wants a no-break space"


def test_english_is_what_the_sources_say() -> None:
    for message in messages(SCRIPT.read("en")).values():
        assert message.string == message.id


def test_the_words_that_are_typed_can_be_typed(language: str) -> None:
    """`kiosk login` compares them with what is typed, folded."""
    spoken = gettext.translation(DOMAIN, LOCALE, [language])
    words = [spoken.gettext(word) for word in ("again", "change", "cancel", "yes")]
    assert len(set(words)) == len(words)
    assert [word.strip().casefold() for word in words] == words
    told = spoken.gettext("Type again for another link, change for another address, cancel to stop.")
    assert all(word in told for word in words[:3])
    assert words[3] in spoken.gettext("Type yes to accept it, or anything else to stop:")


def test_what_is_compiled_is_what_is_written(language: str, tmp_path: Path) -> None:
    shipped = gettext.translation(DOMAIN, LOCALE, [language])
    fresh = tmp_path / "fresh.mo"
    with fresh.open("wb") as file:
        SCRIPT.write_mo(file, SCRIPT.read(language))
    with fresh.open("rb") as file:
        wanted: Any = gettext.GNUTranslations(file)
    there: Any = shipped
    assert {**there._catalog, "": None} == {**wanted._catalog, "": None}, "run packaging/catalogues"
    assert [there.plural(number) for number in range(30)] == [wanted.plural(number) for number in range(30)]


def test_the_wheel_carries_the_catalogues(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="the build backend is installed by CI and the README's test command")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"kiosk/locale/{language}/LC_MESSAGES/{DOMAIN}.mo" for language in languages()} <= names
