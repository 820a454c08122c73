"""Accounts: those of the site file, and those that management calls made or deleted.

A lookup does the same work whether it finds somebody or not.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from kiosk.service import decisions
from kiosk.service.addresses import checked_email, checked_username
from kiosk.service.contract import Refused
from kiosk.service.site import Account, Directory, Site
from kiosk.service.store.base import Person, Store
from kiosk.service.tokens import hashed, new_uid

_MOST_EMAILS: Final = 10
_LONGEST_NAME: Final = 200


class People:
    """All accounts of one site."""

    def __init__(self, site: Site, store: Store) -> None:
        self._site = site.api_key
        self._store = store
        self._listed = Directory(site)

    async def by_uid(self, uid: str) -> Account | None:
        """The account with this id, if any."""
        person = await self._store.person(self._site, uid)
        return _read(person) if person else self._listed.by_uid(uid)

    async def by_email(self, email: str) -> Account | None:
        """The account with this address (compared form), if any.

        Raises:
            Refused: 1183, several accounts of the site share it and only the username tells them apart.
        """
        if self._listed.is_shared(email):
            raise Refused(decisions.SHARED_EMAIL, fields=["username"])
        return await self._known_as(_email_key(email), self._listed.by_email(email))

    async def by_username(self, username: str) -> Account | None:
        """The account with this username (compared form), if any."""
        return await self._known_as(_username_key(username), self._listed.by_username(username))

    async def add(self, account: Account) -> None:
        """Keep a new account.

        Raises:
            Refused: its address or username is taken.
        """
        for email in account.emails:
            if await self.by_email(email.casefold()):
                raise Refused(decisions.EMAIL_TAKEN, fields=["Email"])
        if account.username and await self.by_username(account.username.casefold()):
            raise Refused(decisions.USERNAME_TAKEN, fields=["UserName"])
        keys = [_email_key(email.casefold()) for email in account.emails]
        keys += [_username_key(account.username.casefold())] if account.username else []
        if not await self._store.add_person(self._site, Person(account.uid, _written(account)), tuple(keys)):
            raise Refused(decisions.EMAIL_TAKEN, fields=["Email"])  # another call was faster

    async def delete(self, uid: str) -> bool:
        """Delete an account; False: there is none with this id."""
        if await self.by_uid(uid) is None:
            return False
        await self._store.delete_person(self._site, uid)
        await self._store.revoke_all(self._site, uid)
        return True

    async def _known_as(self, key: bytes, listed: Account | None) -> Account | None:
        made = await self._store.person_known_as(self._site, key)
        # Asked also when nobody is listed: what is not there must not be quicker to find out.
        mark = await self._store.person(self._site, listed.uid if listed else "")
        if made:
            return _read(made)
        return None if mark else listed


def _email_key(email: str) -> bytes:
    return hashed(f"email {email}")


def _username_key(username: str) -> bytes:
    return hashed(f"username {username}")


def _written(account: Account) -> str:
    return json.dumps(
        {
            "emails": account.emails,
            "username": account.username,
            "first_name": account.first_name,
            "last_name": account.last_name,
            "image_url": account.image_url,
            "email_verified": account.email_verified,
            "policy_accepted": account.policy_accepted,
        }
    )


def _read(person: Person) -> Account | None:
    if not person.data:
        return None
    kept = json.loads(person.data)
    return Account(uid=person.uid, **{**kept, "emails": tuple(kept["emails"])})


def account_from(body: Mapping[str, Any]) -> Account:
    """Read the body of a create call; its keys are lower-cased.

    Raises:
        Refused: 1032 without an address, 1038 or 1204 for a bad one or a bad username, 908 for anything else.
    """
    username = _text(body, "username")
    if username:
        checked_username(username)
    return Account(
        uid=new_uid(),
        emails=_emails(body.get("email")),
        username=username,
        first_name=_text(body, "firstname"),
        last_name=_text(body, "lastname"),
        image_url=_text(body, "imageurl"),
        email_verified=_flag(body, "emailverified", default=decisions.CREATED_IS_VERIFIED),
        policy_accepted=_flag(body, "acceptprivacypolicy", default=False),
    )


def _emails(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    found: list[str] = []
    for item in listed[:_MOST_EMAILS]:
        text = _lowered(item).get("value") if isinstance(item, dict) else item
        if isinstance(text, str) and text.strip():
            email = checked_email(text)
            if not email.isascii():
                raise Refused(1038, fields=["Email"])
            found.append(email)
    if not found:
        raise Refused(1032, fields=["Email"])
    return tuple(dict.fromkeys(found))


def _lowered(item: dict[str, Any]) -> dict[str, Any]:
    return {key.casefold(): value for key, value in item.items()}


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _LONGEST_NAME or not value.isprintable():
        raise Refused(908, fields=[key])
    return value.strip()


def _flag(body: Mapping[str, Any], key: str, *, default: bool) -> bool:
    value = body.get(key)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise Refused(908, fields=[key])
    return value
