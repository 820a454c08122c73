"""Which addresses a Smart Login service may have."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def check_api_url(url: str) -> str:
    """The base address of a Smart Login service, without a slash at its end.

    Raises:
        ValueError: not http(s), no host, credentials or a query in it, or plain http to another machine.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not a web address") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError("must be an https:// address")
    if any(character in url for character in "?#@") or any(character.isspace() for character in url):
        raise ValueError("must be a plain address, without user, query or fragment")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ValueError(
            "must be https:// (plain http is for this machine only: tokens would cross the network unsealed)"
        )
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
