"""The hosted page: where a login link leads.

Loading the page never verifies anything: mail scanners load it too. Its script calls Verify Token, or, where scripts
are off, its form does.
"""

import logging
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk.service.contract import Refused
from kiosk.service.house import House
from kiosk.service.logins import Logins
from kiosk.service.pages.assets import asset, file_response, filled, page_response, page_template
from kiosk.service.parameters import parameters
from kiosk.service.store.base import StoreTrouble

_log = logging.getLogger(__name__)

_USED: Final = (
    "This link was used already",
    "If your screen shows that you are signed in, all is well. If not, ask for a new link on the screen.",
)
_EXPIRED: Final = ("This link has expired", "Go back to your screen and ask for a new one.")
_INVALID: Final = (
    "This link is not valid",
    "Maybe the mail program cut it. Open it from the mail again, or ask for a new link on your screen.",
)
_REFUSED: Final = (
    "You cannot be signed in",
    "Your address is right, but this account may not sign in here. Please ask the operator of the site.",
)
_TROUBLE: Final = ("Something is wrong with the service", "Please try again in a minute.")
# The same words stand in auth.js, for the same codes.
_WORDS: Final = {
    973: _INVALID,
    974: _USED,
    975: _EXPIRED,
    979: _EXPIRED,
    1063: _INVALID,
    1137: _USED,
    1138: _USED,
    950: _TROUBLE,
}


class HostedPage:
    """`/auth`, `/auth.aspx` and the files they load."""

    def __init__(self, house: House) -> None:
        self._logins = Logins(house)
        self._site = house.site
        self._page = filled(
            page_template("auth.html"),
            screen=house.site.screen_name,
            site=house.site.name,
            key=house.site.api_key,
        )
        self._result = page_template("result.html")
        self._files = {name: asset(name) for name in ("auth.js", "page.css")}
        self.routes = [
            Route("/auth", self._show, methods=["GET"]),
            Route("/auth.aspx", self._show, methods=["GET"]),
            Route("/auth", self._open, methods=["POST"]),
            Route("/auth.aspx", self._open, methods=["POST"]),
            *(Route(f"/{name}", self._file, methods=["GET"]) for name in self._files),
        ]

    async def _show(self, _request: Request) -> Response:
        return page_response(self._page)

    async def _file(self, request: Request) -> Response:
        name = request.url.path.lower().rpartition("/")[2]
        return file_response(name, self._files[name])

    async def _open(self, request: Request) -> Response:
        # The form has no action, so the address it posts to still carries the token; the body is not read.
        try:
            values = parameters(request.scope["query_string"])
            await self._logins.open_link(values.get("vtoken") or values.get("verificationtoken", ""))
        except Refused as refused:
            return self._told(refused)
        except StoreTrouble as trouble:
            _log.error("the store does not answer: %s", trouble)
            return self._told(Refused(950))
        title = f"You are signed in on {self._site.screen_name}"
        text = filled(self._result, title=title, text="You can go back to your screen.", code="", kind="good")
        return page_response(text)

    def _told(self, refused: Refused) -> Response:
        title, words = _WORDS.get(refused.code, _REFUSED)
        text = filled(self._result, title=title, text=words, code=f"Code {refused.code}", kind="bad")
        return page_response(text, refused.status)
