"""LoginRadius' own Python client against the embedded service, over real HTTP."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from kiosk.service.sample import sample_site
from kiosk.service.server import EmbeddedService, Options

LoginRadius = pytest.importorskip("LoginRadius", reason="the official client is not installed").LoginRadius


# The client still asks distutils for a version.
pytestmark = pytest.mark.filterwarnings("ignore:distutils Version classes")


@pytest.fixture(scope="module")
def service() -> Iterator[EmbeddedService]:
    # The sample site without its limit of calls: the client asks faster than 50 times a second.
    unlimited = replace(sample_site(), requests_per_second=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kiosk.service.running.sample_site", lambda: unlimited)
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


def test_privacy_policy(client: Any, mailbox: Any) -> None:
    guid = str(uuid.uuid4())
    client.smart_login.smart_login_by_email(guid, "policy@example.com")
    client.smart_login.smart_login_token_verification(mailbox())
    refused = client.smart_login.smart_login_ping(guid)
    assert refused["ErrorCode"] == 1194
    token = refused["Data"]["access_token"]
    assert client.authentication.get_profile_by_access_token(token)["ErrorCode"] == 1194
    assert client.authentication.accept_privacy_policy(token, "PrivacyPolicy(Version)") == {
        "PrivacyPolicy": {"Version": "1.0"}
    }
    assert client.authentication.get_profile_by_access_token(token, "UserName") == {"UserName": "policy"}


def test_existence(client: Any) -> None:
    assert client.authentication.check_email_availability("jane.doe@example.com")["ErrorCode"] == 909
    assert client.authentication.check_user_name_availability("jane")["ErrorCode"] == 909


def test_an_account_from_its_making_to_its_end(client: Any, mailbox: Any) -> None:
    new = {
        "Email": [{"Type": "Primary", "Value": "ada@example.com"}, {"Type": "Secondary", "Value": "ada@example.org"}],
        "UserName": "ada",
        "FirstName": "Ada",
        "LastName": "Lovelace",
        "Password": "ignored: there are no passwords here",
    }
    made = client.account.create_account(new)
    assert (made["FullName"], made["Email"], made["EmailVerified"]) == ("Ada Lovelace", new["Email"], True)
    assert client.account.create_account(new)["ErrorCode"] == 936
    uid = made["Uid"]
    assert client.account.get_account_profile_by_uid(uid, "FirstName") == {"FirstName": "Ada"}
    assert client.account.get_account_profile_by_email("ada@example.org")["Uid"] == uid
    assert client.account.get_account_profile_by_user_name("Ada")["Uid"] == uid
    assert client.account.get_account_identities_by_email("ada@example.com")["Data"][0]["Uid"] == uid

    guid = str(uuid.uuid4())
    assert client.smart_login.smart_login_by_user_name(guid, "ada") == {"IsPosted": True}
    client.smart_login.smart_login_token_verification(mailbox())
    # She has not accepted the policy yet: the session comes with 1194.
    token = client.smart_login.smart_login_ping(guid)["Data"]["access_token"]
    client.authentication.accept_privacy_policy(token)
    assert client.authentication.get_profile_by_access_token(token)["FirstName"] == "Ada"

    assert client.account.delete_account_by_uid(uid) == {"IsDeleted": True}
    assert client.account.delete_account_by_uid(uid)["ErrorCode"] == 938
    assert client.account.get_account_profile_by_email("ada@example.com")["ErrorCode"] == 938
    assert client.authentication.auth_validate_access_token(token)["ErrorCode"] == 905


def test_refresh_tokens(client: Any, mailbox: Any) -> None:
    guid = str(uuid.uuid4())
    client.smart_login.smart_login_by_email(guid, "yuki.tanaka@example.com")
    client.smart_login.smart_login_token_verification(mailbox())
    first = client.smart_login.smart_login_ping(guid)
    second = client.account.refresh_access_token_by_refresh_token(first["refresh_token"])
    assert set(second) == {"access_token", "expires_in", "refresh_token"}
    assert client.authentication.auth_validate_access_token(first["access_token"])["ErrorCode"] == 905
    assert client.account.refresh_access_token_by_refresh_token(first["refresh_token"])["ErrorCode"] == 905
    assert client.account.revoke_refresh_token(second["refresh_token"]) == {"IsDeleted": True}
    assert client.account.refresh_access_token_by_refresh_token(second["refresh_token"])["ErrorCode"] == 905
    # "The associated access token will work until the expiry", says the client's own text.
    assert "expires_in" in client.authentication.auth_validate_access_token(second["access_token"])

    uid = client.authentication.get_profile_by_access_token(second["access_token"])["Uid"]
    third = client.account.get_access_token_by_uid(uid)
    assert client.authentication.auth_validate_access_token(third["access_token"])["access_token"]
    assert client.account.revoke_all_refresh_token(uid) == {"IsDeleted": True}
    assert client.account.refresh_access_token_by_refresh_token(third["refresh_token"])["ErrorCode"] == 905


def test_a_token_without_a_mail(client: Any) -> None:
    guid = str(uuid.uuid4())
    body = {"email": "john.smith@example.com", "ClientGuid": guid}
    made = client.account.multipurpose_email_token_generation(body, "autologin")
    assert set(made) == {"Token", "ExpiresIn", "IdentityProviders"}
    assert client.account.multipurpose_email_token_generation(body, "autologin")["ErrorCode"] == 1136
    verified = client.smart_login.smart_login_token_verification(made["Token"])
    assert verified == {"IsPosted": True, "IsVerified": True}
    assert client.smart_login.smart_login_ping(guid)["Profile"]["FirstName"] == "John"


def test_a_wrong_secret(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LoginRadius, "API_SECRET", "wrong")
    refused = LoginRadius().account.get_account_profile_by_email("jane.doe@example.com")
    assert (refused["ErrorCode"], refused["Message"]) == (921, "API secret is invalid")


def test_the_historical_assertions_hold_down_to_the_http_status(service: EmbeddedService) -> None:
    """What LoginRadius' own tests asserted against the live service."""
    import httpx

    base = f"{service.url}/identity/v2/auth"
    query = {"apikey": service.api_key, "clientguid": uuid.uuid4().hex}
    httpx.get(f"{base}/login/smartlogin", params={**query, "email": "jane.doe@example.com"}, trust_env=False)
    ping = httpx.get(f"{base}/login/smartlogin/ping", params=query, trust_env=False)
    assert (ping.status_code, ping.json()["Message"]) == (403, "The smart login link has not been verified")
    wrong = {"apikey": service.api_key, "verificationtoken": "123456789"}
    verify = httpx.get(f"{base}/email/smartlogin", params=wrong, trust_env=False)
    assert (verify.status_code, verify.json()["Message"]) == (403, "Verification token (vtoken) is invalid")


def test_refusals(client: Any) -> None:
    wrong = client.smart_login.smart_login_token_verification("123456789")
    assert (wrong["ErrorCode"], wrong["Message"]) == (1063, "Verification token (vtoken) is invalid")
    assert client.smart_login.smart_login_ping("never-seen")["ErrorCode"] == 1140
    guid = uuid.uuid4().hex
    client.smart_login.smart_login_by_email(guid, "jane.doe@example.com")
    assert client.smart_login.smart_login_by_email(guid, "jane.doe@example.com")["ErrorCode"] == 1136
    assert client.smart_login.smart_login_by_email("x", "locked@example.com")["ErrorCode"] == 1132
    assert client.smart_login.smart_login_by_email("x", "not an address")["ErrorCode"] == 1038
