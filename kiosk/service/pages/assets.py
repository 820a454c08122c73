"""Files that the pages are made of, read once when a service starts, and how they are filled in and sent."""

import html
from importlib import resources
from string import Template
from typing import Final

from starlette.responses import Response

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}


class Markup(str):
    """Text that is HTML already, with every value in it escaped."""

    __slots__ = ()


def asset(name: str) -> str:
    """Read a file of this package."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def page_template(name: str) -> Template:
    """Read a page; `$name` marks what is filled in."""
    return Template(asset(name))


def filled(page: Template, **values: str) -> Markup:
    """Fill a page in; every value that is no Markup is escaped, and none is looked at for further marks."""
    return Markup(
        page.substitute(
            {name: value if isinstance(value, Markup) else html.escape(value) for name, value in values.items()}
        )
    )


def page_response(text: str, status: int = 200) -> Response:
    """Answer with a page under the strict policy."""
    return Response(text, status, media_type=_TYPES[".html"], headers=PAGE_HEADERS)


def file_response(name: str, text: str) -> Response:
    """Answer with a script or style sheet."""
    return Response(text, media_type=_TYPES[name[name.rindex(".") :]])
