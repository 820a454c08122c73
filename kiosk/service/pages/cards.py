"""What the hosted page can say: one card for every moment, in the person's language. Knows nothing of HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import Template
from typing import Final
from urllib.parse import urlsplit

from kiosk.service.contract import Refused
from kiosk.service.decisions import FOLLOW_AFTER
from kiosk.service.languages import Words
from kiosk.service.pages.assets import Markup, filled

# Code of the refusal → name of the words; whatever else is refused is a matter of the account.
_NAMES: Final = {
    429: "trouble",
    908: "invalid",
    950: "trouble",
    973: "invalid",
    974: "used",
    975: "expired",
    979: "wrong",
    1063: "invalid",
    1137: "used",
    1138: "used",
}
_AGAIN: Final = frozenset({429, 950})
"""Codes after which the same link may still work."""

_FORM: Final = Template('<form method="post">$inside</form>\n')
_BUTTON: Final = Template('<button type="submit"$name>$label</button>')
_NUMBER: Final = Template('<button type="submit" name="number" value="$number">$number</button>')
# The first button counts as no choice at all: machines that submit a form without looking press that one.
_NUMBERS: Final = Template(
    '<button type="submit" name="number" value="" hidden></button>'
    '<div class="numbers" role="group" aria-label="$label">$numbers</div>'
)
_SMALL: Final = Template('<p class="small">$text</p>\n')
_FOLLOW: Final = Template('<p class="go"><a class="button" href="$url" rel="noreferrer" data-go>$label</a></p>\n')
_REFRESH: Final = Template('<meta http-equiv="refresh" content="$seconds;url=$url">\n')
_NOTHING: Final = Markup("")
_CONFIRMED: Final = Markup(' name="confirm" value="yes"')


@dataclass(frozen=True)
class Card:
    """One moment of the page."""

    kind: str
    """How it looks: ask, busy, good, bad, again."""
    title: str
    text: str
    more: Markup = _NOTHING
    """What stands below the text."""
    status: int = 200
    at_once: bool = False
    """Whether the script sends the form without being asked."""
    follow: str = ""
    """Where the page leads by itself after a moment."""

    def drawn(self, card: Template) -> Markup:
        """The card as markup."""
        flag = Markup(" data-at-once") if self.at_once else _NOTHING
        return filled(card, kind=self.kind, flag=flag, title=self.title, text=self.text, more=self.more)

    @property
    def refresh(self) -> Markup:
        """What makes a browser without scripts follow."""
        return filled(_REFRESH, seconds=str(FOLLOW_AFTER), url=self.follow) if self.follow else _NOTHING


def asking(words: Words, screen: str) -> Card:
    """The page as it loads where nothing is to be confirmed: its script goes on by itself."""
    return Card(
        "ask",
        words("page.ask_title", screen=screen),
        words("page.ask_text"),
        _form(_button(words("page.sign_in"))),
        at_once=True,
    )


def confirming(words: Words, screen: str) -> Card:
    """Asks a person to press a button."""
    button = _button(words("page.sign_in"), _CONFIRMED)
    return Card("ask", words("page.ask_title", screen=screen), words("page.confirm_text"), _form(button))


def choosing(words: Words, screen: str, numbers: Sequence[str]) -> Card:
    """Asks for the number that the screen shows."""
    title = words("page.number_title", screen=screen)
    buttons = Markup("".join(filled(_NUMBER, number=number) for number in numbers))
    form = _form(filled(_NUMBERS, label=title, numbers=buttons))
    return Card("ask", title, words("page.number_text"), Markup(form + _small(words("page.number_none"))))


def checking(words: Words) -> Card:
    """While the service is asked."""
    return Card("busy", words("page.busy_title"), words("page.busy_text"))


def offline(words: Words) -> Card:
    """The service could not be reached."""
    return Card("again", words("page.offline_title"), words("page.offline_text"), _again(words))


def signed_in(words: Words, screen: str, redirect: str) -> Card:
    """Success, and the way on."""
    title, text = words("page.good_title", screen=screen), words("page.good_text")
    if not redirect:
        return Card("good", title, text)
    label = words("page.follow", host=urlsplit(redirect).hostname or redirect)
    return Card("good", title, text, filled(_FOLLOW, url=redirect, label=label), follow=redirect)


def refused(words: Words, refusal: Refused) -> Card:
    """The reason, what to do about it, and the code for the support call."""
    name = _NAMES.get(refusal.code, "refused")
    again = refusal.code in _AGAIN
    more = _again(words) if again else _NOTHING
    return Card(
        "again" if again else "bad",
        words(f"page.{name}_title"),
        words(f"page.{name}_text"),
        Markup(more + _small(words("page.code", code=str(refusal.code)))),
        status=refusal.status,
    )


def _again(words: Words) -> Markup:
    return _form(_button(words("page.again")))


def _button(label: str, name: Markup = _NOTHING) -> Markup:
    return filled(_BUTTON, label=label, name=name)


def _form(inside: Markup) -> Markup:
    return filled(_FORM, inside=inside)


def _small(text: str) -> Markup:
    return filled(_SMALL, text=text)
