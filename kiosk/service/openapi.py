"""The OpenAPI description of the service's calls, for people, client generators and tests that hold us to it."""

from typing import Any, Final

from kiosk.service.decisions import TOKEN_KINDS
from kiosk.service.openapischemas import SCHEMAS
from kiosk.service.site import Site

Json = dict[str, Any]

_AUTH: Final = "/identity/v2/auth"
_MANAGE: Final = "/identity/v2/manage/account"
_ERRORS: Final = {
    "400": "A parameter is missing or malformed.",
    "401": "Not authorized.",
    "403": "Refused; `ErrorCode` says why.",
    "404": "There is no such call.",
    "405": "The call does not answer to this method.",
    "429": "Too many calls; wait as `Retry-After` says.",
    "500": "The service is in trouble.",
}
_GUID: Final = ("clientguid", "The device's secret of this login attempt: any text, never used before.")
_TEMPLATES: Final = (
    ("smartloginemailtemplate", "E-mail template of the login mail; unknown: the default."),
    ("welcomeemailtemplate", "E-mail template of the welcome mail; unknown: the default."),
    ("redirecturl", "Where the hosted page may lead after success."),
)
_FIELDS: Final = ("fields", "Projection of the profile: `FirstName,Email(Value)`, `a/b`, `*`.")
_OURS: Final = (
    ("replay", "`true`: an answer that was lost can be fetched again for two minutes, until its access token is used."),
    ("wait", "Seconds, 20 at most, that the answer may take: it comes as soon as the link is opened."),
    ("also", "Further client GUIDs, split by commas: the session of whichever was opened is answered."),
)
_TOKEN: Final = ("access_token", "The access token, unless the Authorization header carries it.")

Parameter = tuple[str, str]


def description(site: Site, url: str) -> Json:
    """Describe the service of a site that is reached at `url`."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"{site.name}: Smart Login",
            "version": "2",
            "description": "LoginRadius' Smart Login protocol. Paths and parameter names are read in any case; an "
            "empty parameter equals an absent one.",
        },
        "servers": [{"url": url}],
        "paths": {**_flow(), **_after_login(), **_manage()},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "query", "name": "apikey"},
                "secret": {"type": "apiKey", "in": "header", "name": "X-LoginRadius-ApiSecret"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _flow() -> Json:
    smart = f"{_AUTH}/login/smartlogin"
    person = (("email", "Address of the person."), ("username", "Username of the person, instead of the address."))
    return {
        smart: {"get": _call("Begin a login attempt", "Posted", required=(_GUID,), optional=(*person, *_TEMPLATES))},
        f"{smart}/ping": {"get": _call("Fetch the session", "Login", required=(_GUID,), optional=(_FIELDS, *_OURS))},
        f"{_AUTH}/email/smartlogin": {
            "get": _call(
                "Verify Token: approve a login attempt",
                "Verified",
                optional=(
                    ("verificationtoken", "The secret of the login link; required, here or as `vtoken`."),
                    ("vtoken", "The same."),
                    _TEMPLATES[1],
                    ("confirm", "`yes`: the person has pressed the button, where the site asks for that."),
                    ("number", "The number that the person picked, where the site asks for that."),
                ),
            )
        },
    }


def _after_login() -> Json:
    def call(summary: str, schema: str, *optional: Parameter) -> Json:
        return {"get": _call(summary, schema, optional=(_TOKEN, *optional), security="token")}

    prevent = ("preventrefresh", "`true`: the refresh token ends too.")
    return {
        f"{_AUTH}/access_token": call("What kind of access token it is", "TokenInfo"),
        f"{_AUTH}/access_token/validate": call("Whether an access token is good, and until when", "Token"),
        f"{_AUTH}/access_token/sliding_token": call("Give an access token a new life", "Token"),
        f"{_AUTH}/access_token/invalidate": call("Sign out", "Posted", prevent),
        f"{_AUTH}/account": call("The profile", "Profile", _FIELDS),
        f"{_AUTH}/privacypolicy/accept": call("Accept the privacy policy in force", "Profile", _FIELDS),
        f"{_AUTH}/email": {"get": _call("Whether an address has an account", "Exists", required=(("email", ""),))},
        f"{_AUTH}/username": {"get": _call("Whether a username is taken", "Exists", required=(("username", ""),))},
    }


def _manage() -> Json:
    def call(summary: str, schema: str, **more: Any) -> Json:
        return _call(summary, schema, security="secret", **more)

    refresh = (("refresh_token", "The refresh token."),)
    uid = ("uid", "The account's id.")
    person = (("email", "Its address."), ("username", "Its username, instead of the address."))
    return {
        _MANAGE: {
            "post": call("Make an account", "Profile", optional=(_FIELDS,), body="NewAccount"),
            "get": call("Find an account", "Profile", optional=(*person, _FIELDS)),
        },
        f"{_MANAGE}/identities": {
            "get": call("Accounts with an address", "Identities", required=person[:1], optional=(_FIELDS,))
        },
        f"{_MANAGE}/access_token": {"get": call("Begin a session for an account", "Token", required=(uid,))},
        f"{_MANAGE}/access_token/refresh": {"get": call("Spend a refresh token", "Token", required=refresh)},
        f"{_MANAGE}/access_token/refresh/revoke": {"get": call("Revoke a refresh token", "Deleted", required=refresh)},
        f"{_MANAGE}/emailtoken/{{kind}}": {
            "post": call(
                "Begin a login attempt without a mail",
                "EmailToken",
                gap=("kind", "`autologin` or `smartlogin`."),
                body="TokenRequest",
            )
        },
        f"{_MANAGE}/{{uid}}": {
            "get": call("The profile of an account", "Profile", gap=uid, optional=(_FIELDS,)),
            "delete": call("Delete an account", "Deleted", gap=uid),
        },
        f"{_MANAGE}/{{uid}}/access_token/refresh/revoke": {
            "delete": call("Revoke all refresh tokens of an account", "Deleted", gap=uid)
        },
    }


def _call(
    summary: str,
    schema: str,
    *,
    required: tuple[Parameter, ...] = (),
    optional: tuple[Parameter, ...] = (),
    gap: Parameter | None = None,
    body: str = "",
    security: str = "",
) -> Json:
    given = [_parameter(name, text, "path", required=True) for name, text in ((gap,) if gap else ())]
    given += [_parameter(name, text, "query", required=True) for name, text in required]
    given += [_parameter(name, text, "query", required=False) for name, text in optional]
    call: Json = {
        "summary": summary,
        "parameters": given,
        "security": [{"key": [], security: []} if security else {"key": []}],
        "responses": {"200": _answer("Done.", schema)}
        | {code: _answer(text, "Error") for code, text in _ERRORS.items()},
    }
    if security == "token":
        call["security"].append({"key": []})  # the token may be a parameter
    if body:
        call["requestBody"] = {"required": True, "content": {"application/json": {"schema": _schema(body)}}}
    return call


def _parameter(name: str, text: str, where: str, *, required: bool) -> Json:
    schema: Json = {"type": "string", "minLength": 1} if required else {"type": "string"}
    if name == "kind":
        schema = {"type": "string", "enum": sorted(TOKEN_KINDS)}
    return {"name": name, "in": where, "required": required, "schema": schema, "description": text}


def _answer(text: str, schema: str) -> Json:
    return {"description": text, "content": {"application/json": {"schema": _schema(schema)}}}


def _schema(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
