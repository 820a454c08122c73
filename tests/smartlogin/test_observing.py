"""What an onlooker learns of the calls, and what not."""

import asyncio

import httpx
import pytest

from kiosk.smartlogin.errors import BadAnswer, TimedOut
from kiosk.smartlogin.models import Identifier, IdentifierKind
from kiosk.smartlogin.observing import Call
from kiosk.smartlogin.refusals import NotClickedYet, PrivacyPolicyDue
from tests.peer import Peer, refusal

JANE = Identifier(IdentifierKind.EMAIL, "jane@x.org")


async def test_every_call_is_told_by_name_with_its_end() -> None:
    seen: list[Call] = []
    peer = Peer()
    peer.will("account", TimedOut(), httpx.Response(200, text="<html>"))
    async with peer.client(onlooker=seen.append) as client:
        await client.request_login(JANE, "guid-1")
        with pytest.raises(NotClickedYet):
            await client.ping("guid-1")
        await client.validate("token-of-jane")
        await client.slide("token-of-jane")
        await client.verify("verification-token")
        await client.accept_privacy_policy("token-of-jane")
        await client.invalidate("token-of-jane")
        with pytest.raises(TimedOut):
            await client.account("token-of-jane")
        with pytest.raises(BadAnswer):
            await client.account("token-of-jane")
    assert [(call.name, call.kind, call.code) for call in seen] == [
        ("request_login", None, None),
        ("ping", NotClickedYet, 1139),
        ("validate", None, None),
        ("slide", None, None),
        ("verify", None, None),
        ("accept_privacy_policy", None, None),
        ("invalidate", None, None),
        ("account", TimedOut, None),
        ("account", BadAnswer, None),
    ]
    assert all(call.seconds >= 0 for call in seen)
    assert not any(secret in repr(seen) for secret in ("jane", "guid-1", "verification-token", "secret"))


async def test_an_error_that_carries_a_token_is_named_only() -> None:
    seen: list[Call] = []
    peer = Peer()
    peer.will("ping", refusal(1194, access_token="token-of-jane"))
    async with peer.client(onlooker=seen.append) as client:
        with pytest.raises(PrivacyPolicyDue):
            await client.ping("guid-1")
    assert seen[0][2:] == (PrivacyPolicyDue, 1194)


async def test_a_call_that_is_given_up_on_is_not_told() -> None:
    seen: list[Call] = []
    peer = Peer()
    peer.gates["ping"] = asyncio.Event().wait
    async with peer.client(onlooker=seen.append) as client:
        ping = asyncio.create_task(client.ping("guid-1"))
        await asyncio.sleep(0.01)
        ping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ping
    assert seen == []
