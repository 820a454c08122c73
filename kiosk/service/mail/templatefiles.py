"""Reads a site's own e-mail templates, from its site file and from a folder.

In the folder `<name>.txt` and `<name>.html` make the template `<name>`. The text begins with the line `Subject: …` and
an empty line. Both files hold LoginRadius' placeholders. They are read once, when the service starts; whatever is wrong
is one line with the file's name.
"""

import os
import unicodedata
from pathlib import Path
from typing import Final

from kiosk.service.errors import ServiceError
from kiosk.service.mail.defaults import NAMES
from kiosk.service.mail.template import carries_link
from kiosk.service.site import MailTemplate
from kiosk.service.tomltable import Table

LARGEST: Final = 100_000
"""Bytes; mail programs cut a mail that is longer."""
_MOST: Final = 200
_SUBJECT: Final = "subject:"


def site_templates(table: Table, folder: Path) -> dict[str, MailTemplate]:
    """Read `template_folder`, from `folder`, and `[templates.*]` of a site file; a name in both is the site file's.

    Raises:
        ServiceError: a template is no good.
    """
    own = table.text("template_folder")
    templates = read_templates(folder / own) if own else {}
    templates |= {name: _in_site_file(part) for name, part in table.tables_by_name("templates")}
    default = templates.get(NAMES["login"])
    if default and not carries_link(default):
        table.fail(f"templates.{NAMES['login']}", "holds no #GUID#: its mails would carry no login link")
    return templates


def _in_site_file(part: Table) -> MailTemplate:
    template = MailTemplate(
        subject=part.text("subject", required=True),
        text=part.text("text", required=True, lines=True),
        html=part.text("html", required=True, lines=True),
    )
    part.finish()
    return template


def read_templates(folder: Path) -> dict[str, MailTemplate]:
    """Read all templates in `folder`; files of other kinds and hidden ones are left alone.

    Raises:
        ServiceError: the folder or a file cannot be read, or a template is incomplete, too large or no text.
    """
    try:
        found = sorted(entry.name for entry in os.scandir(folder) if not entry.name.startswith("."))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a name of a folder"
        raise ServiceError(f"template folder {folder}: cannot be read: {reason}") from error
    names = sorted({Path(file).stem for file in found if Path(file).suffix in (".txt", ".html")})
    if not names:
        raise ServiceError(f"template folder {folder}: holds no template (NAME.txt and NAME.html)")
    if len(names) > _MOST:
        raise ServiceError(f"template folder {folder}: holds more than {_MOST} templates")
    return {name: _template(folder / f"{name}.txt", folder / f"{name}.html") for name in names}


def _template(text_file: Path, html_file: Path) -> MailTemplate:
    head, _, text = _read(text_file).partition("\n")
    if not head.casefold().startswith(_SUBJECT) or not head[len(_SUBJECT) :].strip():
        raise ServiceError(f"template {text_file}: does not begin with 'Subject: …'")
    first, _, rest = text.partition("\n")
    if first.strip():
        raise ServiceError(f"template {text_file}: the line after the subject is not empty")
    return MailTemplate(subject=head[len(_SUBJECT) :].strip(), text=rest, html=_read(html_file))


def _read(file: Path) -> str:
    try:
        # One byte more than allowed tells a file that is too long, whatever its size says (a pipe has none).
        if not file.is_file():
            raise ServiceError(f"template {file}: is missing")
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise ServiceError(f"template {file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ServiceError(f"template {file}: not UTF-8 (byte {error.start})") from error
    if len(data) > LARGEST:
        raise ServiceError(f"template {file}: larger than {LARGEST} bytes")
    if not text.strip():
        raise ServiceError(f"template {file}: is empty")
    if any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in text):
        raise ServiceError(f"template {file}: holds a control character")
    return text
