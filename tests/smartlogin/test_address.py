"""Which addresses a service may have."""

import pytest

from kiosk.smartlogin.address import check_api_url


@pytest.mark.parametrize(
    "url",
    [
        "https://api.loginradius.com",
        "http://127.0.0.1:8787",
        "http://localhost:1",
        "http://[::1]:8787",
        "http://127.8.9.1",
    ],
)
def test_https_anywhere_and_http_on_this_machine(url: str) -> None:
    assert check_api_url(f"{url}/") == url


@pytest.mark.parametrize(
    "url",
    [
        "", "api.loginradius.com", "ftp://x.org", "https://", "https:///path", "http://example.org", "http://192.168.1.5",
        "http://localhost.example.org", "https://user:pw@x.org", "https://x.org?apikey=1", "https://x.org#f",
        "https://x.org:port", "https://x.org?", "https://x.org/#", "https://@x.org", "https://x .org", "https://[::1", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"must be|is not"):
        check_api_url(url)
