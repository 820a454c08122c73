"""Which address the hosted page may lead to: an open redirect would lend the site's good name to anybody."""

from collections.abc import Collection
from urllib.parse import urlsplit

_LONGEST = 2_000


def allowed_redirect(url: str, hosts: Collection[str]) -> str:
    r"""Return `url` when it leads to one of `hosts` by http or https, else "".

    Refused is also what browsers and `urlsplit` read differently (`https://evil.example\@good.example`), names and
    passwords before the host, and everything unprintable.
    """
    if len(url) > _LONGEST or not url.isprintable() or "\\" in url or " " in url:
        return ""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    plain = "@" not in parts.netloc and port != 0
    return url if plain and parts.scheme in ("http", "https") and parts.hostname in hosts else ""
