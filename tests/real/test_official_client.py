"""LoginRadius' own Python client against the embedded service, over real HTTP."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.service.server import EmbeddedService, Options

LoginRadius = pytest.importorskip("LoginRadius", reason="the official client is not installed").LoginRadius


# The client still asks distutils for a version.
pytestmark = pytest.mark.filterwarnings("ignore:distutils Version classes")


@pytest.fixture(scope="module")
def service() -> Iterator[EmbeddedService]:
    with EmbeddedService(Options(port=0)) as running:
        yield running


@pytest.fixture
def client(service: EmbeddedService, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The official client, pointed at the service; the trailing slash is required by it."""
    monkeypatch.setattr(LoginRadius, "CUSTOM_DOMAIN", service.url + "/")
    monkeypatch.setattr(LoginRadius, "API_KEY", service.api_key)
    monkeypatch.setattr(LoginRadius, "API_SECRET", "demo-secret")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return LoginRadius()


@pytest.fixture
def mailbox(service: EmbeddedService) -> Any:
    """The verification token of the newest mail."""
    import httpx

    def newest() -> str:
        mails = httpx.get(f"{service.mailbox_url}/messages", trust_env=False).json()
        return str(mails[0]["links"][0].partition("vtoken=")[2])

    return newest


def test_by_email_ping_verify_ping(client: Any, mailbox: Any) -> None:
    guid = uuid.uuid4().hex[:16]
    assert client.smart_login.smart_login_by_email(guid, "jane.doe@example.com") == {"IsPosted": True}
    waiting = client.smart_login.smart_login_ping(guid)
    assert waiting["ErrorCode"] == 1139
    assert waiting["Message"] == "The smart login link has not been verified"
    assert client.smart_login.smart_login_token_verification(mailbox()) == {"IsPosted": True, "IsVerified": True}
    done = client.smart_login.smart_login_ping(guid)
    assert done["Profile"]["FirstName"] == "Jane"
    assert len(done["access_token"]) == 36
    assert client.smart_login.smart_login_ping(guid)["ErrorCode"] == 1140


def test_by_username_with_every_option(client: Any, mailbox: Any) -> None:
    guid = "3Zq+/a=" * 12
    posted = client.smart_login.smart_login_by_user_name(
        guid, "john", "https://example.com/back?a=1&b=2", "smartlogin-default", "welcome-default"
    )
    assert posted == {"IsPosted": True}
    client.smart_login.smart_login_token_verification(mailbox(), "welcome-default")
    done = client.smart_login.smart_login_ping(guid, "FirstName,Email(Value)")
    assert done["Profile"] == {"FirstName": "John", "Email": [{"Value": "john.smith@example.com"}]}


def test_the_session(client: Any, mailbox: Any) -> None:
    guid = str(uuid.uuid4())
    client.smart_login.smart_login_by_email(guid, "juergen.mueller@example.com")
    client.smart_login.smart_login_token_verification(mailbox())
    token = client.smart_login.smart_login_ping(guid)["access_token"]
    calls = client.authentication
    assert calls.auth_validate_access_token(token)["access_token"] == token
    assert client.sliding_token.sliding_access_token(token)["access_token"] == token
    assert calls.get_access_token_info(token)["provider"] == "Email"
    assert calls.get_profile_by_access_token(token)["LastName"] == "Müller-Lüdenscheidt"
    assert calls.accept_privacy_policy(token)["PrivacyPolicy"]["Version"] == "1.0"
    assert calls.auth_in_validate_access_token(token, prevent_refresh=True) == {"IsPosted": True}
    assert calls.auth_validate_access_token(token)["ErrorCode"] == 905


def test_refusals(client: Any) -> None:
    wrong = client.smart_login.smart_login_token_verification("123456789")
    assert (wrong["ErrorCode"], wrong["Message"]) == (1063, "Verification token (vtoken) is invalid")
    assert client.smart_login.smart_login_ping("never-seen")["ErrorCode"] == 1140
    guid = uuid.uuid4().hex
    client.smart_login.smart_login_by_email(guid, "jane.doe@example.com")
    assert client.smart_login.smart_login_by_email(guid, "jane.doe@example.com")["ErrorCode"] == 1136
    assert client.smart_login.smart_login_by_email("x", "locked@example.com")["ErrorCode"] == 1132
    assert client.smart_login.smart_login_by_email("x", "not an address")["ErrorCode"] == 1038
