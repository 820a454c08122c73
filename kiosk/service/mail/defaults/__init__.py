"""The built-in templates: `smartlogin-default` and `welcome-default`, in the language of the site.

Layout lies beside this file, words in the catalogue; together they make a template like those that a site brings, with
LoginRadius' placeholders still in it.
"""

import html
from functools import cache
from importlib import resources
from string import Template
from typing import Final, Literal

from kiosk.service.decisions import LINK_TYPE
from kiosk.service.languages import words
from kiosk.service.site import MailTemplate

Kind = Literal["login", "welcome"]

NAMES: Final[dict[Kind, str]] = {"login": "smartlogin-default", "welcome": "welcome-default"}
_LINK: Final = f"#Url#?vtype={LINK_TYPE}&vtoken=#GUID#"
_NUMBER: Final = "login_number"


@cache
def built_in(kind: Kind, language: str, *, with_number: bool) -> MailTemplate:
    """Make the built-in template; `with_number` says that the page will ask for the number on the screen."""
    said = {key.removeprefix("mail."): text for key, text in words(language).texts.items() if key.startswith("mail.")}
    plain, rich = _layout(f"{kind}.txt"), _layout(f"{kind}.html")
    if not with_number:
        plain, rich = (_without_line(layout, f"${_NUMBER}") for layout in (plain, rich))
    subject = said[f"{kind}_subject"]
    escaped = {key: html.escape(text, quote=False) for key, text in said.items()}
    body = Template(rich).substitute(escaped, link=html.escape(_LINK))
    return MailTemplate(
        subject=subject,
        text=Template(plain).substitute(said, link=_LINK),
        html=Template(_layout("frame.html")).substitute(
            language=language, subject=html.escape(subject), body=body.strip()
        ),
    )


def _layout(name: str) -> str:
    # A backslash at the end of a line joins it with the next: long attributes without long lines.
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8").replace("\\\n", "")


def _without_line(layout: str, mark: str) -> str:
    """Drop the line that holds `mark`, and the empty line after it."""
    lines = layout.split("\n")
    at = next((number for number, line in enumerate(lines) if mark in line), None)
    if at is not None:
        del lines[at : at + (2 if at + 1 < len(lines) and not lines[at + 1] else 1)]
    return "\n".join(lines)
