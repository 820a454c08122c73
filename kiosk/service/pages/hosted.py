"""The hosted page: where a login link leads.

Loading the page never verifies anything: mail scanners load it too. Its script sends its form, at once or, where the
site asks for a confirmation, when a person has given it; without scripts the form is sent by hand.
"""

import logging
from collections.abc import Awaitable
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from kiosk.service.confirmation import UNCONFIRMED, Confirmation
from kiosk.service.contract import Refused
from kiosk.service.decisions import CONFIRM_PARAMETER, NUMBER_PARAMETER
from kiosk.service.house import House
from kiosk.service.languages import Words, preferred, words
from kiosk.service.logins import Logins
from kiosk.service.pages import cards
from kiosk.service.pages.assets import asset, file_response, filled, page_response, page_template
from kiosk.service.pages.cards import Card
from kiosk.service.pages.numbers import offered
from kiosk.service.parameters import parameters
from kiosk.service.store.base import StoreTrouble

_log = logging.getLogger(__name__)
_LONGEST_FORM: Final = 1_000
"""Bytes of a posted form; ours has a dozen."""


class HostedPage:
    """`/auth`, `/auth.aspx` and the files they load."""

    def __init__(self, house: House) -> None:
        self._logins = Logins(house)
        self._site = house.site
        self._page = page_template("auth.html")
        self._card = page_template("card.html")
        self._files = {name: asset(name) for name in ("auth.js", "page.css")}
        self.routes = [
            Route("/auth", self._show, methods=["GET"]),
            Route("/auth.aspx", self._show, methods=["GET"]),
            Route("/auth", self._open, methods=["POST"]),
            Route("/auth.aspx", self._open, methods=["POST"]),
            *(Route(f"/{name}", self._file, methods=["GET"]) for name in self._files),
        ]

    async def _file(self, request: Request) -> Response:
        name = request.url.path.lower().rpartition("/")[2]
        return file_response(name, self._files[name])

    async def _show(self, request: Request) -> Response:
        spoken = self._words(request)
        if self._site.confirm == "none":
            return self._drawn(spoken, cards.asking(spoken, self._site.screen_name))
        return self._drawn(spoken, await self._guarded(spoken, self._ask(spoken, request)))

    async def _open(self, request: Request) -> Response:
        # The form has no action, so the address it posts to still carries the token.
        spoken = self._words(request)
        try:
            confirmation = await _posted(request)
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody reads
        return self._drawn(spoken, await self._guarded(spoken, self._verify(spoken, request, confirmation)))

    async def _guarded(self, spoken: Words, card: Awaitable[Card]) -> Card:
        try:
            return await card
        except Refused as refused:
            return cards.refused(spoken, refused)
        except StoreTrouble as trouble:
            _log.error("the store does not answer: %s", trouble)
            return cards.refused(spoken, Refused(950))

    async def _ask(self, spoken: Words, request: Request) -> Card:
        token = _token(request)
        attempt = await self._logins.look(token)
        if attempt.number:
            numbers = offered(attempt.number, token, self._site.api_secret)
            return cards.choosing(spoken, self._site.screen_name, numbers)
        return cards.confirming(spoken, self._site.screen_name)

    async def _verify(self, spoken: Words, request: Request, confirmation: Confirmation) -> Card:
        try:
            redirect = await self._logins.open_link(_token(request), confirmation)
        except Refused as refused:
            # Not confirmed, which is no failure: the page asks once more.
            if {CONFIRM_PARAMETER, NUMBER_PARAMETER}.intersection(refused.fields):
                return await self._ask(spoken, request)
            raise
        return cards.signed_in(spoken, self._site.screen_name, redirect)

    def _words(self, request: Request) -> Words:
        return words(preferred(request.headers.get("accept-language", ""), self._site.language))

    def _drawn(self, spoken: Words, card: Card) -> Response:
        page = filled(
            self._page,
            language=spoken.language,
            refresh=card.refresh,
            title=card.title,
            card=card.drawn(self._card),
            site=self._site.name,
            busy=cards.checking(spoken).drawn(self._card),
            offline=cards.offline(spoken).drawn(self._card),
        )
        response = page_response(page, card.status)
        response.headers["content-language"] = spoken.language
        response.headers["vary"] = "accept-language"
        return response


def _token(request: Request) -> str:
    values = parameters(request.scope["query_string"])
    return values.get("vtoken") or values.get("verificationtoken", "")


async def _posted(request: Request) -> Confirmation:
    """Read the form; one that is longer than ours can be says nothing."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LONGEST_FORM:
            return UNCONFIRMED
    fields = parse_qs(body.decode("latin-1"))
    return Confirmation.read(fields.get(CONFIRM_PARAMETER, ()), fields.get(NUMBER_PARAMETER, ()))
