"""The mailbox: a page for people and JSON for tests. Exists only where mails go to it, and for this machine only."""

import hashlib
import html
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from kiosk.service.contract import Json, printed_time
from kiosk.service.house import House
from kiosk.service.mail.mailbox import links_in
from kiosk.service.pages.assets import asset, file_response, filled, page_response, page_template
from kiosk.service.pages.guard import is_local
from kiosk.service.store.base import MailboxMail, StoreTrouble

_log = logging.getLogger(__name__)

# The mail's own HTML: no script, no form, nothing loaded, its links open in a tab of their own.
_MAIL_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    ),
    "x-frame-options": "SAMEORIGIN",
}
# Shown on white whatever the page around it looks like; a second doctype in the mail itself is ignored.
_MAIL_HEAD: Final = '<!doctype html><base target="_blank"><style>:root{color-scheme:only light}</style>'
_EMPTY: Final = '<p class="small">No mail yet. Ask for a login link on the screen.</p>'
_ARTICLE: Final = """<article id="mail-{id}">
<h2>{subject}</h2>
<p class="small">To {to} · <time datetime="{received}">{received}</time></p>
{links}
<details><summary>Text</summary><pre>{text}</pre></details>
<details><summary>HTML</summary>
<iframe src="mailbox/messages/{id}/html" title="The mail as HTML" loading="lazy"
sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe></details>
</article>"""
_LINK: Final = '<p><a class="button" href="{url}" target="_blank" rel="noopener noreferrer">Open the login link</a></p>'

Endpoint = Callable[[Request], Awaitable[Response]]


class MailboxPages:
    """`/mailbox` and what belongs to it."""

    def __init__(self, house: House) -> None:
        self._store = house.store
        self._site = house.site
        self._page = page_template("mailbox.html")
        self._script = asset("mailbox.js")
        self.routes = [
            Route("/", self._to_mailbox, methods=["GET"]),
            Route("/mailbox", self._guarded(self._show), methods=["GET"]),
            Route("/mailbox.js", self._file, methods=["GET"]),
            Route("/mailbox/clear", self._guarded(self._clear_and_show), methods=["POST"]),
            Route("/mailbox/messages", self._guarded(self._list), methods=["GET"]),
            Route("/mailbox/messages", self._guarded(self._clear), methods=["DELETE"]),
            Route("/mailbox/messages/{id:int}/html", self._guarded(self._html), methods=["GET"]),
        ]

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        async def guarded(request: Request) -> Response:
            if not is_local(request):
                return PlainTextResponse("The mailbox is open on this machine only.\n", 403)
            try:
                return await endpoint(request)
            except StoreTrouble as trouble:
                _log.error("the store does not answer: %s", trouble)
                return PlainTextResponse("The store does not answer. Please try again.\n", 500)

        return guarded

    async def _to_mailbox(self, _request: Request) -> Response:
        return RedirectResponse("mailbox", 302)

    async def _file(self, _request: Request) -> Response:
        return file_response("mailbox.js", self._script)

    async def _show(self, request: Request) -> Response:
        mails = await self._store.mails(self._site.api_key)
        tag = _tag(mails)
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        shown = "".join(_article(mail) for mail in mails) or _EMPTY
        # The articles are markup of ours with every value escaped; only the rest of the page is filled in as text.
        head, tail = filled(self._page, site=self._site.name, newest=tag, mails="\0").split("\0")
        response = page_response(head + shown + tail)
        response.headers["etag"] = tag
        return response

    async def _list(self, _request: Request) -> Response:
        return JSONResponse([_as_json(mail) for mail in await self._store.mails(self._site.api_key)])

    async def _clear(self, _request: Request) -> Response:
        await self._store.clear_mails(self._site.api_key)
        return Response(status_code=204)

    async def _clear_and_show(self, request: Request) -> Response:
        # A form of another site could post here; browsers name where a form came from.
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return PlainTextResponse("Only the mailbox page itself may do that.\n", 403)
        await self._store.clear_mails(self._site.api_key)
        return RedirectResponse("../mailbox", 303)

    async def _html(self, request: Request) -> Response:
        wanted = request.path_params["id"]
        for mail in await self._store.mails(self._site.api_key):
            if mail.id == wanted:
                return Response(_MAIL_HEAD + mail.html, media_type="text/html; charset=utf-8", headers=_MAIL_HEADERS)
        return PlainTextResponse("This mail is gone.\n", 404)


def _tag(mails: list[MailboxMail]) -> str:
    names = ",".join(f"{mail.id}@{mail.received}" for mail in mails)
    return '"' + hashlib.sha256(names.encode()).hexdigest()[:32] + '"'


def _article(mail: MailboxMail) -> str:
    links = "".join(_LINK.format(url=html.escape(url)) for url in links_in(mail.text))
    return _ARTICLE.format(
        id=mail.id,
        subject=html.escape(mail.subject),
        to=html.escape(mail.to),
        received=printed_time(mail.received),
        text=html.escape(mail.text),
        links=links,
    )


def _as_json(mail: MailboxMail) -> Json:
    return {
        "id": str(mail.id),
        "to": mail.to,
        "subject": mail.subject,
        "received": printed_time(mail.received),
        "text": mail.text,
        "html": mail.html,
        "links": links_in(mail.text),
    }
