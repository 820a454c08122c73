"""The bodies that go over the wire, as OpenAPI schemas."""

from typing import Any, Final

_TEXT: Final = {"type": "string"}
_MAYBE: Final = {"type": "string", "nullable": True}
_FLAG: Final = {"type": "boolean"}
_TRUE: Final = {"type": "boolean", "enum": [True]}
_TIME: Final = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$"}


def _closed(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


_EMAIL: Final = {
    "type": "array",
    "items": {"type": "object", "properties": {"Type": _TEXT, "Value": _TEXT}, "additionalProperties": False},
}
_NEW_EMAIL: Final = {
    "type": "array",
    "minItems": 1,
    "maxItems": 10,
    "items": {"type": "object", "required": ["Value"], "properties": {"Type": _TEXT, "Value": _TEXT}},
}
_NAME: Final = {"type": "string", "maxLength": 200}
_TOKENS: Final = {"access_token": _TEXT, "expires_in": _TIME}
_REFRESH: Final = {"refresh_token": _TEXT}

SCHEMAS: Final[dict[str, Any]] = {
    "Posted": _closed({"IsPosted": _TRUE}),
    "Verified": _closed({"IsPosted": _TRUE, "IsVerified": _TRUE}),
    "Deleted": _closed({"IsDeleted": _TRUE}),
    "Exists": _closed({"IsExist": _FLAG}),
    "Token": _closed(_TOKENS, _REFRESH),
    "TokenInfo": _closed({"provider": _TEXT, "access_token": _TEXT, "isrememberme": _FLAG}),
    "Login": _closed({"Profile": {"$ref": "#/components/schemas/Profile"}, **_TOKENS}, _REFRESH),
    "Identities": _closed({"Data": {"type": "array", "items": {"$ref": "#/components/schemas/Profile"}}}),
    "EmailToken": _closed(
        {"Token": _TEXT, "ExpiresIn": _TIME, "IdentityProviders": {"type": "array", "items": _TEXT}},
    ),
    # Nothing is required: `fields` may ask for any part.
    "Profile": {
        "type": "object",
        "properties": {
            "Uid": _TEXT,
            "ID": _TEXT,
            "Provider": _TEXT,
            "FirstName": _MAYBE,
            "LastName": _MAYBE,
            "FullName": _MAYBE,
            "UserName": _MAYBE,
            "Email": _EMAIL,
            "EmailVerified": _FLAG,
            "ImageUrl": _MAYBE,
            "PrivacyPolicy": {"type": "object", "nullable": True},
        },
    },
    "Error": _closed(
        {
            "Description": _TEXT,
            "ErrorCode": {"type": "integer"},
            "Message": _TEXT,
            "IsProviderError": _FLAG,
            "ProviderErrorResponse": _MAYBE,
        },
        {
            "Errors": {"type": "array", "items": _closed({"FieldName": _TEXT, "ErrorMessage": _TEXT})},
            "Data": {"type": "object"},
            "Number": {"type": "string", "pattern": "^[1-9][0-9]$"},
            "Wait": {"type": "number"},
        },
    ),
    "NewAccount": {
        "type": "object",
        "required": ["Email"],
        "properties": {
            "Email": _NEW_EMAIL,
            "UserName": _NAME,
            "FirstName": _NAME,
            "LastName": _NAME,
            "ImageUrl": _NAME,
            "EmailVerified": _FLAG,
            "AcceptPrivacyPolicy": _FLAG,
        },
    },
    "TokenRequest": {
        "type": "object",
        "required": ["ClientGuid"],
        "properties": {"ClientGuid": {"type": "string", "minLength": 1}, "Email": _TEXT, "UserName": _TEXT},
    },
}
