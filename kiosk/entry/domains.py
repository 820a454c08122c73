"""Which domains an address may go on with, and which one was meant by a mistyped one."""

from collections.abc import Iterable

from kiosk.values import Value, hidden

WORLDWIDE = (
    "gmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "hotmail.com",
    "gmx.net",
    "web.de",
    "qq.com",
    "163.com",
    "gmx.de",
    "proton.me",
    "live.com",
    "mail.ru",
    "yandex.ru",
    "orange.fr",
    "naver.com",
    "docomo.ne.jp",
    "uol.com.br",
    "libero.it",
    "aol.com",
    "googlemail.com",
    "protonmail.com",
    "msn.com",
    "me.com",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "hotmail.co.uk",
    "hotmail.fr",
    "t-online.de",
    "freenet.de",
    "free.fr",
    "wanadoo.fr",
    "laposte.net",
    "sfr.fr",
    "126.com",
    "foxmail.com",
    "ezweb.ne.jp",
    "softbank.ne.jp",
    "hanmail.net",
    "bol.com.br",
    "terra.com.br",
    "wp.pl",
    "o2.pl",
    "seznam.cz",
    "telefonica.net",
    "comcast.net",
    "btinternet.com",
    "rediffmail.com",
    "gmx.at",
    "bluewin.ch",
    "ziggo.nl",
    "telenet.be",
    "fastmail.com",
    "zoho.com",
)
"""The widespread providers, those that most people in the world have first."""

ENDINGS = (
    "com",
    "org",
    "net",
    "de",
    "edu",
    "co.uk",
    "fr",
    "es",
    "jp",
    "io",
    "eu",
    "info",
    "gov",
    "it",
    "nl",
    "ch",
    "at",
)
"""What other domains end with, the commonest first."""

_ALSO_REAL = frozenset(
    {"ymail.com", "rocketmail.com", "mail.com", "email.com", "hotmail.it", "live.fr", "gmx.com", "gmx.ch", "pm.me"}
    | {
        "mac.com",
        "inbox.com",
        "outlook.de",
        "outlook.fr",
        "outlook.es",
        "outlook.jp",
        "att.net",
        "mail.de",
        "qmail.com",
    }
)
"""Providers that are not offered but look like those that are."""

_MISTYPED_ENDINGS = {
    **dict.fromkeys(("con", "cmo", "ocm", "comm", "coom", "vom", "xom", "cpm", "cim", "coml", "copm"), "com"),
    **dict.fromkeys(("ner", "nte", "ent", "nett", "bet"), "net"),
    **dict.fromkeys(("ogr", "orgg", "orq", "rog"), "org"),
}
"""Endings that do not exist, and what is meant."""

_SUSPECT_ENDINGS = dict.fromkeys(("co", "cm", "om", "c", "m", "cn", "co.m"), "com")
"""Endings that are a slip after the name of a provider, and may be right after any other."""

_LONG_ENOUGH = 5
"""Letters of a name below which one letter's difference says nothing: `gmx` and `gmy` are both names."""

_NAME_ENOUGH = 2
"""Letters of a name from which endings are offered."""


class Domains(Value):
    """The domains that are offered, in their order."""

    names: tuple[str, ...] = hidden(default=WORLDWIDE)
    fixed: int = 0
    """How many of them, from the first, keep their places: the operator's."""

    @classmethod
    def of(cls, operators: Iterable[str], used: Iterable[str] = ()) -> "Domains":
        """The operator's list, then those that were used last, then the worldwide ones."""
        first = tuple(dict.fromkeys(operators))
        return cls(tuple(dict.fromkeys((*first, *used, *WORLDWIDE))), len(first))

    def preferring(self, domain: str) -> "Domains":
        """The same with this one first, if it is among them; others are nobody's business the next time."""
        ours, rest = self.names[: self.fixed], self.names[self.fixed :]
        return Domains(tuple(dict.fromkeys((*ours, domain, *rest))), self.fixed) if domain in rest else self

    def completions(self, text: str, limit: int) -> tuple[str, ...]:
        """How an address may go on, as the tails that would stand in it: `@gmail.com`, or `.org` after `@example`."""
        name, at, domain = text.rpartition("@")
        if not at:
            return tuple(f"@{offer}" for offer in self.names[:limit]) if text else ()
        if not name:
            return ()
        fitting = [f"@{offer}" for offer in self.names if offer.startswith(domain.lower()) and offer != domain.lower()]
        return tuple(fitting[:limit]) or _endings(domain, limit)

    def meant(self, text: str) -> str | None:
        """The domain that was probably meant by one that looks mistyped; None where nothing looks wrong."""
        domain = text.rpartition("@")[2].lower() if "@" in text else ""
        if "." not in domain or domain in self.names or domain in _ALSO_REAL:
            return None
        label, _, ending = domain.partition(".")
        mended = f"{label}.{_MISTYPED_ENDINGS.get(ending, ending)}"
        provider = f"{label}.{_SUSPECT_ENDINGS.get(ending, ending)}"
        if provider in self.names:
            return provider
        close = next((known for known in self.names if _close(mended, known)), None)
        return close or (mended if mended != domain else None)


def completed(text: str, tail: str) -> str:
    """The text with the tail in place of what has been typed of it."""
    return text[: _kept(text, tail)] + tail


def _kept(text: str, tail: str) -> int:
    if tail.startswith("@"):
        at = text.rfind("@")
        return len(text) if at < 0 else at
    dot = text.rfind(".")
    return len(text) if dot < text.rfind("@") else dot


def _endings(domain: str, limit: int) -> tuple[str, ...]:
    label, dot, ending = domain.lower().rpartition(".") if "." in domain else (domain, "", "")
    if len(label) < _NAME_ENOUGH:
        return ()
    return tuple(f".{offer}" for offer in ENDINGS if offer.startswith(ending) and not (dot and offer == ending))[:limit]


def _close(domain: str, known: str) -> bool:
    """One slip apart, in the name or in the ending: a letter missing, too many, wrong, or two in each other's place."""
    label, _, ending = domain.partition(".")
    known_label, _, known_ending = known.partition(".")
    if len(known_label) < _LONG_ENOUGH:
        return False
    return ending == known_ending and label != known_label and _one_slip(label, known_label)


def _one_slip(left: str, right: str) -> bool:
    if abs(len(left) - len(right)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    a, b = left[start:], right[start:]
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped
