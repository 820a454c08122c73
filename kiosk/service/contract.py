"""Answers as the wire carries them: bodies of success and refusal, and how a date-time is printed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from kiosk.service.codes import CODES

Json = dict[str, Any]

POSTED: Final[Mapping[str, bool]] = {"IsPosted": True}
"""Login by e-mail, login by username, invalidate."""
VERIFIED: Final[Mapping[str, bool]] = {"IsPosted": True, "IsVerified": True}
"""Verify Token."""

DELETED: Final[Mapping[str, bool]] = {"IsDeleted": True}
"""Delete an account, revoke a refresh token."""


class Refused(Exception):
    """A call is answered with an error code of LoginRadius' table."""

    def __init__(
        self,
        code: int,
        *,
        fields: Sequence[str] = (),
        data: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Refuse with `code`, naming bad `fields`, `Data`, `extra` keys and the seconds after which to try again."""
        super().__init__(code)
        self.code = code
        self.fields = tuple(fields)
        self.data = data
        self.retry_after = retry_after
        self.extra = extra or {}

    @property
    def status(self) -> int:
        """HTTP status of the answer."""
        return CODES[self.code].status

    def body(self) -> Json:
        """The JSON body of the answer."""
        row = CODES[self.code]
        body: Json = {
            "Description": row.description,
            "ErrorCode": self.code,
            "Message": row.message,
            "IsProviderError": False,
            "ProviderErrorResponse": None,
        }
        if self.fields:
            body["Errors"] = [{"FieldName": name, "ErrorMessage": row.message} for name in self.fields]
        if self.data is not None:
            body["Data"] = dict(self.data)
        return {**body, **self.extra}


def printed_time(moment: float) -> str:
    """Print a Unix time the way LoginRadius prints `expires_in`: UTC, seven fractional digits, `Z`."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def token_answer(access_token: str, expires: float) -> Json:
    """Token data as validate and sliding_token answer it."""
    return {"access_token": access_token, "expires_in": printed_time(expires)}
