"""The language that people read: which one is chosen, and what speaks it.

The catalogues are gettext's (kiosk/locale/<language>/LC_MESSAGES/kiosk.mo, written by packaging/catalogues), the choice
is ours: the standard library's `gettext.gettext` looks into the environment and for files at every call, and could only
be told a language by changing the environment of every program that is started from here.
"""

import gettext as catalogues
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from io import TextIOWrapper
from pathlib import Path

DOMAIN = "kiosk"
ENGLISH = "en"
"""What the sources are written in."""

LOCALE = Path(__file__).parent / "locale"

_spoken: tuple[str, catalogues.NullTranslations] = (ENGLISH, catalogues.NullTranslations())
"""The one thing here that changes: whoever looks up a word has no place to be handed it."""


def gettext(message: str) -> str:
    """The message in the language that is spoken."""
    return _spoken[1].gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The message for a number of things, in the language that is spoken."""
    return _spoken[1].ngettext(one, many, number)


def spoken() -> str:
    """The language that is spoken."""
    return _spoken[0]


def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, English among them."""
    there = {path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return tuple(sorted(there | {ENGLISH}))


def check_language(name: str) -> str:
    """The language of this name (`de`, `de_AT`, `de-AT.UTF-8`); empty leaves it to the locale.

    Raises:
        ValueError: with what it must be.
    """
    if not name:
        return ""
    if found := _catalogue(name):
        return found
    raise ValueError(f"must be one of: {', '.join(languages())}")


def language_for(setting: str, environ: Mapping[str, str]) -> str:
    """The language to speak: the one that is set, else by the locale, else English."""
    wanted = (setting,) if setting else tuple(_by_locale(environ))
    return next((found for name in wanted if (found := _catalogue(name))), ENGLISH)


def speak_as_set(setting: str, environ: Mapping[str, str]) -> None:
    """Speak as the settings and the locale want it, as far as standard output can show it.

    What it cannot is replaced: a line with a question mark in it says more than a traceback.
    """
    speak(language_for(setting, environ))
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
        if spoken() == ENGLISH:
            return
        from kiosk.tty.glyphs import glyphs_of
        from kiosk.tty.terminal import is_console

        fall_back(glyphs_of(1, sys.stdout.encoding, console=is_console(environ)).draws)


def speak(language: str) -> None:
    """Speak this language from now on."""
    speak_from(language, catalogue(language))


def speak_from(language: str, texts: catalogues.NullTranslations) -> None:
    """Speak from these texts."""
    global _spoken  # said above
    _spoken = (language, texts)


def fall_back(can_draw: Callable[[str], bool]) -> None:
    """Speak English where the letters of what is spoken cannot be drawn."""
    if (language := speakable(spoken(), can_draw)) != spoken():
        speak(language)


def speakable(language: str, can_draw: Callable[[str], bool]) -> str:
    """This language, where its letters can be drawn; else English.

    Stand-ins will do for punctuation, but not for letters: a Linux console has no Japanese at all.
    """
    return language if language == ENGLISH or can_draw(letters(language)) else ENGLISH


def letters(language: str) -> str:
    """All letters that the language's catalogue uses."""
    return "".join(
        sorted({character for text in _texts(catalogue(language)) for character in text if character.isalpha()})
    )


def _texts(spoken_from: catalogues.NullTranslations) -> Iterator[str]:
    # The head of a catalogue stands under the empty message, and is for no eyes.
    messages: Mapping[object, str] = getattr(spoken_from, "_catalog", {})
    return (text for message, text in messages.items() if message)


def catalogue(language: str) -> catalogues.NullTranslations:
    """What a language says; what the sources say, where there is nothing of it."""
    # English is what the sources say: nothing to read before the first frame.
    if language == ENGLISH:
        return catalogues.NullTranslations()
    try:
        with _compiled(language).open("rb") as file:
            return catalogues.GNUTranslations(file)
    except (OSError, ValueError, struct.error):  # gone since it was seen, or torn: better English than no sign-in
        return catalogues.NullTranslations()


def _compiled(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.mo"


def _by_locale(environ: Mapping[str, str]) -> Iterator[str]:
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environ.get(name))), "")
    # A list of preferences, which the plain locale overrules: `LC_ALL=C kiosk` is for logs and scripts.
    if locale not in {"C", "POSIX"}:
        yield from environ.get("LANGUAGE", "").split(":")
    yield locale


def _catalogue(name: str) -> str | None:
    """The catalogue for a locale's name: of its country, else of its language."""
    plain = name.partition(".")[0].partition("@")[0].replace("-", "_").casefold()
    there = {language.casefold(): language for language in languages()}
    return there.get(plain) or there.get(plain.partition("_")[0])
